"""What files did to the registries: who, when, from which source, from what to what (R6.5), and how long ago (R6.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.sql import ColumnElement
from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.registry.policy import Content
from shuangsui.registry.tables import ChangeKind, RegistryChange, RegistryImport
from shuangsui.tenancy.tenant import TIMEZONE

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Past:
    """One change of one row, and the import that made it."""

    at: datetime
    actor: str
    source: str
    kind: str
    key: str
    change: ChangeKind
    before: Content | None
    after: Content | None


def last_import(session: TenantSession, kind: str) -> RegistryImport | None:
    """The newest file of ``kind``, with changes or without: its age is the age of the feed."""
    query = select(RegistryImport).where(RegistryImport.kind == kind)
    return session.exec(query.order_by(col(RegistryImport.at).desc(), col(RegistryImport.id).desc())).first()


def last_day(session: TenantSession, kind: str, feed: str) -> date | None:
    """The newest day whose state a feed has handed over."""
    query = select(RegistryImport).where(RegistryImport.kind == kind, RegistryImport.feed == feed)
    newest = session.exec(query.order_by(col(RegistryImport.day).desc())).first()
    return newest.day if newest else None


def legal(moment: datetime) -> date:
    """The legal day of a moment."""
    return moment.astimezone(ZoneInfo(TIMEZONE)).date()


def as_of(taken: RegistryImport) -> date:
    """The legal day whose state a file is: that of its arrival, or an earlier one which its feed states (R6.4)."""
    arrived = legal(taken.at)
    return min(arrived, taken.day or arrived)


def tally(session: TenantSession, kind: str, since: datetime) -> dict[str, int]:
    """How many rows the files since a moment added, changed and removed; the counts are those of the imports."""
    names = ("added", "changed", "removed")
    query = select(RegistryImport).where(RegistryImport.kind == kind, RegistryImport.at >= since)
    files = session.exec(query).all()
    return {name: sum(getattr(file, name) for file in files) for name in names}


def changes_between(
    session: TenantSession,
    kind: str,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    key: str | None = None,
) -> Iterator[Past]:
    """Changes from ``since`` up to and without ``until``, oldest first, streamed; of one row with ``key``."""
    query = (
        select(RegistryChange, RegistryImport)
        .join(RegistryImport, col(RegistryImport.id) == RegistryChange.import_id)
        .where(RegistryChange.kind == kind, *_limits(since, until, key))
        .order_by(col(RegistryImport.at), col(RegistryChange.id))
    )
    for change, source in session.exec(query.execution_options(yield_per=BATCH)):
        yield _past(change, source)


def _limits(since: datetime | None, until: datetime | None, key: str | None) -> list[ColumnElement[bool]]:
    found = []
    if since is not None:
        found.append(col(RegistryImport.at) >= since)
    if until is not None:
        found.append(col(RegistryImport.at) < until)
    if key is not None:
        found.append(col(RegistryChange.key) == key)
    return found


def _past(change: RegistryChange, source: RegistryImport) -> Past:
    facts = (change.kind, change.key, change.change, change.before, change.after)
    return Past(source.at, source.actor, source.source, *facts)
