"""Alerts 提醒与逾期: what somebody must look at, raised and cleared by the areas' watches, each change in the ledger.

An alert is open once per (kind, subject): a watch may run as often as it likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Wanted:
    """An alert that is to be open; ``to``: the roles it is addressed to, by default everybody who may view."""

    subject: str
    level: AlertLevel = AlertLevel.WARN
    article: str = ""
    due: date | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    to: Iterable[str] = ()

    def is_met(self, found: Alert | None) -> bool:
        """Whether ``found`` says as much already."""
        return found is not None and found.level in (self.level, AlertLevel.BREACH)


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
    """Open the alert of a :class:`Wanted`, or make the open one more serious; a warning never replaces a breach."""
    return raise_wanted(session, kind, Wanted(subject, level, article, due, facts or {}, to))


def raise_wanted(session: TenantSession, kind: str, one: Wanted) -> Alert:
    """As :func:`raise_alert`."""
    lock_tenant(session)
    found = _open(session, kind, one.subject)
    if found and one.is_met(found):
        return found
    alert = found or Alert(kind=kind, subject=one.subject, level=one.level, raised_at=now(session))
    alert.level, alert.article, alert.due, alert.facts = one.level, one.article, one.due, dict(one.facts)
    alert.to = [str(role) for role in one.to]
    session.add(alert)
    names = ("kind", "level", "article", "due", "facts", "to")
    payload = {name: getattr(alert, name) for name in names}
    record(session, "alert.raise", actor=CLOCK, subject=one.subject, payload=payload)
    if not any(text.startswith(UNTOLD) for text in (kind, one.subject)):
        enqueue(session, TELL, key=f"{alert.id}/{one.level}", alert=str(alert.id), level=one.level.value)
    return alert


def clear_alert(session: TenantSession, kind: str, subject: str) -> None:
    """Close the open alert, if there is one; it stays readable."""
    if _open(session, kind, subject) is None:
        return
    lock_tenant(session)
    if found := _open(session, kind, subject):
        found.cleared_at, found.open = now(session), None
        session.add(found)
        record(session, "alert.clear", actor=CLOCK, subject=subject, payload={"kind": kind})


def keep_open(session: TenantSession, kind: str, wanted: Iterable[Wanted]) -> None:
    """Of one kind exactly these; each change is a transaction of its own, so that nobody waits for the rest of them.

    Commits what the session holds: for watches, which may stop anywhere and run again.
    """
    listed, known = list(wanted), {alert.subject: alert for alert in open_alerts(session, kind)}
    for one in listed:
        if not one.is_met(known.get(one.subject)):
            known[one.subject] = raise_wanted(session, kind, one)
            session.commit()
    for subject in sorted(known.keys() - {one.subject for one in listed}):
        clear_alert(session, kind, subject)
        session.commit()


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
