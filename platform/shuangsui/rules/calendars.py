"""The calendar of one authority: the product's notices, those that it or the one above it took in, and its own days off
(R14.11).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.calendar import Calendar, Notice, official, read
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput
from shuangsui.ledger.alerts import Wanted, keep_open
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import AlertLevel
from shuangsui.rules.tables import CalendarNotice, PublishedNotice
from shuangsui.tenancy.tenant import Tenant

MISSING = "calendar_missing"
AMBER, RED = (10, 1), (12, 1)
"""From these days on the next year's notice is missed; it comes between late October and mid December."""
State = Literal["green", "amber", "red"]
STATES: tuple[State, ...] = ("green", "amber", "red")
"""From the best to the worst."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A notice that was taken in: by which authority, and its how manyeth import of the year that was."""

    authority: str
    n: int
    at: datetime
    notice: Notice


def in_force(session: TenantSession, tenant: Tenant) -> Calendar:
    """What was taken in goes before what the product brings for the same year."""
    notices = {notice.year: notice for notice in official().notices}
    notices |= {year: one.notice for year, one in taken(session, tenant).items()}
    return Calendar(tuple(notices[year] for year in sorted(notices)), frozenset(tenant.holidays))


def taken(session: TenantSession, tenant: Tenant) -> dict[int, Taken]:
    """The newest import of each year, the authority's own or that of the one above it."""
    every = sorted((*_from_above(session, tenant), *_own(session)), key=lambda one: one.at)
    return {one.notice.year: one for one in every}


def newest(session: TenantSession) -> str | None:
    """The name of the last notice that reached every authority; None if none ever did."""
    query = select(PublishedNotice.id).order_by(col(PublishedNotice.at).desc(), col(PublishedNotice.id).desc())
    found = session.exec(query.limit(1)).first()
    return None if found is None else str(found)


def _own(session: TenantSession) -> Iterator[Taken]:
    for row in session.exec(select(CalendarNotice).order_by(col(CalendarNotice.year), col(CalendarNotice.n))):
        yield Taken(session.tenant, row.n, row.at, read(row.file.encode()))


def _from_above(session: TenantSession, tenant: Tenant) -> Iterator[Taken]:
    """Nobody else's: an authority stands in nothing but its own line."""
    if tenant.parent is None:
        return
    query = select(PublishedNotice).where(PublishedNotice.authority == tenant.parent)
    for row in session.exec(query.order_by(col(PublishedNotice.year), col(PublishedNotice.n))):
        yield Taken(row.authority, row.n, row.at, read(row.file.encode()))


def take_in(session: TenantSession, tenant: Tenant, data: bytes, *, actor: str) -> Notice:
    """A new or amended notice, for the districts too; the days that are in force already leave no trace.

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
    file, moment = data.decode(), now(session)
    session.add(CalendarNotice(
        year=notice.year, n=n, file=file, digest=notice.digest, source=notice.source[:200], issued=notice.issued,
        by=actor, at=moment,
    ))  # fmt: skip
    if tenant.kind == "municipal":
        session.add(PublishedNotice(year=notice.year, n=n, file=file, at=moment))
    payload = {"n": n, "digest": notice.digest, "before": known.digest if known else None, "source": notice.source}
    record(session, "calendar.import", actor=actor, subject=f"calendar/{notice.year}", payload=payload)
    return notice


def health(calendar: Calendar, today: date) -> State:
    """Whether the next year's notice is missing at a time when it ought to be there."""
    known = {notice.year for notice in calendar.notices}
    if today.year not in known:
        return "red"
    if today.year + 1 in known or today < date(today.year, *AMBER):
        return "green"
    return "red" if today >= date(today.year, *RED) else "amber"


def watch(session: TenantSession, calendar: Calendar, today: date) -> None:
    """An alert that grows more serious, until the notice is there."""
    state, subject = health(calendar, today), f"calendar/{today.year + 1}"
    level = AlertLevel.BREACH if state == "red" else AlertLevel.WARN
    missed = Wanted(subject, level, article="第十四条", to=("system_admin",))
    keep_open(session, MISSING, [] if state == "green" else [missed])
