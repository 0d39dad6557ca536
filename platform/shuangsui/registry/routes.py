"""The registries on pages: how old each is, what files changed, and taking a file in (article 6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from shuangsui.errors import BadInput
from shuangsui.pages import Detail, Here, Table, act, timeline, view
from shuangsui.registry import feed_routes, history, import_routes, pool_routes, read
from shuangsui.registry.columns import KINDS
from shuangsui.registry.freshness import freshness
from shuangsui.registry.history import Past
from shuangsui.registry.import_forms import kind_of
from shuangsui.registry.service import import_file
from shuangsui.registry.shelves import SHELVES
from shuangsui.registry.upload_routes import Upload, taken
from shuangsui.registry.wording import CHANGES, STATES, changed_text
from shuangsui.said import say
from shuangsui.tenancy.tenant import TIMEZONE

MOST = 500
"""How many changes a page and its twin list."""
STATUS = {
    "title": "名录", "size": "现有行数", "at": "最近导入", "actor": "办理人", "source": "文件", "age": "距今天数",
    "state_name": "更新情况",
}  # fmt: skip
PAST = {"at": "时间", "actor": "办理人", "source": "文件", "key": "代码", "change_name": "变化", "text": "内容"}


def load_all(here: Here) -> Table:
    """Every registry with its age."""
    sizes = read.sizes(here.session)
    rows = [_status(here, kind, sizes[kind]) for kind in SHELVES]
    return Table(STATUS, rows, "/registries/{kind}", notes=(feed_routes.terms(here),))


def load_one(here: Here) -> Detail:
    """One registry: its last file and its newest changes."""
    kind = kind_of(here)
    status = _status(here, kind, read.sizes(here.session)[kind])
    facts = {STATUS[name]: status[name] for name in STATUS if name != "title"}
    since = _begin(here.today - timedelta(days=30))
    newest = list(history.changes_between(here.session, kind, since))[-MOST:]
    rows = [_past(one) for one in reversed(newest)]
    tables = [
        Table(PAST, rows, title=say("最近 30 日的变更，全部变更见 /registries/{kind}/history", kind=kind)),
        *timeline.of(here, kind),
    ]
    data = {"kind": kind, "imports": here.actor.may("import_registry")}
    return Detail(KINDS[kind].title, facts, tables, acts=(), data=data)


def load_history(here: Here) -> Table:
    """Changes in a time, or of one row: who, when, from which file, from what to what (R6.5)."""
    kind = kind_of(here)
    first, last = _day(here, "from"), _day(here, "to")
    until = _begin(last + timedelta(days=1)) if last else None
    since = _begin(first) if first else None
    past = history.changes_between(here.session, kind, since, until, key=here.query.get("key") or None)
    found = list(islice(past, MOST + 1))
    notes = (say("只列出前 {most} 处：请缩短时间。", most=MOST),) if len(found) > MOST else ()
    filters = {"from": "起始日期", "to": "终止日期（含）", "key": "代码或编号"}
    return Table(PAST, [_past(one) for one in found[:MOST]], filters=filters, notes=notes)


def take_in(here: Here, form: Upload) -> dict[str, Any]:
    """All rows or none; every error at once."""
    kind = kind_of(here)
    take: Callable[..., Any] = partial(import_file, here.session, kind, actor=here.actor.login)
    return taken(form, take)


def _status(here: Here, kind: str, size: int) -> dict[str, Any]:
    found = freshness(here.session, kind, here.office.rules(here.today), here.today)
    last = found.last
    known = {"at": last.at, "actor": last.actor, "source": last.source} if last else dict.fromkeys(STATUS)
    return {
        **known, "kind": kind, "title": KINDS[kind].title, "size": size, "age": found.age, "state": found.state,
        "state_name": STATES[found.state],
    }  # fmt: skip


def _past(one: Past) -> dict[str, Any]:
    return {
        "at": one.at, "actor": one.actor, "source": one.source, "key": one.key, "change": one.change,
        "change_name": CHANGES[one.change], "text": changed_text(one.before, one.after, one.kind), "before": one.before,
        "after": one.after,
    }  # fmt: skip


def _day(here: Here, name: str) -> date | None:
    text = here.query.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput("date_invalid", date=text) from None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(TIMEZONE))


VIEWS = [
    view("/registries", verb="view", load=load_all, title="名录库", menu="名录库"),
    *feed_routes.VIEWS,
    *pool_routes.VIEWS,
    view("/registries/{kind:str}", verb="view", load=load_one, title="名录", template="console/registry.html"),
    *import_routes.VIEWS,
    view("/registries/{kind:str}/history", verb="view", load=load_history, title="名录变更"),
]
ACTS = [
    *feed_routes.ACTS,
    *pool_routes.ACTS,
    *import_routes.ACTS,
    act(
        "/registries/{kind:str}/import", verb="import_registry", model=Upload, do=take_in, title="导入文件",
        done="文件已经处理。",
    ),
]  # fmt: skip
HANDLERS = import_routes.HANDLERS
