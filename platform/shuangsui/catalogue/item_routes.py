"""One item on its page: every column, what a person must look at, and the edits of a draft (R4.1, R5.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from shuangsui.catalogue import basis, drafting, versions, views
from shuangsui.catalogue.edits import NUMBERING, RENAMED
from shuangsui.catalogue.tables import Item, ItemList, ListState
from shuangsui.catalogue.versions import STATES
from shuangsui.errors import NotFound
from shuangsui.pages import Detail, Here, act, timeline, view
from shuangsui.registry.columns import ITEMS
from shuangsui.said import listed, say

CLASSES = {"key": "重点", "general": "一般", None: ""}
TITLES = {
    RENAMED.get(column.field, column.field): column.headers[0] for column in ITEMS.columns
} | {"code": "编号", "family": "事项族", "draw_mode": "抽取方式（salted 盲选 · public 公开）"}  # fmt: skip
FIELDS = {column.headers[0]: column.headers[0] for column in ITEMS.columns if column.field not in NUMBERING} | {
    "family": "事项族", "draw_mode": "抽取方式", "ratio_reading": "抽查比例的读法",
    "frequency_reading": "抽查频次的读法",
}  # fmt: skip
PAGE = "/catalogue/{version}/{code}"


class Edit(BaseModel):
    """One column of one item."""

    field: str = Field(title="栏目")
    value: str = Field("", title="内容", description="不填表示清除", json_schema_extra={"kind": "textarea"})


class Hold(BaseModel):
    """Why an item waits."""

    reason: str = Field(title="理由", max_length=500)


class Reviewed(BaseModel):
    """What became of an item after its basis was amended."""

    law: str = Field(title="已修改的依据")
    outcome: str = Field(title="复核结果", max_length=500, description="保持不变，或者已在第几版修改")


def load(here: Here) -> Detail:
    """Everything the list says of the item."""
    item_list = version_of(here)
    item = versions.item_of(here.session, item_list, here.path["code"])
    shown = views.item_view(item)
    facts = {title: shown.get(name) for name, title in TITLES.items() if shown.get(name) not in (None, "")}
    facts |= {
        "类别": CLASSES[item.item_class],
        "版本": say("第 {number} 版（{state}）", number=item_list.number, state=STATES[item_list.state]),
    }
    facts |= {"提出人": item.proposed_by, "确认人": item.confirmed_by or "未确认", "搁置": item.held or "否"}
    work = views.work(item)
    data = {"version": item_list.number, "item": {**shown, **work}}
    moves = _moves(here, item_list, item)
    past = timeline.of(here, item.code, f"item/{item.code}")
    return Detail(f"{item.code} {item.name}", facts, past, notes=work["questions"], acts=moves, data=data)


def remark(item: Mapping[str, Any]) -> str:
    """Held, unconfirmed, and every open question."""
    state = say("已搁置：{held}", held=item["held"]) if item["held"] else "" if item["confirmed_by"] else "未确认"
    return listed(filter(None, (state, *item["questions"])), "；")


def version_of(here: Here) -> ItemList:
    """The version of the address."""
    text = here.path["version"]
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise NotFound("list_missing", version=text)
    return versions.version(here.session, int(text))


def _moves(here: Here, item_list: ItemList, item: Item) -> set[str]:
    """An edit of the list in force opens the next draft; a later state under way closes everything."""
    under_way = versions.working(here.session)
    open_ = under_way == item_list if under_way else item_list == versions.in_force(here.session)
    moves = {"review"} if _laws(here) else set()
    if not open_ or (under_way and under_way.state is not ListState.DRAFT):
        return moves
    waiting = {"release"} if item.held else {"hold"}
    unconfirmed = under_way is not None and not item.held and not item.confirmed_by
    return moves | {"set"} | waiting | ({"confirm"} if unconfirmed else set())


def _laws(here: Here) -> dict[str, str]:
    found = [one.law for item, one in basis.pending(here.session) if item.code == here.path["code"]]
    return {law: law for law in found}


def set_field(here: Here, form: Edit) -> dict[str, Any]:
    """The item must be confirmed again."""
    return _done(here, drafting.set_field(here.session, here.path["code"], form.field, form.value, actor=_me(here)))


def hold(here: Here, form: Hold) -> dict[str, Any]:
    """Until a later version."""
    return _done(here, drafting.hold(here.session, here.path["code"], form.reason, actor=_me(here)))


def release(here: Here, _form: BaseModel) -> dict[str, Any]:
    """Back on this version."""
    return _done(here, drafting.release(here.session, here.path["code"], actor=_me(here)))


def confirm(here: Here, _form: BaseModel) -> dict[str, Any]:
    """The business office agrees to this one."""
    drafting.confirm(here.session, [here.path["code"]], actor=_me(here))
    return {"version": int(here.path["version"])}


def review(here: Here, form: Reviewed) -> None:
    """The lead office has looked at it."""
    basis.review(here.session, here.path["code"], form.law, form.outcome, actor=_me(here))


def _me(here: Here) -> str:
    return here.actor.login


def _done(here: Here, item: Item) -> dict[str, Any]:
    """The item as it is now, in the version where it is."""
    found = here.session.find(ItemList, item.list_id)
    assert found is not None
    return {**views.item_view(item), **views.work(item), "version": found.number}


VIEWS = [view("/catalogue/{version:str}/{code:str}", verb="view", load=load, title="抽查事项")]
_AT = "/catalogue/{version:str}/{code:str}"
ACTS = [
    act(
        f"{_AT}/set", verb="edit_catalogue", model=Edit, do=set_field, title="修改一栏", done="已经修改，须重新确认。",
        then=PAGE, choices={"field": FIELDS},
    ),
    act(f"{_AT}/hold", verb="edit_catalogue", model=Hold, do=hold, title="搁置", done="已经搁置。", then=PAGE),
    act(f"{_AT}/release", verb="edit_catalogue", do=release, title="取消搁置", done="已经取消搁置。", then=PAGE),
    act(f"{_AT}/confirm", verb="confirm_item", do=confirm, title="确认", done="已经确认。", then=PAGE),
    act(
        f"{_AT}/review", verb="edit_catalogue", model=Reviewed, do=review, title="登记复核结果", done="已经登记。",
        choices={"law": _laws},
    ),
]  # fmt: skip
