"""Who looked at what (R16.2): every opening of an object's file; one without a task of one's own is reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from shuangsui.access.policy import Actor
from shuangsui.access.service import actor_of, require, user_of
from shuangsui.db import TenantSession, now
from shuangsui.inspections.notices import approval_of
from shuangsui.inspections.states import TaskState
from shuangsui.inspections.tables import InspectionTask, ObjectAccess
from shuangsui.inspections.tasks import experts_of, team_of
from shuangsui.ledger.service import record


def opened(session: TenantSession, object_code: str, *, actor: str) -> ObjectAccess:
    """Note that ``actor`` opened the file of an object; the task that explains it is the actor's newest on it."""
    user = user_of(session, actor)
    who = actor_of(session, user) if user else None
    query = select(InspectionTask).where(
        InspectionTask.object_code == object_code, InspectionTask.state != TaskState.CANCELLED
    )
    found = session.exec(query.order_by(col(InspectionTask.no))).all()
    own = [task.no for task in found if who and _is_own(session, task, who)]
    row = ObjectAccess(actor=actor, object_code=object_code, task_no=own[-1] if own else None, at=now(session))
    session.add(row)
    return row


def audit_report(session: TenantSession, *, actor: str, since: datetime, until: datetime) -> Sequence[ObjectAccess]:
    """Openings without a task in a time, oldest first; for whoever may read the audit, which is recorded too."""
    require(session, actor, "read_audit")
    payload = {"since": since.isoformat(), "until": until.isoformat()}
    record(session, "access.report", actor=actor, subject="access", payload=payload)
    query = select(ObjectAccess).where(
        col(ObjectAccess.task_no).is_(None), ObjectAccess.at >= since, ObjectAccess.at < until
    )
    return session.exec(query.order_by(col(ObjectAccess.at), col(ObjectAccess.id))).all()


def _is_own(session: TenantSession, task: InspectionTask, actor: Actor) -> bool:
    """Whoever was drawn for it, sent or took it, or asked for or gave the approval of the visit."""
    approval = approval_of(session, task)
    logins = (task.dispatched_by, task.accepted_by, *((approval.proposer, approval.approver) if approval else ()))
    return (
        actor.login in logins
        or (actor.inspector is not None and actor.inspector in team_of(session, task))
        or (actor.expert is not None and actor.expert in experts_of(session, task))
    )
