"""Inspection codes on the page of a task, and tasks of a case outside the draw (article 17)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import select

from shuangsui.disclosure.following import standing
from shuangsui.extension.service import enforcement_systems
from shuangsui.inspections import codes, special
from shuangsui.inspections.common_routes import reached
from shuangsui.inspections.states import MODES, Mode
from shuangsui.inspections.tables import InspectionTask
from shuangsui.pages import Here, act
from shuangsui.planning import exemptions

ONE = "/tasks/{no:str}"


class Code(BaseModel):
    """As the enforcement system gave it."""

    code: str = Field(title="执法码", max_length=codes.LONGEST)


class Without(BaseModel):
    """Why an urgent visit does not wait."""

    reason: str = Field(title="不能等待执法码的理由", max_length=500, description="检查后须按期备案")


class Filing(BaseModel):
    """The report of a visit without a code."""

    number: str = Field(title="备案编号", max_length=codes.LONGEST_NUMBER)


class Case(BaseModel):
    """An approved case whose people are named in it."""

    case: str = Field(title="不适用情形编号", max_length=32)
    mode: Mode = Field(Mode.ONSITE, title="检查方式")


def enter(here: Here, form: Code) -> None:
    """A task has one code."""
    codes.enter(here.session, reached(here).no, form.code, actor=here.actor.login)


def go_without(here: Here, form: Without) -> None:
    """From its beginning the term of the report runs."""
    codes.go_without(here.session, reached(here).no, form.reason, actor=here.actor.login)


def ask(here: Here, _form: BaseModel) -> dict[str, Any]:
    """Tell the system of the task and keep the code that it answers; nothing is locked while it thinks."""
    no, actor = reached(here).no, here.actor.login
    notice = codes.to_ask(here.session, no, actor=actor)
    standing(here)
    receipt = codes.ask(enforcement_systems(here.office.tenant), notice)
    task = codes.enter(here.session, no, receipt.code or "", actor=actor, system=receipt.system)
    return {"code": task.code, "system": receipt.system}


def report(here: Here, _form: BaseModel) -> dict[str, Any]:
    """The same for the report of a visit without a code."""
    no, actor = reached(here).no, here.actor.login
    missing = codes.to_report(here.session, no, actor=actor)
    standing(here)
    receipt = codes.report(enforcement_systems(here.office.tenant), missing)
    filing = codes.file(here.session, no, receipt.number, actor=actor, system=receipt.system)
    return {"number": filing.number, "system": receipt.system, "due": filing.due}


def file(here: Here, form: Filing) -> dict[str, Any]:
    """Late is better than never."""
    return {"due": codes.file(here.session, reached(here).no, form.number, actor=here.actor.login).due}


def open_case(here: Here, form: Case) -> dict[str, Any]:
    """One task for each object of the case."""
    made = special.open_case(here.session, form.case, actor=here.actor.login, mode=form.mode)
    return {"tasks": [task.no for task in made]}


def approved(here: Here) -> dict[str, str]:
    """Cases that may be opened: their people are named and not drawn, and an object has no task yet."""
    made = Counter(here.session.exec(select(InspectionTask.exemption)))
    found = [case for case in exemptions.cases(here.session) if "inspector_draw" in case.skips]
    waiting = [case for case in found if case.state == "approved" and made[case.no] < len(case.objects)]
    return {case.no: f"{case.no} {case.name}" for case in reversed(waiting)}


ACTS = [
    act("/tasks/open-case", verb="dispatch_task", model=Case, do=open_case, title="派发专项检查任务",
        done="任务已派发。", choices={"case": approved, "mode": {str(mode): name for mode, name in MODES.items()}}),
    act(f"{ONE}/code", verb="inspect", model=Code, do=enter, title="登记执法码", done="执法码已登记。"),
    act(f"{ONE}/ask-code", verb="inspect", do=ask, title="向执法监督应用申请执法码", done="执法码已取得并登记。"),
    act(f"{ONE}/no-code", verb="inspect", model=Without, do=go_without, title="情况紧急，不等执法码",
        done="已记录不等执法码的理由：检查后须按期备案。"),
    act(f"{ONE}/file-code", verb="inspect", model=Filing, do=file, title="登记备案", done="备案编号已登记。"),
    act(f"{ONE}/report-code", verb="inspect", do=report, title="向执法监督应用备案", done="已经备案，编号已登记。"),
]  # fmt: skip
