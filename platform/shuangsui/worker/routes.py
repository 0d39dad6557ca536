"""后台任务 at the console: what is not done, why it failed, and starting it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shuangsui.errors import NotFound, RuleRefused
from shuangsui.outbox import OutboxRow, WorkState
from shuangsui.pages import Detail, Here, Table, act, view
from shuangsui.said import say
from shuangsui.web.telling import moment
from shuangsui.worker import service
from shuangsui.worker.messages import JOBS, STATES

COLUMNS = {
    "job_name": "任务", "key": "名称", "state_name": "状态", "attempts": "已尝试", "run": "何时办理",
    "error": "最近的错误",
}  # fmt: skip
OPEN = {state.value: STATES[state] for state in service.SHOWN}


def load_all(here: Here) -> Table:
    """What is not done, dead letters first."""
    found = service.listed(here.session)
    dead = sum(row.state is WorkState.DEAD for row in found)
    rows = [said(row) for row in found if here.query.get("state", "") in ("", row.state)]
    notes = (say("没有办完的共 {n} 项，其中已停办 {dead} 项", n=len(found), dead=dead),)
    acts = {"again"} if dead else set()
    return Table(COLUMNS, rows, "/jobs/{id}", filters={"state": ("状态", OPEN)}, notes=notes, acts=acts)


def load_one(here: Here) -> Detail:
    """One of them, also after it is done."""
    row = service.find(here.session, _id(here))
    known = said(row)
    facts = {heading: known[name] for name, heading in COLUMNS.items()} | {"编号": known["id"]}
    acts = {"again"} if row.state in service.STARTABLE else set()
    return Detail(known["job_name"], facts, acts=acts, data=known)


def again(here: Here, _form: Any) -> None:
    """The worker takes it up at once."""
    service.again(here.session, _id(here), actor=here.actor.login)


def all_again(here: Here, _form: Any) -> dict[str, int]:
    """Every dead letter; ``work_none_dead`` where somebody else was quicker."""
    count = service.all_again(here.session, actor=here.actor.login)
    if not count:
        raise RuleRefused("work_none_dead")
    return {"count": count}


def said(row: OutboxRow) -> dict[str, Any]:
    """A row for people and programs; its arguments are for the job alone."""
    return {
        "id": row.id, "job": row.job, "job_name": JOBS.get(row.job, row.job),
        "key": service.called(row), "state": row.state, "state_name": STATES[row.state],
        "attempts": row.attempts, "run_at": row.run_at, "run": moment(row.run_at), "error": row.error,
    }  # fmt: skip


def _id(here: Here) -> UUID:
    try:
        return UUID(here.path["id"])
    except ValueError as error:
        raise NotFound("work_missing", id=here.path["id"]) from error


VIEWS = [
    view("/jobs", verb="manage_settings", load=load_all, title="后台任务", menu="管理"),
    view("/jobs/{id:str}", verb="manage_settings", load=load_one, title="后台任务"),
]
ACTS = [
    act("/jobs/again", verb="manage_settings", do=all_again, title="重新办理全部已停办的任务",
        done="已安排重新办理全部已停办的任务。"),
    act("/jobs/{id:str}/again", verb="manage_settings", do=again, title="重新办理", done="已安排重新办理。"),
]  # fmt: skip
