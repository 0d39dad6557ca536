"""What a person does where a delivery does not go by itself: start it again, or enter a receipt got by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.disclosure import contents, deliveries, terms
from shuangsui.disclosure.policy import LEFT, DeliveryState
from shuangsui.disclosure.tables import ChannelState, Delivery, Disclosure
from shuangsui.disclosure.ways import HAND
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger.alerts import clear_alert
from shuangsui.ledger.service import record
from shuangsui.outbox import ask

ARTICLE = "第十四条"


def replay(session: TenantSession, id_: UUID, *, actor: str) -> Delivery:
    """Try it again now, a dead letter included; ``delivery_closed`` where nothing is left to do."""
    require(session, actor, "publish")
    lock_tenant(session)
    row = find(session, id_)
    if row.state not in LEFT or row.channel.startswith(f"{HAND}/"):
        raise RuleRefused("delivery_closed", article=ARTICLE, channel=row.channel, subject=subject_of(session, row))
    _restart(session, row, actor)
    return row


def replay_channel(session: TenantSession, channel: str, *, actor: str) -> int:
    """Every dead letter of a channel, and whatever waits for it; how many there are."""
    require(session, actor, "publish")
    lock_tenant(session)
    query = select(Delivery).where(Delivery.channel == channel, col(Delivery.state).in_(LEFT))
    rows: Sequence[Delivery] = [] if channel.startswith(f"{HAND}/") else session.exec(query).all()
    for row in rows:
        _restart(session, row, actor)
    return len(rows)


def receive(
    session: TenantSession, office: Office, id_: UUID, *, reference: str, seen_on: date, actor: str
) -> Delivery:
    """What somebody saw with their own eyes where it was entered by hand: the number or address there, and the day.

    The only receipt that a receiver without a plugin can give; it also helps where a plugin cannot (R14.5).
    """
    require(session, actor, "publish")
    lock_tenant(session)
    row, reference = find(session, id_), reference.strip()
    if not reference:
        raise BadInput("receipt_unfounded")
    disclosure = session.find(Disclosure, row.disclosure_id)
    assert disclosure
    if not disclosure.published_on <= seen_on <= legal_day(now(session)):
        raise BadInput("receipt_day", day=seen_on, first=disclosure.published_on)
    if row.state in (DeliveryState.CONFIRMED, DeliveryState.SUPERSEDED):
        raise RuleRefused("delivery_closed", article=ARTICLE, channel=row.channel, subject=subject_of(session, row))
    receipt = {"reference": reference, "digest": None, "at": seen_on.isoformat(), "by": actor}
    deliveries.confirm(session, row, contents.disclosed(office, disclosure), receipt, actor)
    session.flush()
    terms.settle(session)
    return row


def find(session: TenantSession, id_: UUID) -> Delivery:
    """:class:`NotFound` ``delivery_missing``."""
    row = session.find(Delivery, id_)
    if row is None:
        raise NotFound("delivery_missing", id=id_)
    return row


def subject_of(session: TenantSession, row: Delivery) -> str:
    """``kind/key`` of what it delivers."""
    disclosure = session.find(Disclosure, row.disclosure_id)
    assert disclosure
    return f"{disclosure.kind}/{disclosure.key}"


def _restart(session: TenantSession, row: Delivery, actor: str) -> None:
    """Now, and whatever the breaker says."""
    row.state = DeliveryState.HANDED_OVER if row.receipt else DeliveryState.WAITING
    row.next_at, row.error = now(session), None
    session.add(row)
    state = session.exec(select(ChannelState).where(ChannelState.channel == row.channel)).one_or_none()
    if state and state.open_until:
        state.open_until = now(session)
        session.add(state)
    subject = f"{subject_of(session, row)}@{row.channel}"
    record(session, "disclosure.replay", actor=actor, subject=subject, payload={"attempts": row.attempts})
    clear_alert(session, deliveries.REFUSED, subject)
    ask(session, deliveries.DELIVER, row.channel, channel=row.channel)
