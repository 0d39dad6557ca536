"""May a drawn task go out? Never with one officer, never past an open request to withdraw (R9.4, R9.6).

What can be done instead is recorded: postpone, widen the pool by rule, people of another authority, no experts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from shuangsui.access.policy import separate
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.draws import recusal, tasks
from shuangsui.draws.office import Office, find, find_to_change
from shuangsui.draws.people import leader_of
from shuangsui.draws.recusal_tables import Option
from shuangsui.draws.tables import Appointment, Assistance, Draw, DrawnTask, TaskChoice
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.planning.policy import officers
from shuangsui.said import say

LEAST = 2
"""Article 13: no inspection on site with fewer officers."""


@dataclass(frozen=True, slots=True)
class Helper:
    """An officer of another authority, recognised for one task."""

    cert_no: str
    authority: str


def require_ready(session: TenantSession, draw: Draw, row: DrawnTask, *, least: int = LEAST) -> None:
    """Refuse a task that must not be dispatched, with what can be done; ``least`` officers by the authority's rules."""
    if any(case.task == row.task for case in recusal.open_cases(session, draw)):
        raise RuleRefused("recusal_undecided", article="第九条", draw=draw.no, task=row.task)
    found = [person for person in row.teams if person] + helpers(session, draw, row.task)
    if len(found) < least:
        out = say("第 {task} 项任务有空缺席位", task=row.task)
        raise RuleRefused("team_below_two", article="第九条", size=len(found), least=least, out=out)
    if leader_of(row) is None:
        raise RuleRefused("leader_missing", article="第八条", draw=draw.no, task=row.task)
    chosen = choice_of(session, draw, row.task)
    if row.experts and not any(row.experts) and chosen is not Option.WITHOUT_EXPERTS:
        raise RuleRefused("experts_conflicted", article="第九条", draw=draw.no, task=row.task)


def least_of(office: Office, draw: Draw, on: date) -> int:
    """How many officers a task of the draw needs by the rules of a day (R13.1)."""
    return officers(office.rules(on), draw.family).least


def is_postponed(session: TenantSession, draw: Draw, task: int) -> bool:
    """Whether the newest choice is to wait."""
    return choice_of(session, draw, task) is Option.POSTPONE


def choose(session: TenantSession, no: str, task: int, option: Option, reason: str, *, actor: str) -> TaskChoice:
    """Record what is done about a task that cannot be manned; going without experts is for the leadership."""
    require(session, actor, "approve_visit" if option is Option.WITHOUT_EXPERTS else "operate_draw")
    draw = find_to_change(session, no)
    tasks.task_of(session, draw, task)
    if not reason.strip():
        raise BadInput("choice_reason", draw=no, task=task)
    made = TaskChoice(draw_id=draw.id, task=task, option=option, reason=reason.strip(), by=actor, at=now(session))
    session.add(made)
    payload = {"task": task, "option": option, "reason": made.reason}
    record(session, "task.choose", actor=actor, subject=f"draw/{no}", payload=payload)
    return made


def choice_of(session: TenantSession, draw: Draw, task: int) -> Option | None:
    """The newest choice about a task."""
    query = select(TaskChoice).where(TaskChoice.draw_id == draw.id, TaskChoice.task == task)
    found = session.exec(query.order_by(col(TaskChoice.at).desc(), col(TaskChoice.id).desc())).first()
    return found.option if found else None


def request_assistance(
    session: TenantSession, no: str, task: int, document_no: str, people: Sequence[Helper], *, actor: str
) -> Assistance:
    """Ask another authority for officers; they are recorded and shown as called in, not drawn."""
    require(session, actor, "operate_draw")
    draw = find_to_change(session, no)
    row = tasks.task_of(session, draw, task)
    if not document_no.strip() or not people or {p.cert_no for p in people} & set(row.teams):
        raise BadInput("assistance_invalid", draw=no, task=task)
    made = Assistance(
        draw_id=draw.id, task=task, authority=people[0].authority, document_no=document_no.strip(),
        persons=[{"cert_no": p.cert_no, "authority": p.authority} for p in people], requested_by=actor,
        requested_at=now(session),
    )  # fmt: skip
    session.add(made)
    payload = {"task": task, "document_no": made.document_no, "persons": made.persons}
    record(session, "assistance.request", actor=actor, subject=f"draw/{no}", payload=payload)
    return made


def approve_assistance(session: TenantSession, no: str, task: int, document_no: str, *, actor: str) -> Assistance:
    """The leadership recognises the officers for this task."""
    require(session, actor, "approve_visit")
    lock_tenant(session)
    draw = find(session, no)
    found = next((a for a in _assistance(session, draw, task) if a.document_no == document_no), None)
    if found is None:
        raise NotFound("assistance_missing", draw=no, task=task, document_no=document_no)
    separate(found.requested_by, actor)
    found.approved_by, found.approved_at = actor, now(session)
    session.add(found)
    payload = {"task": task, "document_no": document_no}
    record(session, "assistance.approve", actor=actor, subject=f"draw/{no}", payload=payload)
    return found


def helpers(session: TenantSession, draw: Draw, task: int) -> list[str]:
    """Certificate numbers of officers called in for a task with approval."""
    return [p["cert_no"] for a in _assistance(session, draw, task) if a.approved_by for p in a.persons]


def all_helpers(session: TenantSession, draws: Sequence[UUID]) -> dict[tuple[UUID, int], list[str]]:
    """:func:`helpers` of every task of some draws by draw and task, in one statement."""
    found: dict[tuple[UUID, int], list[str]] = {}
    query = select(Assistance).where(col(Assistance.draw_id).in_(draws))
    for one in session.exec(query.order_by(col(Assistance.requested_at))):
        if one.approved_by:
            found.setdefault((one.draw_id, one.task), []).extend(p["cert_no"] for p in one.persons)
    return found


def appoint_leader(
    session: TenantSession, office: Office, no: str, task: int, person: str, reason: str, *, actor: str
) -> DrawnTask:
    """Name another officer of the team as its leader, on record (R8.3); nobody else can lead."""
    require(session, actor, "operate_draw")
    draw = find_to_change(session, no)
    row = tasks.task_of(session, draw, task)
    if not office.rules(tasks.day_of(session)).switch("team.leader_manual"):
        raise RuleRefused("leader_by_draw_only", article="第八条", draw=no)
    if person not in row.teams:
        raise RuleRefused("leader_not_officer", article="第八条", person=person, task=task)
    if not reason.strip():
        raise BadInput("choice_reason", draw=no, task=task)
    row.leader = person
    session.add(row)
    said: dict[str, Any] = {"task": task, "person": person, "reason": reason.strip()}
    session.add(Appointment(draw_id=draw.id, by=actor, at=now(session), **said))
    record(session, "task.appoint_leader", actor=actor, subject=f"draw/{no}", payload=said)
    return row


def _assistance(session: TenantSession, draw: Draw, task: int) -> Sequence[Assistance]:
    query = select(Assistance).where(Assistance.draw_id == draw.id, Assistance.task == task)
    return session.exec(query.order_by(col(Assistance.requested_at))).all()
