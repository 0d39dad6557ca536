"""What the pages of a task share: who reaches it, that opening a file is written down (R16.2), where it leads on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request

from shuangsui.errors import NotFound
from shuangsui.inspections import access_log
from shuangsui.inspections.states import RECORD_NAMES, TASK_STATES, Mode
from shuangsui.inspections.tables import InspectionTask
from shuangsui.inspections.tasks import experts_of, find_task, team_of
from shuangsui.pages import Here, Table
from shuangsui.registry import read
from shuangsui.said import named, say

PARTS = {
    "visit": ("现场检查", "签到、出示证件、离开"),
    "record": ("", "填写、签字、提交"),
    "evidence": ("证据材料", "照片和文件"),
}
PAPERS = {
    "approval": "行政检查审批表", "notice": "行政检查通知书", "visit": "现场检查记录", "review": "非现场检查记录",
    "rectification": "责令改正通知书", "feedback": "企业评价单",
}  # fmt: skip
KINDS = {"pdf": "PDF", "docx": "DOCX"}


def reached(here: Here) -> InspectionTask:
    """The task of the address: any for who may view, else one of the visitor's own; another answers as missing."""
    task = find_task(here.session, here.path["no"])
    if not here.actor.may("view") and not is_own(here, task):
        raise NotFound("task_missing", task=here.path["no"])
    return task


def opened(here: Here) -> InspectionTask:
    """The same for a page with ``notes=True``: who opened the file of its object is noted."""
    task = reached(here)
    access_log.opened(here.session, task.object_code, actor=here.actor.login)
    return task


def root_of(request: Request[Any, Any, Any]) -> str:
    """What the page stands below from which a form came: ``/console``, or ``/m`` on a phone."""
    return f"/{request.url.path.split('/')[1]}"


def is_own(here: Here, task: InspectionTask, team: Sequence[str] | None = None) -> bool:
    """Whether the visitor took the task over or is an officer of its team, where nobody has it at hand looked up."""
    if here.actor.login == task.accepted_by:
        return True
    members = team_of(here.session, task) if team is None else team
    return here.actor.inspector is not None and here.actor.inspector in members


def officers(here: Here) -> dict[str, str]:
    """The officers of the task of the address by certificate, the leader first: choices of a form."""
    names = names_of(here)
    return {person: called(person, names) for person in team_of(here.session, reached(here))}


def people(here: Here) -> dict[str, str]:
    """Officers and drawn experts of the task."""
    task = reached(here)
    return officers(here) | {one: say("专家 {one}", one=one) for one in experts_of(here.session, task)}


def names_of(here: Here) -> dict[str, str]:
    """Names of officers by certificate."""
    return {one.cert_no: one.name for one in read.inspectors(here.session)}


def called(person: str, names: dict[str, str]) -> str:
    """A certificate as pages write it."""
    return named(names[person], person) if person in names else person


def pages_of(task: InspectionTask) -> Table:
    """The pages on which the inspection itself is carried out."""
    rows: list[dict[str, Any]] = [
        {"no": task.no, "part": part, "name": name or RECORD_NAMES[task.mode], "about": about}
        for part, (name, about) in PARTS.items()
        if part != "visit" or task.mode is Mode.ONSITE
    ]
    return Table({"name": "办理", "about": "内容"}, rows, "/tasks/{no}/{part}", title="检查实施")


def whole(task: InspectionTask) -> Table:
    """The way back to the task."""
    row = {"no": task.no, "object_name": task.object_name, "state_name": TASK_STATES[task.state]}
    return Table(
        {"no": "任务", "object_name": "检查对象", "state_name": "状态"}, [row], "/tasks/{no}", title="所属任务"
    )


def _fits(here: Here, task: InspectionTask, form: str) -> bool:
    """Whether this visitor may need the form for a task of its mode."""
    absent = {"review"} if task.mode is Mode.ONSITE else {"visit", "feedback"}
    return form not in absent and (form != "feedback" or here.actor.may("send_feedback"))


def papers(here: Here, task: InspectionTask) -> Table:
    """Official forms about the task; each is issued when it is opened, and refused while it is not ready."""
    rows = [
        {"no": task.no, "form": form, "kind": kind, "name": named(name, title)}
        for form, name in PAPERS.items()
        if _fits(here, task, form)
        for kind, title in KINDS.items()
    ]
    return Table({"name": "文书"}, rows, "/documents/{form}/{no}?as={kind}", title="打印文书")
