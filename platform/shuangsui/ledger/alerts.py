"""Alerts 提醒与逾期: what somebody must look at, raised and cleared by the areas' watches, each change in the ledger.

An alert is open once per (kind, subject): a watch may run as often as it likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import Alert, AlertLevel
from shuangsui.outbox import enqueue

CLOCK = "os:clock"
"""Who acts when time alone does."""
TELL = "notification.tell"
"""The work that brings an alert to the people it is addressed to."""
UNTOLD = ("notification_", "work/notification.")
"""How kinds and subjects begin that nobody is told of: messages about messages that do not arrive would never end."""


def raise_alert(
    session: TenantSession,
    kind: str,
    subject: str,
    *,
    level: AlertLevel = AlertLevel.WARN,
    article: str = "",
    due: date | None = None,
    facts: Mapping[str, Any] | None = None,
    to: Iterable[str] = (),
) -> Alert:
    """Open the alert, or make the open one more serious; a warning never replaces a breach.

    ``to``: the roles it is addressed to, by default everybody who may view.
    """
    lock_tenant(session)
    found = _open(session, kind, subject)
    if found and (found.level == level or found.level == AlertLevel.BREACH):
        return found
    alert = found or Alert(kind=kind, subject=subject, level=level, raised_at=now(session))
    alert.level, alert.article, alert.due, alert.facts = level, article, due, dict(facts or {})
    alert.to = [str(role) for role in to]
    session.add(alert)
    payload = {"kind": kind, "level": level, "article": article, "due": due, "facts": alert.facts, "to": alert.to}
    record(session, "alert.raise", actor=CLOCK, subject=subject, payload=payload)
    if not any(text.startswith(UNTOLD) for text in (kind, subject)):
        enqueue(session, TELL, key=f"{alert.id}/{level}", alert=str(alert.id), level=level.value)
    return alert


def clear_alert(session: TenantSession, kind: str, subject: str) -> None:
    """Close the open alert, if there is one; it stays readable."""
    if found := _open(session, kind, subject):
        found.cleared_at, found.open = now(session), None
        session.add(found)
        record(session, "alert.clear", actor=CLOCK, subject=subject, payload={"kind": kind})


def clear_others(session: TenantSession, kind: str, still: Iterable[str]) -> None:
    """Close every open alert of ``kind`` whose subject is not among ``still``."""
    kept = set(still)
    for alert in open_alerts(session, kind):
        if alert.subject not in kept:
            clear_alert(session, kind, alert.subject)


def open_alerts(session: TenantSession, kind: str | None = None) -> Sequence[Alert]:
    """Open alerts, of one kind or all, the oldest first."""
    query = select(Alert).where(col(Alert.open).is_(True)).order_by(col(Alert.raised_at), col(Alert.id))
    return session.exec(query.where(Alert.kind == kind) if kind else query).all()


def addressed_to(alert: Alert, roles: Iterable[str]) -> bool:
    """Whether somebody with these roles is to look at it."""
    return not alert.to or not set(alert.to).isdisjoint(str(role) for role in roles)


def _open(session: TenantSession, kind: str, subject: str) -> Alert | None:
    query = select(Alert).where(Alert.kind == kind, Alert.subject == subject, col(Alert.open).is_(True))
    return session.exec(query).one_or_none()
