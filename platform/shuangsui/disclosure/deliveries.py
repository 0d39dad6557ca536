"""One durable delivery per revision and channel (trust T7): spread, tried, confirmed, given up, started again.

A channel is served by one standing piece of work, which tries what is due and asks for itself again. A channel that
keeps failing is left alone for :data:`PAUSE` at a time, whatever waits for it, and then tried with one thing (the
circuit breaker); there is no last attempt before somebody looks, only longer pauses.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from shuangsui.access.policy import Role
from shuangsui.contracts import Receipt
from shuangsui.db import TenantSession, later, lock_tenant, now
from shuangsui.disclosed import Disclosed, NoticeContent, ResultContent
from shuangsui.disclosure import contents
from shuangsui.disclosure.policy import DEAD_LETTER, OPEN, DeliveryState
from shuangsui.disclosure.tables import ChannelState, Delivery, Disclosure
from shuangsui.disclosure.ways import ANY, HAND, Missing, Way, owed
from shuangsui.draws.office import Office
from shuangsui.errors import OutsideFailed, ShuangsuiError
from shuangsui.ledger.alerts import CLOCK, clear_alert, raise_alert
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import AlertLevel
from shuangsui.outbox import ask, backoff

DELIVER = "disclosure.deliver"
"""The work that serves one channel."""
TRIES = 5
"""So many failures in a row and a channel is left alone."""
PAUSE = timedelta(minutes=5)
CLAIM = timedelta(minutes=2)
"""What is being tried is not tried by anybody else for so long."""
ROUNDS, TURN = 200, 60.0
"""So many things, or seconds, at one go; the rest is asked for again, so that other work has its turn."""
DOWN, REFUSED = "channel_down", DEAD_LETTER
OFFICES = (Role.LEAD_OFFICE, Role.SYSTEM_ADMIN)

Sessions = Callable[[], AbstractContextManager[TenantSession]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One thing that is being tried on a channel."""

    id: UUID
    item: Disclosed


@dataclass(frozen=True, slots=True)
class Result:
    """How it ended: a receipt, or what went wrong; ``final`` if trying again is useless."""

    receipt: Receipt | None = None
    error: dict[str, Any] | None = None
    final: bool = False

    @property
    def outage(self) -> bool:
        """Whether the channel is to blame."""
        return self.receipt is None and not self.final


def spread(
    session: TenantSession, office: Office, ways: Sequence[Way], duties: Collection[str], fresh: Iterable[Disclosure]
) -> None:
    """A delivery for every way that takes it, one by hand for every duty that no way serves; asked for at once."""
    moment = now(session)
    for row in fresh:
        item = contents.disclosed(office, row)
        taking = [way for way in ways if way.takes(item)]
        for way in taking:
            _added(session, row, way.channel, way.duty, moment)
        for duty in owed(item, duties) - {way.duty for way in taking}:
            served = item.kind == "notice" and any(not isinstance(way, Missing) for way in taking)
            if not served:
                _added(session, row, f"{HAND}/{duty}", duty, None)
    session.flush()
    for channel in {way.channel for way in ways}:
        if _next_at(session, channel) is not None:
            ask(session, DELIVER, channel, channel=channel)


def unspread(session: TenantSession) -> Sequence[Disclosure]:
    """Revisions that have no delivery at all yet; superseded ones never get any."""
    known = set(session.exec(select(Delivery.disclosure_id)))
    every = select(Disclosure).order_by(col(Disclosure.revision)).options(later(Disclosure.content))
    newest = {(row.kind, row.key): row for row in session.exec(every)}
    return [row for row in newest.values() if row.id not in known]


