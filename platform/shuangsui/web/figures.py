"""What an operator watches of one authority: counts and spans of time, nothing that is about anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, func, select

from shuangsui.calendar import Calendar
from shuangsui.db import TenantSession, now
from shuangsui.disclosure.tables import Delivery, Term
from shuangsui.extension import checking
from shuangsui.ledger import rollback
from shuangsui.ledger.rollback import Standing
from shuangsui.ledger.tables import Alert
from shuangsui.outbox import OutboxRow, WorkState
from shuangsui.rules import calendars
from shuangsui.rules.calendars import State


@dataclass(frozen=True, slots=True)
class Figures:
    """``days_left``: working days until the first open term of publication ends, negative when it is over by so many
    calendar days, None without any. ``calendar``: whether the next year's notice is missed. ``lag``: seconds that the
    oldest piece of work is overdue. ``readonly``: the database is older than what was published; ``ledger``: what it
    was compared with.
    """

    days_left: int | None
    open_terms: int
    deliveries: Mapping[str, int]
    lag: float
    dead: int
    alerts: Mapping[str, int]
    plugins: Mapping[str, bool]
    readonly: bool
    ledger: Standing | None
    calendar: State


def figures(session: TenantSession, calendar: Calendar, today: date) -> Figures:
    """As they are now."""
    deliveries = select(Delivery.state, func.count(col(Delivery.id))).group_by(Delivery.state)
    alerts = select(Alert.level, func.count(col(Alert.id))).where(col(Alert.open).is_(True)).group_by(Alert.level)
    dead = select(func.count(col(OutboxRow.id))).where(OutboxRow.state == WorkState.DEAD)
    terms = select(func.min(Term.due), func.count(col(Term.id))).where(
        col(Term.met).is_(None), col(Term.due).is_not(None)
    )
    first, count = session.exec(terms).one()
    compared = rollback.standing(session)
    return Figures(
        None if first is None else _left(calendar, today, first),
        count,
        {str(state): n for state, n in session.exec(deliveries)},
        _lag(session),
        session.exec(dead).one(),
        {str(level): n for level, n in session.exec(alerts)},
        {name: row.ok for name, row in checking.latest(session).items()},
        compared is not None and compared.lag is not None,
        compared,
        calendars.health(calendar, today),
    )


def _left(calendar: Calendar, today: date, due: date) -> int:
    return calendar.count(today, due) if due >= today else (due - today).days


def _lag(session: TenantSession) -> float:
    waiting = select(func.min(OutboxRow.run_at)).where(OutboxRow.state == WorkState.NEW)
    first = session.exec(waiting).one()
    return max(0.0, (now(session) - first).total_seconds()) if first else 0.0
