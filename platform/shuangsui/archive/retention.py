"""How long an authority's records stay where they are: its inspection files, and the records of who signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from shuangsui.db import TenantSession, now
from shuangsui.errors import RuleRefused
from shuangsui.ledger import tenure
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.registry.history import legal
from shuangsui.succession.remaining import remaining
from shuangsui.tenancy.tenant import Tenant
from shuangsui.tenancy.tenure import KEEPS, Tenure, Turn

SECURITY = ("session.", "staff.", "token.", "user.", "password.", "factor.", "access.")
"""Beginnings of acts that are the log of 网络安全法第二十一条."""


@dataclass(frozen=True, slots=True)
class Duty:
    """``years`` for files after the last of their acts, ``days`` for security records."""

    years: int
    days: int

    @classmethod
    def of(cls, tenant: Tenant) -> Duty:
        """What the tenant's configuration says."""
        return cls(tenant.archive_years, tenant.retention_days)


def check(session: TenantSession, duty: Duty) -> None:
    """Whether everything of the tenant may be deleted.

    :class:`RuleRefused` ``archive_alive`` for one that was not merged or divided, ``archive_open`` while anything is
    under way, ``archive_retained`` with the day from which it may be.
    """
    if tenure.standing(session) is not Tenure.CLOSING:
        raise RuleRefused("archive_alive", tenant=session.tenant)
    if open_ := remaining(session):
        what = "、".join(f"{name} {count} 项" for name, count in open_.items())
        raise RuleRefused("archive_open", tenant=session.tenant, what=what)
    until = _kept_until(session, duty)
    if legal(now(session)) < until:
        raise RuleRefused("archive_retained", tenant=session.tenant, until=until.isoformat(), years=duty.years)


def _kept_until(session: TenantSession, duty: Duty) -> date:
    closed = min(one.since for one in tenure.changes(session) if one.turn is Turn.CLOSE)
    worked = _last(session, col(LedgerEntry.act).not_in(KEEPS)) or closed
    watched = _last(session, or_(*(col(LedgerEntry.act).startswith(start) for start in SECURITY))) or closed
    return max(_years_after(max(closed, worked), duty.years), max(closed, watched) + timedelta(days=duty.days))


def _last(session: TenantSession, acts: ColumnElement[bool]) -> date | None:
    """The day of the last of these acts."""
    moment = session.exec(select(LedgerEntry.time).where(acts).order_by(col(LedgerEntry.n).desc()).limit(1)).first()
    return legal(moment) if moment else None


def _years_after(day: date, years: int) -> date:
    """The same day; 29 February has 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
