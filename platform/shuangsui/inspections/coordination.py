"""综合查一次 (article 3): two open tasks on one object within the window are proposed as one visit (R3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import col, or_, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections.states import TaskState
from shuangsui.inspections.tables import InspectionTask, MergeProposal
from shuangsui.inspections.tasks import all_tasks, find_to_change_task, plan_on
from shuangsui.ledger.service import record

OPEN = (TaskState.DISPATCHED, TaskState.ACCEPTED)
"""States in which the day of a visit can still be chosen."""


def schedule(session: TenantSession, office: Office, no: str, day: date, *, actor: str) -> Sequence[MergeProposal]:
    """Set the day of a task's visit; answers what might be done in the same visit and is not decided yet."""
    task = plan_on(session, no, day, actor=actor)
    window = timedelta(days=office.rules(task.rules_on).number("coordination.window_days"))
    for other in all_tasks(session):
        if _is_near(task, other, window) and not _proposal(session, other.no, task.no):
            first, second = sorted((task.no, other.no))
            session.add(MergeProposal(first_no=first, second_no=second, proposed_at=now(session)))
            payload = {"tasks": [first, second]}
            record(session, "task.propose_merge", actor=actor, subject=f"task/{no}", payload=payload)
    session.flush()
    return undecided(session, no)


def decide(session: TenantSession, first: str, second: str, *, merged: bool, reason: str, actor: str) -> MergeProposal:
    """Merge the two visits, or say why not; merged tasks get the day of the first."""
    require(session, actor, "dispatch_task")
    lock_tenant(session)
    proposal = _proposal(session, first, second)
    if proposal is None:
        raise NotFound("merge_missing", first=first, second=second)
    if proposal.merged is not None:
        raise RuleRefused("merge_decided", first=first, second=second)
    if not merged and not reason.strip():
        raise BadInput("merge_reason")
    proposal.merged, proposal.reason = merged, reason.strip()
    proposal.decided_by, proposal.decided_at = actor, now(session)
    session.add(proposal)
    if merged:
        _same_day(session, proposal)
    payload = {"tasks": [proposal.first_no, proposal.second_no], "merged": merged, "reason": proposal.reason}
    record(session, "task.merge", actor=actor, subject=f"task/{proposal.first_no}", payload=payload)
    return proposal


def undecided(session: TenantSession, no: str) -> Sequence[MergeProposal]:
    """Open proposals that concern a task."""
    mine = or_(MergeProposal.first_no == no, MergeProposal.second_no == no)
    query = select(MergeProposal).where(mine, col(MergeProposal.merged).is_(None))
    return session.exec(query.order_by(col(MergeProposal.proposed_at))).all()


def _is_near(task: InspectionTask, other: InspectionTask, window: timedelta) -> bool:
    """Another open task on the same object whose day, or dispatch where it has none, lies within the window."""
    if other.no == task.no or other.object_code != task.object_code or other.state not in OPEN:
        return False
    day = task.planned_on or legal_day(task.dispatched_at)
    return abs(day - (other.planned_on or legal_day(other.dispatched_at))) <= window


def _proposal(session: TenantSession, one: str, other: str) -> MergeProposal | None:
    first, second = sorted((one, other))
    query = select(MergeProposal).where(MergeProposal.first_no == first, MergeProposal.second_no == second)
    return session.exec(query).one_or_none()


def _same_day(session: TenantSession, proposal: MergeProposal) -> None:
    first, second = (find_to_change_task(session, no) for no in (proposal.first_no, proposal.second_no))
    day = first.planned_on or second.planned_on
    for task in (first, second):
        task.planned_on = day
        session.add(task)
