"""Alerts become notifications: one row for each raise, person and notifier; breaches at once, warnings once a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import col, select

from shuangsui.access.policy import Role
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.extension.isolation import LoadedNotifier
from shuangsui.ledger.alerts import clear_alert, raise_alert
from shuangsui.ledger.tables import Alert, AlertLevel
from shuangsui.notification import linting, policy
from shuangsui.notification.policy import NotificationLevel, NotificationState, Told
from shuangsui.notification.recipients import Person, people
from shuangsui.notification.tables import Notification
from shuangsui.outbox import ask

SEND = "notification.send"
"""The work that serves one notifier."""
STUCK = "notification_stuck"


@dataclass(frozen=True, slots=True)
class Wording:
    """Whose messages these are, the title of each kind of alert, and numbers that are public."""

    authority: str
    titles: Mapping[str, str]
    allowed: Collection[str] = ()

    def told(self, alert: Alert) -> Told:
        """What is said of an alert: its kind and number, never its facts."""
        return Told(self.titles.get(alert.kind, alert.kind), alert.subject, alert.due, alert.article)


def spread(
    session: TenantSession, alert_id: UUID, level: AlertLevel, ways: Sequence[LoadedNotifier], wording: Wording
) -> None:
    """A notification for everybody concerned and every notifier that reaches him: a breach now, a warning later.

    As often as one likes. One with personal data in it is kept in, and spoils no digest. What was cleared or became
    more serious since is told by nobody, or by the later raise.
    """
    lock_tenant(session)
    alert = session.find(Alert, alert_id)
    if alert is None or not alert.open or alert.level is not level:
        return
    at_once = level is AlertLevel.BREACH
    draft = policy.alert_of(wording.told(alert), wording.authority, urgent=at_once)
    error = linting.fault((draft.title, draft.text), wording.allowed)
    state = NotificationState.WAITING if at_once else NotificationState.COLLECTED
    state = NotificationState.BLOCKED if error else state
    for person in people(session).values():
        if person.concerned(alert) and (at_once or person.digest):
            made = _add(session, person, ways, key=f"{alert.id}/{level}", level=policy.level_of(level),
                        alert_id=alert.id, title=draft.title, text=draft.text, state=state, error=error)  # fmt: skip
            for row in made if error else ():
                alarm(session, row.notifier)
    if at_once:
        hurry(session, ways)


def collect(session: TenantSession, day: date, ways: Sequence[LoadedNotifier], wording: Wording) -> None:
    """One digest for each person and notifier with warnings that still stand; the others are dropped."""
    lock_tenant(session)
    known, everybody = {way.key: way for way in ways}, people(session)
    query = select(Notification).where(Notification.state == NotificationState.COLLECTED)
    rows = session.exec(query.order_by(col(Notification.user_id), col(Notification.notifier))).all()
    for (user_id, notifier), group in groupby(rows, key=lambda row: (row.user_id, row.notifier)):
        person, way, collected = everybody.get(user_id), known.get(notifier), list(group)
        if person and person.digest and way:
            standing = [(row, alert) for row in collected if (alert := _standing(session, row, person))]
            _digest(session, person, way, day, standing, wording)
            kept = {row.id for row, _ in standing}
            collected = [row for row in collected if row.id not in kept]
        for row in collected:
            row.state = NotificationState.DROPPED
            session.add(row)
    hurry(session, ways)


def hurry(session: TenantSession, ways: Iterable[LoadedNotifier]) -> None:
    """Ask for the work of every notifier for which something waits."""
    query = select(Notification.notifier).where(Notification.state == NotificationState.WAITING).distinct()
    waiting = set(session.exec(query))
    for way in ways:
        if way.key in waiting:
            ask(session, SEND, way.key, notifier=way.key)


def alarm(session: TenantSession, notifier: str) -> None:
    """Something does not go out by itself any more: for the administrator of the system, at the console."""
    raise_alert(session, STUCK, notifier, to=(Role.SYSTEM_ADMIN,))


def relieve(session: TenantSession, notifier: str) -> None:
    """Clear it, once nothing waits for a person any more."""
    states = (NotificationState.REFUSED, NotificationState.BLOCKED)
    query = select(Notification.id).where(Notification.notifier == notifier, col(Notification.state).in_(states))
    if not session.exec(select(exists(query))).one():
        clear_alert(session, STUCK, notifier)


def stands(session: TenantSession, row: Notification, person: Person) -> bool:
    """Whether it is still worth sending to this person."""
    if row.level is NotificationLevel.DIGEST:
        return person.digest
    return _standing(session, row, person) is not None


def _standing(session: TenantSession, row: Notification, person: Person) -> Alert | None:
    """The alert, if it is still as serious as told, and still this person's to look at."""
    alert = session.find(Alert, row.alert_id) if row.alert_id else None
    same = alert is not None and alert.open and policy.level_of(alert.level) is row.level
    return alert if alert and same and person.concerned(alert) else None


def _digest(
    session: TenantSession,
    person: Person,
    way: LoadedNotifier,
    day: date,
    standing: Collection[tuple[Notification, Alert]],
    wording: Wording,
) -> None:
    """What comes after the day's digest waits for the next one."""
    if not standing:
        return
    draft = policy.digest_of((wording.told(alert) for _, alert in standing), wording.authority, day)
    made = _add(session, person, [way], key=f"digest/{day}", level=NotificationLevel.DIGEST, title=draft.title,
                text=draft.text, state=NotificationState.WAITING)  # fmt: skip
    for row, _ in standing if made else ():
        row.state, row.digest_id = NotificationState.DIGESTED, made[0].id
        session.add(row)


def _add(
    session: TenantSession, person: Person, ways: Sequence[LoadedNotifier], *, key: str, **values: Any
) -> list[Notification]:
    """One row for each way that reaches the person, where none of this key stands yet; what is new."""
    query = select(Notification.notifier).where(Notification.key == key, Notification.user_id == person.id)
    done, moment = set(session.exec(query)), now(session)
    next_at = moment if values["state"] is NotificationState.WAITING else None
    made = [
        Notification(key=key, user_id=person.id, notifier=way.key, made_at=moment, next_at=next_at, **values)
        for way in ways
        if way.key not in done and way.address_kind in person.addresses
    ]
    session.add_all(made)
    session.flush()
    return made
