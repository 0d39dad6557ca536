"""The calendar of one authority: the product's notices, those it took in itself, and its own days off (R14.11)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.calendar import Calendar, Notice, official, read
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput
from shuangsui.ledger.alerts import clear_others, raise_alert
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import AlertLevel
from shuangsui.rules.tables import CalendarNotice
from shuangsui.tenancy.tenant import Tenant

MISSING = "calendar_missing"
AMBER, RED = (10, 1), (12, 1)
"""From these days on the next year's notice is missed; it comes between late October and mid December."""


def in_force(session: TenantSession, tenant: Tenant) -> Calendar:
    """What an authority took in itself goes before what the product brings for the same year."""
    notices = {notice.year: notice for notice in official().notices} | own(session)
    return Calendar(tuple(notices[year] for year in sorted(notices)), frozenset(tenant.holidays))


def own(session: TenantSession) -> dict[int, Notice]:
    """The newest import of each year."""
    rows = session.exec(select(CalendarNotice).order_by(col(CalendarNotice.year), col(CalendarNotice.n)))
    return {row.year: read(row.file.encode()) for row in rows}


def take_in(session: TenantSession, tenant: Tenant, data: bytes, *, actor: str) -> Notice:
    """A new or amended notice; the days that are in force already are taken in without a trace.

    :class:`BadInput` ``notice_invalid``. Whoever calls this works out the open terms anew in the same transaction.
    """
    require(session, actor, "manage_settings")
    try:
        notice = read(data)
    except ValueError as error:
        raise BadInput("notice_invalid", problem=str(error)) from error
    lock_tenant(session)
    known = {one.year: one for one in in_force(session, tenant).notices}.get(notice.year)
    if known and known.digest == notice.digest:
        return known
    n = len(session.exec(select(CalendarNotice.id).where(CalendarNotice.year == notice.year)).all()) + 1
    session.add(CalendarNotice(
        year=notice.year, n=n, file=data.decode(), digest=notice.digest, source=notice.source[:200],
        issued=notice.issued, by=actor, at=now(session),
    ))  # fmt: skip
    payload = {"n": n, "digest": notice.digest, "before": known.digest if known else None, "source": notice.source}
    record(session, "calendar.import", actor=actor, subject=f"calendar/{notice.year}", payload=payload)
    return notice


def health(calendar: Calendar, today: date) -> Literal["green", "amber", "red"]:
    """Whether the next year's notice is missing at a time when it ought to be there."""
    known = {notice.year for notice in calendar.notices}
    if today.year not in known:
        return "red"
    if today.year + 1 in known or today < date(today.year, *AMBER):
        return "green"
    return "red" if today >= date(today.year, *RED) else "amber"


def watch(session: TenantSession, calendar: Calendar, today: date) -> None:
    """An alert that grows more serious, until the notice is there."""
    state, year = health(calendar, today), today.year + 1
    if state != "green":
        level = AlertLevel.BREACH if state == "red" else AlertLevel.WARN
        raise_alert(session, MISSING, f"calendar/{year}", level=level, article="第十四条", to=("system_admin",))
    clear_others(session, MISSING, {f"calendar/{year}"} if state != "green" else set())