def reroute(session: TenantSession, office: Office, channel: str, ways: Mapping[str, Way]) -> None:
    """What waited for a plugin that did not answer goes to its ways, now that it does; what waits for one that is
    switched off is refused, until somebody starts it again.
    """
    if channel in ways:
        return
    plugin, _, name = channel.partition("/")
    own = [way for way in ways.values() if way.channel.partition("/")[0] == plugin]
    for row in session.exec(select(Delivery).where(Delivery.channel == channel, col(Delivery.state).in_(OPEN))).all():
        disclosure = session.find(Disclosure, row.disclosure_id)
        assert disclosure
        if name == ANY:
            row.state, row.next_at = DeliveryState.SUPERSEDED, None
            spread(session, office, own, (), [disclosure])
            _relieve(session, disclosure)
        else:
            row.state, row.next_at = DeliveryState.REFUSED, None
            row.error = {"code": "channel_gone", "params": {"channel": channel}}
        session.add(row)


def _relieve(session: TenantSession, disclosure: Disclosure) -> None:
    """Nobody has to enter by hand what a plugin serves after all."""
    rows = session.exec(select(Delivery).where(Delivery.disclosure_id == disclosure.id)).all()
    served = {row.duty for row in rows if not row.channel.startswith(f"{HAND}/")}
    for row in rows:
        if row.channel.startswith(f"{HAND}/") and row.duty in served and row.state in OPEN:
            row.state = DeliveryState.SUPERSEDED
            session.add(row)


def drain(sessions: Sessions, office: Office, way: Way) -> int:
    """Try what is due on a channel; how many things were confirmed. Asks for itself again if anything is left."""
    confirmed, begun = 0, time.monotonic()
    for n in range(ROUNDS):
        if n and time.monotonic() - begun > TURN:
            break
        with sessions() as session:
            attempt = take(session, office, way.channel)
        if attempt is None:
            break
        result = tried(way, attempt, office)
        with sessions() as session:
            confirmed += settle(session, way.channel, attempt, result)
    with sessions() as session:
        again = _next_at(session, way.channel)
        if again is not None:
            ask(session, DELIVER, way.channel, at=again, channel=way.channel)
    return confirmed


def take(session: TenantSession, office: Office, channel: str) -> Attempt | None:
    """What is to be tried now, claimed; None if nothing is due or the channel is left alone."""
    lock_tenant(session)
    moment, state = now(session), _state(session, channel)
    if state.open_until and state.open_until > moment:
        return None
    query = select(Delivery).where(Delivery.channel == channel, col(Delivery.state).in_(OPEN))
    if not state.open_until:
        query = query.where(col(Delivery.next_at) <= moment)
    row = session.exec(query.order_by(col(Delivery.next_at), col(Delivery.id)).limit(1)).first()
    if row is None:
        return None
    if state.open_until:
        state.open_until = moment + PAUSE
        session.add(state)
    row.attempts, row.tried_at, row.next_at = row.attempts + 1, moment, moment + CLAIM
    session.add(row)
    disclosure = session.find(Disclosure, row.disclosure_id)
    assert disclosure
    return Attempt(row.id, contents.disclosed(office, disclosure))


def tried(way: Way, attempt: Attempt, office: Office) -> Result:
    """One attempt, outside every transaction."""
    try:
        return Result(way.deliver(attempt.item, allowed(office, attempt.item)))
    except OutsideFailed as error:
        return Result(error=error.kept(), final=error.permanent)
    except ShuangsuiError as error:
        return Result(error=error.kept(), final=True)


def allowed(office: Office, item: Disclosed) -> list[str]:
    """Numbers that look like a person's and are public: the authority's own, and certificates of its officers."""
    content = item.content.result if isinstance(item.content, NoticeContent) else item.content
    officers = content.officers if isinstance(content, ResultContent) else ()
    return [*office.tenant.public_numbers, *(one.certificate for one in officers)]


