"""One notifier served: what is due is taken, looked at, handed over outside every transaction, and settled.

A message that was handed over without an answer comes again under the same id; nothing else is ever sent twice. What
passes by itself is tried again with growing pauses, and holds the notifier's other messages back for as long.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import Misconfigured, OutsideFailed
from shuangsui.extension.isolation import LoadedNotifier
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.service import record
from shuangsui.notification import linting, policy
from shuangsui.notification.messages import ADDRESSES
from shuangsui.notification.policy import NotificationState
from shuangsui.notification.recipients import Person, people
from shuangsui.notification.spreading import SEND, alarm, relieve, stands
from shuangsui.notification.tables import Notification
from shuangsui.notified import AddressKind, Message
from shuangsui.outbox import ask, backoff
from shuangsui.vault.service import Vault

CLAIM = timedelta(minutes=5)
"""What is being tried is not tried by anybody else for so long; longer than any notifier may take."""
ROUNDS, TURN = 200, 60.0
"""So many messages, or seconds, at one go; the rest is asked for again, so that other work has its turn."""

Sessions = Callable[[], AbstractContextManager[TenantSession]]


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended: sent, or in the state that it cannot leave by itself, or, with WAITING, still to be sent."""

    state: NotificationState
    reference: str = ""
    error: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One message that is being tried, and to whom."""

    row: Notification
    person: Person

    def message(self, vault: Vault, kind: AddressKind) -> Message:
        """As it goes out; errors as of :meth:`Vault.open`."""
        row, address = self.row, self.person.address(vault, kind)
        return Message(str(row.id), row.level.value, row.title, row.text, address, policy.CONSOLE, row.made_at)


def drain(sessions: Sessions, way: LoadedNotifier, vault: Vault, allowed: Collection[str] = ()) -> int:
    """Send what is due through one notifier; how many were taken over. Asks for itself again if anything is left.

    Addresses are opened one by one: while their key store is away, messages wait as for a notifier that is.
    """
    sent, begun, not_before = 0, time.monotonic(), None
    for n in range(ROUNDS):
        if n and time.monotonic() - begun > TURN:
            break
        with sessions() as session:
            attempt = take(session, way)
        if attempt is None:
            break
        result = _opened_and_tried(way, attempt, vault, allowed)
        with sessions() as session:
            not_before = settle(session, attempt.row.id, result)
        sent += result.state is NotificationState.SENT
        if not_before:
            break
    with sessions() as session:
        _ask_again(session, way.key, not_before)
    return sent


def take(session: TenantSession, way: LoadedNotifier) -> Attempt | None:
    """What is to be tried now, claimed; what is no longer worth it, or cannot be addressed, is settled on the way."""
    lock_tenant(session)
    moment, everybody = now(session), people(session)
    while (row := _next(session, way.key)) and row.next_at and row.next_at <= moment:
        person = everybody.get(row.user_id)
        if person is None or not stands(session, row, person):
            row.state, row.next_at = NotificationState.DROPPED, None
        elif way.address_kind not in person.addresses:
            error = {"code": "address_missing", "params": {"login": person.login, "kind": ADDRESSES[way.address_kind]}}
            _end(session, row, Result(NotificationState.REFUSED, error=error))
        else:
            row.attempts, row.tried_at, row.next_at = row.attempts + 1, moment, moment + CLAIM
            session.add(row)
            return Attempt(row, person)
        session.add(row)
        session.flush()
        relieve(session, way.key)
    return None


def tried(way: LoadedNotifier, message: Message, allowed: Collection[str] = ()) -> Result:
    """One attempt, outside every transaction; a message with personal data in it goes nowhere.

    The address is not part of what is looked at.
    """
    if fault := linting.fault((message.title, message.text, message.link), allowed):
        return Result(NotificationState.BLOCKED, error=fault)
    try:
        return Result(NotificationState.SENT, reference=way.send(message).reference[:500])
    except OutsideFailed as error:
        final = NotificationState.REFUSED if error.permanent else NotificationState.WAITING
        return Result(final, error=error.kept())


def settle(session: TenantSession, id_: UUID, result: Result) -> datetime | None:
    """Note how an attempt ended; until when the notifier is left alone, None for as it is."""
    lock_tenant(session)
    row = session.find(Notification, id_)
    assert row
    if row.state is not NotificationState.WAITING:
        return None
    if result.state is NotificationState.WAITING and row.attempts < policy.TRIES:
        row.error, row.next_at = result.error, now(session) + backoff(row.attempts, str(row.id))
        session.add(row)
        if row.attempts >= policy.STUCK:
            alarm(session, row.notifier)
        return row.next_at
    final = NotificationState.REFUSED if result.state is NotificationState.WAITING else result.state
    _end(session, row, Result(final, result.reference, result.error))
    return None


def refuse_all(session: TenantSession, notifier: str) -> None:
    """What waits for a notifier that is switched off, until somebody starts it again."""
    lock_tenant(session)
    error = {"code": "notifier_gone", "params": {"notifier": notifier}}
    query = select(Notification).where(
        Notification.notifier == notifier, Notification.state == NotificationState.WAITING
    )
    for row in session.exec(query).all():
        _end(session, row, Result(NotificationState.REFUSED, error=error))


def _end(session: TenantSession, row: Notification, result: Result) -> None:
    """The last word on a notification; one that failed for good is somebody's business."""
    row.state, row.reference, row.error, row.next_at = result.state, result.reference, result.error, None
    if result.state is NotificationState.SENT:
        row.sent_at = now(session)
    session.add(row)
    session.flush()
    payload = {"id": str(row.id), "level": row.level, "attempts": row.attempts, "state": row.state,
               "reference": row.reference, "error": row.error}  # fmt: skip
    record(session, "notification.send", actor=CLOCK, subject=f"{row.key}@{row.notifier}", payload=payload)
    if result.state is not NotificationState.SENT:
        alarm(session, row.notifier)
    else:
        relieve(session, row.notifier)


def _next(session: TenantSession, notifier: str) -> Notification | None:
    """What is due first, whether or not it is due already."""
    waiting = select(Notification).where(
        Notification.notifier == notifier, Notification.state == NotificationState.WAITING
    )
    return session.exec(waiting.order_by(col(Notification.next_at), col(Notification.id)).limit(1)).first()


def _opened_and_tried(way: LoadedNotifier, attempt: Attempt, vault: Vault, allowed: Collection[str]) -> Result:
    """Outside every transaction, since a key store may be another machine."""
    try:
        message = attempt.message(vault, way.address_kind)
    except OutsideFailed as error:
        return Result(NotificationState.WAITING, error=error.kept())
    except Misconfigured as error:
        return Result(NotificationState.REFUSED, error=error.kept())
    return tried(way, message, allowed)


def _ask_again(session: TenantSession, notifier: str, not_before: datetime | None) -> None:
    """When something is due next, but not before the pause after a failure is over."""
    lock_tenant(session)
    first = _next(session, notifier)
    if first and first.next_at:
        ask(session, SEND, notifier, at=max(first.next_at, not_before or first.next_at), notifier=notifier)
