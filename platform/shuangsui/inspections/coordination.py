"""综合查一次 (article 3): two open tasks on one object within the window are proposed as one visit (R3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel import col, or_, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections.notices import notice_of
from shuangsui.inspections.states import TaskState, TaskType
from shuangsui.inspections.tables import InspectionTask, MergeProposal
from shuangsui.inspections.tasks import (
    find_task,
    find_to_change_task,
    plan_on,
    require_common_day,
    require_task_state,
)
from shuangsui.ledger.service import record

OPEN = (TaskState.DISPATCHED, TaskState.ACCEPTED)
"""States in which the day of a visit can still be chosen."""
ARTICLE = "第三条"


def schedule(session: TenantSession, office: Office, no: str, day: date, *, actor: str) -> Sequence[MergeProposal]:
    """Set the day of a task's visit and of those merged with it; answers what else might be done in the same visit."""
    task = plan_on(session, no, day, actor=actor)
    for other in companions(session, task):
        if other.state in OPEN and other.planned_on != day:
            plan_on(session, other.no, day, actor=actor)
    for other in _open_tasks(session, task.object_code):
        if _is_near(office, task, other) and not _proposal(session, other.no, task.no):
            first, second = sorted((task.no, other.no))
            session.add(MergeProposal(first_no=first, second_no=second, proposed_at=now(session)))
            payload = {"tasks": [first, second]}
            record(session, "task.propose_merge", actor=actor, subject=f"task/{no}", payload=payload)
    session.flush()
    return undecided(session, no)


def decide(
    session: TenantSession, office: Office, first: str, second: str, *, merged: bool, reason: str, actor: str
) -> MergeProposal:
    """Merge the two visits, or say why not; what was true at the proposal is looked at again.

    :class:`RuleRefused` ``task_state`` for a task whose visit has begun or that is gone, ``merge_far`` where the days
    have moved apart, ``merge_day`` where neither has a day to come.
    """
    require(session, actor, "dispatch_task")
    proposal = _undecided(session, first, second)
    if not merged and not reason.strip():
        raise BadInput("merge_reason")
    day = _merge(session, office, proposal) if merged else None
    proposal.merged, proposal.reason = merged, reason.strip()
    proposal.decided_by, proposal.decided_at = actor, now(session)
    session.add(proposal)
    payload = {
        "tasks": [proposal.first_no, proposal.second_no], "merged": merged, "reason": proposal.reason, "day": day,
    }  # fmt: skip
    record(session, "task.merge", actor=actor, subject=f"task/{proposal.first_no}", payload=payload)
    return proposal


def undecided(session: TenantSession, no: str) -> Sequence[MergeProposal]:
    """Open proposals that concern a task, as long as the day of both visits can be chosen."""
    query = select(MergeProposal).where(_concerns(no), col(MergeProposal.merged).is_(None))
    found = session.exec(query.order_by(col(MergeProposal.proposed_at), col(MergeProposal.id))).all()
    return [one for one in found if all(find_task(session, n).state in OPEN for n in (one.first_no, one.second_no))]


def decided(session: TenantSession, no: str) -> Sequence[MergeProposal]:
    """What was decided about proposals that concern a task, merged or not, in order."""
    query = select(MergeProposal).where(_concerns(no), col(MergeProposal.merged).is_not(None))
    return session.exec(query.order_by(col(MergeProposal.decided_at), col(MergeProposal.id))).all()


def companions(session: TenantSession, task: InspectionTask) -> list[InspectionTask]:
    """The other tasks of the same visit, whichever proposals brought them together."""
    known, new = {task.no}, [task.no]
    while new:
        query = select(MergeProposal).where(_concerns(new.pop()), col(MergeProposal.merged).is_(True))
        beside = {no for one in session.exec(query) for no in (one.first_no, one.second_no)} - known
        known |= beside
        new += sorted(beside)
    return [find_task(session, no) for no in sorted(known - {task.no})]


def _merge(session: TenantSession, office: Office, proposal: MergeProposal) -> date:
    """One day for both and for whatever is merged with either: a joint one's, else that of which the object was told
    first, if still to come."""
    pair = [find_to_change_task(session, no) for no in (proposal.first_no, proposal.second_no)]
    for task in pair:
        require_task_state(task, "合并检查", *OPEN)
    if not _is_near(office, *pair):
        raise RuleRefused("merge_far", article=ARTICLE, first=pair[0].no, second=pair[1].no)
    today = legal_day(now(session))
    told_first = sorted(pair, key=lambda task: (task.type is not TaskType.JOINT, notice_of(session, task) is None))
    days = [task.planned_on for task in told_first if task.planned_on and task.planned_on >= today]
    if not days:
        raise RuleRefused("merge_day", article=ARTICLE, first=pair[0].no, second=pair[1].no)
    for task in {one.no: one for each in pair for one in (each, *companions(session, each))}.values():
        if task.state in OPEN:
            require_common_day(session, task, days[0])
            task.planned_on = days[0]
            session.add(task)
    return days[0]


def _is_near(office: Office, task: InspectionTask, other: InspectionTask) -> bool:
    """Whether the days of both, or their dispatch where they have none, lie within the window of the rules."""
    days = office.rules(task.rules_on).number("coordination.window_days")
    first, second = (one.planned_on or legal_day(one.dispatched_at) for one in (task, other))
    return task.no != other.no and abs(first - second) <= timedelta(days=days)


def _open_tasks(session: TenantSession, object_code: str) -> Sequence[InspectionTask]:
    query = select(InspectionTask).where(InspectionTask.object_code == object_code, col(InspectionTask.state).in_(OPEN))
    return session.exec(query.order_by(col(InspectionTask.no))).all()


def _undecided(session: TenantSession, first: str, second: str) -> MergeProposal:
    lock_tenant(session)
    proposal = _proposal(session, first, second)
    if proposal is None:
        raise NotFound("merge_missing", first=first, second=second)
    if proposal.merged is not None:
        raise RuleRefused("merge_decided", article=ARTICLE, first=first, second=second)
    return proposal


def _proposal(session: TenantSession, one: str, other: str) -> MergeProposal | None:
    first, second = sorted((one, other))
    query = select(MergeProposal).where(MergeProposal.first_no == first, MergeProposal.second_no == second)
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def _concerns(no: str) -> Any:
    return or_(MergeProposal.first_no == no, MergeProposal.second_no == no)
