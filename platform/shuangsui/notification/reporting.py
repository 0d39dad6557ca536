"""What other systems report of messages that they took over: the last word on whether a person was reached."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, or_, select

from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.service import record
from shuangsui.notification import linting
from shuangsui.notification.policy import STARTABLE, NotificationState
from shuangsui.notification.spreading import alarm, relieve
from shuangsui.notification.tables import Notification
from shuangsui.notified import MessageReport

OPEN = (*STARTABLE, NotificationState.SENT)
"""States that a report may end; what was dropped or stands in a digest interests nobody."""


def take(session: TenantSession, plugin: str, reports: Iterable[MessageReport]) -> int:
    """Settle the messages of this tenant that went through ``plugin``; how many changed.

    Reports of what is unknown here are passed over: a gateway may serve several authorities. One that a message
    reached its person is final. The same report again changes nothing.
    """
    lock_tenant(session)
    return sum(_take(session, plugin, report) for report in reports)


def _take(session: TenantSession, plugin: str, report: MessageReport) -> bool:
    row = _found(session, plugin, report.message)
    if row is None or row.delivered_at or row.state not in OPEN:
        return False
    error = None if report.delivered else _undelivered(report)
    if error and row.state is NotificationState.REFUSED:
        return False
    row.state = NotificationState.SENT if report.delivered else NotificationState.REFUSED
    row.error, row.next_at = error, None
    if report.delivered:
        row.delivered_at = now(session)
        row.sent_at = row.sent_at or row.delivered_at
    session.add(row)
    session.flush()
    payload = {"id": str(row.id), "state": row.state, "error": error}
    record(session, "notification.report", actor=CLOCK, subject=f"{row.key}@{row.notifier}", payload=payload)
    (relieve if report.delivered else alarm)(session, row.notifier)
    return True


def _undelivered(report: MessageReport) -> dict[str, object]:
    """The other system's code, unless it looks like somebody's number."""
    detail = "" if linting.fault([report.detail]) else report.detail
    return {"code": "notification_undelivered", "params": {"detail": detail or "未说明"}}


def _found(session: TenantSession, plugin: str, message: str) -> Notification | None:
    """By the message's own number, or by that of its receipt if only one message has it."""
    named = [col(Notification.reference) == message] if message else []
    if (id_ := _id(message)) is not None:
        named.append(col(Notification.id) == id_)
    own = col(Notification.notifier).startswith(f"{plugin}/", autoescape=True)
    rows = session.exec(select(Notification).where(own, or_(*named)).with_for_update().limit(2)).all()
    return rows[0] if len(rows) == 1 else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
