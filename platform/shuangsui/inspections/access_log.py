"""Who looked at what (R16.2): every opening of an object's file; one without a task of one's own is reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, now
from shuangsui.inspections.tables import InspectionTask, ObjectAccess
from shuangsui.inspections.tasks import all_tasks


def opened(session: TenantSession, object_code: str, *, actor: str) -> ObjectAccess:
    """Note that ``actor`` opened the file of an object; the task that explains it is the actor's newest on it."""
    own = [task.no for task in all_tasks(session) if task.object_code == object_code and _is_own(task, actor)]
    row = ObjectAccess(actor=actor, object_code=object_code, task_no=own[-1] if own else None, at=now(session))
    session.add(row)
    return row


def audit_report(session: TenantSession, *, actor: str, since: datetime, until: datetime) -> Sequence[ObjectAccess]:
    """Openings without a task in a time, oldest first; for whoever may read the audit."""
    require(session, actor, "read_audit")
    query = select(ObjectAccess).where(
        col(ObjectAccess.task_no).is_(None), ObjectAccess.at >= since, ObjectAccess.at < until
    )
    return session.exec(query.order_by(col(ObjectAccess.at), col(ObjectAccess.id))).all()


def _is_own(task: InspectionTask, actor: str) -> bool:
    return actor in (task.dispatched_by, task.accepted_by)
