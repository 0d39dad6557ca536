"""Search across everything that a person may see: objects, tasks, draws, items of the list, users."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlmodel import col, or_, select

from shuangsui.access import service
from shuangsui.access.policy import Verb
from shuangsui.catalogue import versions
from shuangsui.catalogue.tables import Item
from shuangsui.draws.office import STATE_NAMES
from shuangsui.draws.tables import Draw
from shuangsui.inspections.states import TASK_STATES
from shuangsui.inspections.tables import InspectionTask
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.registry.tables import InspectionObject
from shuangsui.said import say

MOST = 10
LEAST = 2
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of thing: who may see it, what a row shows, where a row and the whole list lead."""

    title: str
    verb: Verb
    columns: Mapping[str, str]
    link: str
    whole: str
    find: Callable[[Here, str], Iterable[Row]]


def load(here: Here) -> Detail:
    """Up to ten of each kind; two characters at least."""
    wanted = here.query.get("q", "").strip()
    if len(wanted) < LEAST:
        return Detail(
            "查找",
            {},
            notes=[say("请至少输入 {least} 个字：企业名称或代码、任务编号、抽取编号、事项、用户。", least=LEAST)],
        )
    tables = [table for shelf in SHELVES if here.actor.may(shelf.verb) for table in _tables(here, shelf, wanted)]
    notes = [] if tables else [say("没有找到与“{wanted}”有关的内容。", wanted=wanted)]
    return Detail(say("查找：{wanted}", wanted=wanted), {}, tables, notes)


def _tables(here: Here, shelf: Shelf, wanted: str) -> Iterable[Table]:
    rows = list(shelf.find(here, wanted))
    if not rows:
        return
    more = len(rows) > MOST
    notes = (say("只列出前 {most} 条，全部见下。", most=MOST),) if more else ()
    yield Table(shelf.columns, rows[:MOST], shelf.link, title=shelf.title, notes=notes)
    if more and shelf.whole:
        address = shelf.whole.format(quote(wanted, safe=""))
        yield Table(
            {"what": "全部"}, [{"what": say("“{wanted}”的全部{title}", wanted=wanted, title=shelf.title)}], address
        )


def _like(wanted: str, *columns: Any) -> Any:
    return or_(*(col(one).contains(wanted, autoescape=True) for one in columns))


def _objects(here: Here, wanted: str) -> Iterable[Row]:
    thing = InspectionObject
    query = select(thing.code, thing.name, thing.district).where(_like(wanted, thing.code, thing.name))
    for code, name, district in here.session.exec(query.order_by(col(thing.code)).limit(MOST + 1)):
        yield {"code": code, "name": name, "district": district}


def _tasks(here: Here, wanted: str) -> Iterable[Row]:
    task = InspectionTask
    query = select(task).where(_like(wanted, task.no, task.object_name, task.object_code, task.item_name))
    for one in here.session.exec(query.order_by(col(task.no).desc()).limit(MOST + 1)):
        yield {"no": one.no, "name": one.object_name, "item": one.item_name, "state": TASK_STATES[one.state]}


def _draws(here: Here, wanted: str) -> Iterable[Row]:
    query = select(Draw).where(_like(wanted, Draw.no, Draw.item_code, Draw.item_name))
    for one in here.session.exec(query.order_by(col(Draw.no).desc()).limit(MOST + 1)):
        yield {"no": one.no, "item": f"{one.item_code} {one.item_name}", "state": STATE_NAMES[one.state]}


def _items(here: Here, wanted: str) -> Iterable[Row]:
    if (current := versions.in_force(here.session)) is None:
        return
    query = select(Item).where(Item.list_id == current.id, _like(wanted, Item.code, Item.name))
    for one in here.session.exec(query.order_by(col(Item.code)).limit(MOST + 1)):
        yield {"version": current.number, "code": one.code, "name": one.name, "office": one.office}


def _users(here: Here, wanted: str) -> Iterable[Row]:
    for one in service.members(here.session):
        if wanted in one.login or wanted in one.name:
            yield {"login": one.login, "name": one.name}


OBJECTS = {"code": "代码", "name": "名称", "district": "区县"}
TASKS = {"no": "编号", "name": "检查对象", "item": "事项", "state": "状态"}
DRAWS = {"no": "编号", "item": "事项", "state": "状态"}
ITEMS = {"code": "代码", "name": "名称", "office": "责任处室"}
USERS = {"login": "登录名", "name": "姓名"}
SHELVES = (
    Shelf("检查对象", "view", OBJECTS, "/objects/{code}", "/objects?q={}", _objects),
    Shelf("检查任务", "view", TASKS, "/tasks/{no}", "/tasks?q={}", _tasks),
    Shelf("抽取", "view", DRAWS, "/draws/{no}", "", _draws),
    Shelf("抽查事项", "view", ITEMS, "/catalogue/{version}/{code}", "", _items),
    Shelf("用户", "manage_users", USERS, "/users/{login}", "", _users),
)

VIEWS = [view("/search", verb=None, load=load, title="查找")]
