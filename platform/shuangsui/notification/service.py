"""通知 as a system administrator meets them: what was told to whom, why it failed, and starting it again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, func, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.notification.policy import STARTABLE, NotificationState
from shuangsui.notification.spreading import SEND, relieve
from shuangsui.notification.tables import Notification
from shuangsui.outbox import ask

NEWEST = 500
FIRST = (
    NotificationState.REFUSED, NotificationState.BLOCKED, NotificationState.WAITING, NotificationState.COLLECTED,
)  # fmt: skip
"""What somebody looks at first; all others by time alone."""


def listed(session: TenantSession, state: NotificationState | None = None) -> Sequence[Notification]:
    """What needs somebody first, then the newest; or only what is in ``state``."""
    query = select(Notification).order_by(col(Notification.made_at).desc(), col(Notification.id).desc())
    if state is not None:
        query = query.where(Notification.state == state)
    place = {one: n for n, one in enumerate(FIRST)}
    return sorted(session.exec(query.limit(NEWEST)), key=lambda row: place.get(row.state, len(place)))


def left(session: TenantSession) -> dict[str, dict[NotificationState, int]]:
    """Notifier → state → how many notifications are not sent through it."""
    query = select(Notification.notifier, Notification.state, func.count(col(Notification.id)))
    found: dict[str, dict[NotificationState, int]] = {}
    for notifier, state, count in session.exec(
        query.where(col(Notification.state).in_(FIRST)).group_by(Notification.notifier, Notification.state)
    ):
        found.setdefault(notifier, {})[NotificationState(state)] = count
    return found


def find(session: TenantSession, id_: UUID) -> Notification:
    """:class:`NotFound` ``notification_missing``, also for another tenant's."""
    row = session.find(Notification, id_)
    if row is None:
        raise NotFound("notification_missing", id=id_)
    return row


def again(session: TenantSession, id_: UUID, *, actor: str) -> Notification:
    """Start it anew, now, with all its attempts; :class:`RuleRefused` ``notification_not_startable``."""
    require(session, actor, "manage_settings")
    row = _held(session, id_)
    _start(session, row, actor)
    return row


def all_again(session: TenantSession, *, actor: str) -> int:
    """Everything that was refused; how many there were."""
    require(session, actor, "manage_settings")
    lock_tenant(session)
    query = select(Notification).where(Notification.state == NotificationState.REFUSED).with_for_update()
    rows = session.exec(query.execution_options(populate_existing=True)).all()
    for row in rows:
        _start(session, row, actor)
    return len(rows)


def drop(session: TenantSession, id_: UUID, *, actor: str) -> None:
    """Give it up for good, for example one that the linter keeps in; what it tells of stays at the console."""
    require(session, actor, "manage_settings")
    row = _held(session, id_)
    payload = {"id": str(row.id), "state": row.state, "attempts": row.attempts, "error": row.error}
    record(session, "notification.drop", actor=actor, subject=f"{row.key}@{row.notifier}", payload=payload)
    row.state, row.next_at = NotificationState.DROPPED, None
    session.add(row)
    session.flush()
    relieve(session, row.notifier)


def _held(session: TenantSession, id_: UUID) -> Notification:
    """What waits, or waits for a person, read under the tenant's lock."""
    lock_tenant(session)
    row = session.get(Notification, (session.tenant, id_), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("notification_missing", id=id_)
    if row.state not in STARTABLE:
        raise RuleRefused("notification_not_startable", id=id_)
    return row


def _start(session: TenantSession, row: Notification, actor: str) -> None:
    payload = {"id": str(row.id), "state": row.state, "attempts": row.attempts, "error": row.error}
    record(session, "notification.again", actor=actor, subject=f"{row.key}@{row.notifier}", payload=payload)
    row.state, row.next_at, row.attempts = NotificationState.WAITING, now(session), 0
    session.add(row)
    ask(session, SEND, row.notifier, notifier=row.notifier)
