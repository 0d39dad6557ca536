"""后台任务 as a system administrator meets it: what is not done yet, and starting again what was given up."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from shuangsui import outbox
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.outbox import OutboxRow, WorkState

SHOWN = (WorkState.DEAD, WorkState.RUNNING, WorkState.NEW)
"""What is not done, in the order in which somebody looks at it."""
STARTABLE = (WorkState.DEAD, WorkState.NEW)
"""Given up, or waiting for its time or its next attempt."""


def listed(session: TenantSession, state: WorkState | None = None) -> Sequence[OutboxRow]:
    """What is not done: dead letters first, then what comes first; or only what is in ``state``."""
    states = SHOWN if state is None else (state,)
    rows = session.exec(select(OutboxRow).where(col(OutboxRow.state).in_(states)).order_by(col(OutboxRow.run_at)))
    return sorted(rows, key=lambda row: states.index(row.state))


def find(session: TenantSession, id_: UUID) -> OutboxRow:
    """:class:`NotFound` ``work_missing``, also for another tenant's."""
    row = session.find(OutboxRow, id_)
    if row is None:
        raise NotFound("work_missing", id=id_)
    return row


def called(row: OutboxRow) -> str:
    """The name under which it was asked for; empty if nobody named it, and for the one standing row of its job."""
    return "" if row.key in (str(row.id), outbox.STANDING) else row.key


def again(session: TenantSession, id_: UUID, *, actor: str) -> OutboxRow:
    """Start it anew, now, with all its attempts; :class:`RuleRefused` ``work_not_waiting`` if it runs or is done."""
    require(session, actor, "manage_settings")
    lock_tenant(session)
    row = session.get(OutboxRow, (session.tenant, id_), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("work_missing", id=id_)
    if row.state not in STARTABLE:
        raise RuleRefused("work_not_waiting", id=id_)
    _start(session, row, actor)
    return row


def all_again(session: TenantSession, *, actor: str) -> int:
    """Every dead letter; how many there were."""
    require(session, actor, "manage_settings")
    lock_tenant(session)
    dead = select(OutboxRow).where(OutboxRow.state == WorkState.DEAD).with_for_update()
    rows = session.exec(dead.order_by(col(OutboxRow.run_at)).execution_options(populate_existing=True)).all()
    for row in rows:
        _start(session, row, actor)
    return len(rows)


def _start(session: TenantSession, row: OutboxRow, actor: str) -> None:
    """The alert of a dead letter stays until the work is done."""
    payload = {"id": str(row.id), "state": row.state, "attempts": row.attempts, "error": row.error}
    record(session, "job.again", actor=actor, subject=f"{row.job}/{row.key}", payload=payload)
    outbox.again(session, row)
