"""Who of the operator looked at this authority's business, when and why; the security administrator ends it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shuangsui.access import staff
from shuangsui.access.tables import StaffSession, User
from shuangsui.db import now
from shuangsui.errors import NotFound
from shuangsui.pages import Detail, Here, Table, act, view

COLUMNS = {
    "id": "编号", "login": "登录名", "name": "姓名", "reason": "事由", "begun_at": "开始", "until": "最迟结束",
    "ended_at": "结束", "state": "状态", "by": "操作账号",
}  # fmt: skip
NOTES = ("运维人员经操作系统账号开始会话，限时查看、不能办理；打开的每一页都写入台账（行为 staff.view）。",)


def load_all(here: Here) -> Table:
    """The newest first."""
    rows = [_row(here, leave, user) for leave, user in staff.listed(here.session)]
    return Table(COLUMNS, rows, link="/staff/{id}", notes=NOTES)


def load(here: Here) -> Detail:
    """One of them."""
    for leave, user in staff.listed(here.session):
        if str(leave.id) == here.path["id"]:
            shown = _row(here, leave, user)
            facts = {heading: shown[key] for key, heading in COLUMNS.items()}
            return Detail("运维会话", facts, acts={"end"} if _lasts(here, leave) else set(), data={"id": shown["id"]})
    raise NotFound("staff_missing")


def end(here: Here, _form: Any) -> None:
    """With the person's next request."""
    try:
        id_ = UUID(here.path["id"])
    except ValueError:
        raise NotFound("staff_missing") from None
    staff.end(here.session, id_, by=here.actor.login)


def _row(here: Here, leave: StaffSession, user: User) -> dict[str, Any]:
    return {
        "id": str(leave.id), "login": user.login, "name": user.name, "reason": leave.reason, "by": leave.by,
        "begun_at": leave.begun_at, "until": leave.until, "ended_at": leave.ended_at,
        "state": "进行中" if _lasts(here, leave) else "已结束",
    }  # fmt: skip


def _lasts(here: Here, leave: StaffSession) -> bool:
    return leave.ended_at is None and now(here.session) < leave.until


VIEWS = [
    view("/staff", verb="manage_users", load=load_all, title="运维会话", menu="管理"),
    view("/staff/{id:str}", verb="manage_users", load=load, title="运维会话"),
]
ACTS = [act("/staff/{id:str}/end", verb="manage_users", do=end, title="结束", done="已结束运维会话。")]