def settle(session: TenantSession, channel: str, attempt: Attempt, result: Result) -> bool:
    """Note how an attempt ended, and what that says of the channel; whether it is confirmed now."""
    lock_tenant(session)
    row = session.find(Delivery, attempt.id)
    assert row
    _judge_channel(session, channel, result)
    if row.state not in OPEN:
        return False
    subject = _subject(attempt.item, channel)
    row.error = result.error
    if result.receipt and result.receipt.confirmed:
        confirm(session, row, attempt.item, receipt_of(result.receipt), CLOCK)
        return True
    if result.receipt:
        row.state, row.receipt = DeliveryState.HANDED_OVER, receipt_of(result.receipt)
    row.next_at = now(session) + backoff(row.attempts, str(row.id))
    if result.final:
        row.state, row.next_at = DeliveryState.REFUSED, None
        record(session, "disclosure.refused", actor=CLOCK, subject=subject, payload={"error": row.error})
        raise_alert(session, REFUSED, subject, level=AlertLevel.BREACH, article="第十四条", to=OFFICES)
    session.add(row)
    return False


def confirm(session: TenantSession, row: Delivery, item: Disclosed, receipt: Mapping[str, Any], actor: str) -> None:
    """The public sees it there; the receipt stays (R14.5)."""
    row.state, row.receipt, row.confirmed_at, row.next_at, row.error = (
        DeliveryState.CONFIRMED, dict(receipt), now(session), None, None
    )  # fmt: skip
    session.add(row)
    subject = _subject(item, row.channel)
    payload = {"revision": item.revision, "attempts": row.attempts, "receipt": row.receipt}
    record(session, "disclosure.confirm", actor=actor, subject=subject, payload=payload)
    clear_alert(session, REFUSED, subject)


def receipt_of(receipt: Receipt) -> dict[str, Any]:
    """The kept form."""
    at = receipt.at.isoformat() if receipt.at else None
    return {"reference": receipt.reference, "digest": receipt.digest, "at": at}


def _added(session: TenantSession, row: Disclosure, channel: str, duty: str, at: datetime | None) -> None:
    query = select(Delivery).where(Delivery.disclosure_id == row.id, Delivery.channel == channel)
    if session.exec(query).first() is None:
        session.add(Delivery(disclosure_id=row.id, channel=channel, duty=duty, next_at=at))


def _state(session: TenantSession, channel: str) -> ChannelState:
    found = session.exec(select(ChannelState).where(ChannelState.channel == channel)).one_or_none()
    return found or ChannelState(channel=channel)


def _judge_channel(session: TenantSession, channel: str, result: Result) -> None:
    """The breaker: an outage counts, an answer of any kind forgets them and lets everything go that waited."""
    state = _state(session, channel)
    if result.outage:
        state.failures, state.error = state.failures + 1, result.error
        if state.failures >= TRIES:
            state.open_until = now(session) + PAUSE
            raise_alert(session, DOWN, channel, facts=result.error, to=OFFICES)
        session.add(state)
    elif state.failures:
        state.failures, state.error = 0, None
        if state.open_until:
            state.open_until = None
            _let_go(session, channel)
            clear_alert(session, DOWN, channel)
        session.add(state)


def _let_go(session: TenantSession, channel: str) -> None:
    moment = now(session)
    waiting = select(Delivery).where(
        Delivery.channel == channel, Delivery.state == DeliveryState.WAITING, col(Delivery.next_at) > moment
    )
    for row in session.exec(waiting):
        row.next_at = moment
        session.add(row)


def _next_at(session: TenantSession, channel: str) -> datetime | None:
    """When the channel is to be served next; None if nothing waits for it."""
    open_ = select(Delivery.next_at).where(
        Delivery.channel == channel, col(Delivery.state).in_(OPEN), col(Delivery.next_at).is_not(None)
    )
    first = session.exec(open_.order_by(col(Delivery.next_at)).limit(1)).first()
    return first and max(first, _state(session, channel).open_until or first)


def _subject(item: Disclosed, channel: str) -> str:
    return f"{item.kind}/{item.key}@{channel}"
