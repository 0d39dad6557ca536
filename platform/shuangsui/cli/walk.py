"""One inspection from acceptance to submission, act by act: what the demo and the simulated year play."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shuangsui.db import TenantSession
from shuangsui.disclosure import rulings
from shuangsui.draws.office import Office
from shuangsui.inspections import codes, forms, notices, records, results, tasks, visits
from shuangsui.inspections.states import Mode, Party
from shuangsui.inspections.tables import InspectionTask
from shuangsui.inspections.visits import Arrival


@dataclass(frozen=True, slots=True)
class Course:
    """How an inspection goes: its categories, the points not in order, whether the object signs.

    Without ``form`` the record is written in that of the item.
    """

    categories: Sequence[str] = ("no_problem",)
    wrong: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    place: str = "检查对象住所"
    form: Mapping[str, Any] | None = None


def inspect(session: TenantSession, office: Office, no: str, course: Course, *, actor: str) -> InspectionTask:
    """Accept, notify, visit, write, sign, submit."""
    task = tasks.accept(session, no, actor=actor)
    if task.mode is Mode.ONSITE:
        notify(session, office, task, actor=actor)
        arrive(session, office, task, course, actor=actor)
    write(session, task, course, actor=actor)
    if task.mode is Mode.ONSITE:
        sign(session, task, course, actor=actor)
        leave(session, task, actor=actor)
    team = tasks.team_of(session, task)
    results.submit(session, office, no, course.categories, leader=team[0], actor=actor)
    return task


def publish(session: TenantSession, no: str, *, actor: str) -> None:
    """The lead office decides that the public is to see it, unless the list has decided otherwise."""
    if not tasks.find_task(session, no).withheld:
        rulings.publish(session, no, actor=actor)


def notify(session: TenantSession, office: Office, task: InspectionTask, *, actor: str) -> None:
    """Code and notice, delivered to the object; urgent, because nobody waits for an approval here."""
    codes.enter(session, task.no, f"ZFM-{task.no}", actor=actor)
    notices.propose_visit(session, task.no, "年度抽查工作计划", actor=actor, urgent=True)
    notices.issue(session, office, task.no, actor=actor, materials=("营业执照", "有关台账"))
    notices.deliver(session, task.no, "直接送达", "检查对象负责人", actor=actor)


def arrive(session: TenantSession, office: Office, task: InspectionTask, course: Course, *, actor: str) -> None:
    """The whole team checks in and shows its certificates."""
    team = tasks.team_of(session, task)
    for person in team:
        visits.check_in(session, office, task.no, Arrival(person, course.place), actor=actor)
    visits.show_certificates(session, task.no, team, actor=actor)


def write(session: TenantSession, task: InspectionTask, course: Course, *, actor: str) -> None:
    """Every point answered."""
    form = course.form or forms.form_for(session, task)
    record = records.open_record(session, task.no, form, actor=actor)
    answers = {
        point["no"]: {"answer": "no", "facts": course.wrong[point["no"]]}
        if point["no"] in course.wrong
        else {"answer": "yes", "facts": ""}
        for point in record.form["points"]
    }
    content = {"answers": answers, "facts": "按检查要点逐项检查。"}
    records.write(session, task.no, content, base_revision=record.revision, actor=actor)


def sign(session: TenantSession, task: InspectionTask, course: Course, *, actor: str) -> None:
    """The object signs or refuses; the officers sign in either case."""
    if course.refusal:
        records.refuse(session, task.no, course.refusal, actor=actor)
    else:
        records.sign(session, task.no, "检查对象负责人", Party.OBJECT, actor=actor)
    for person in tasks.team_of(session, task):
        records.sign(session, task.no, person, Party.OFFICER, actor=actor)


def leave(session: TenantSession, task: InspectionTask, *, actor: str) -> None:
    """Everybody goes."""
    for person in tasks.team_of(session, task):
        visits.leave(session, task.no, person, actor=actor)
