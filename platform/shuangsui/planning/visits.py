"""The visit ledger 企业检查频次台账: every visit to an enterprise over all authorities, by visit date (R10.2, R17.5).

It never meets the once-a-year counter of article 10, which counts draws of one authority by plan year.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.ledger.keys import Keyring
from shuangsui.ledger.tenure import predecessors
from shuangsui.planning import caps
from shuangsui.planning.caps import Planned, Visited
from shuangsui.planning.indicator import Quarter, quarter_of
from shuangsui.planning.tables import VisitEntry
from shuangsui.tenancy.tenant import Tenant

PURPOSE = "visit-ledger"
RANDOM = ("random", "joint")
"""Types of tasks that a draw of objects makes, the only ones that article 10 counts."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit as the enterprise's frequency page lists it; ``trigger``: class of an exempt one."""

    on: date
    authority: str
    family: str
    type: str
    label: str
    trigger: str | None


def object_hash(keyring: Keyring, object_code: str) -> str:
    """The enterprise in the ledger: HMAC-SHA256 of its code under a key of the installation."""
    return hmac.new(keyring.derive(PURPOSE), object_code.encode(), "sha256").hexdigest()


def enter_visit(
    session: TenantSession,
    keyring: Keyring,
    *,
    object_code: str,
    family: str,
    on: date,
    type_: str,
    label: str = "",
    trigger: str | None = None,
    unlimited: bool = False,
) -> VisitEntry:
    """Write one visit of this authority; ``label`` is one of :mod:`planning.caps`, empty for a visit of its own."""
    entry = VisitEntry(
        authority=session.tenant, object_hash=object_hash(keyring, object_code), family=family, visited_on=on,
        type=type_, label=label, trigger=trigger, unlimited=unlimited,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    return entry


def frequency(session: TenantSession, keyring: Keyring, object_code: str, year: int) -> list[Seen]:
    """Every visit to an enterprise in a year, whoever made it, in order (R17.5)."""
    return [
        Seen(row.visited_on, row.authority, row.family, row.type, row.label, row.trigger)
        for row in _of_object(session, keyring, object_code, year)
    ]


def elsewhere(session: TenantSession, year: int, family: str) -> Counter[str]:
    """Enterprise in the ledger → visits of random inspections by other authorities; predecessors' own are counters."""
    query = select(VisitEntry.object_hash).where(
        VisitEntry.family == family,
        VisitEntry.visited_on >= date(year, 1, 1),
        VisitEntry.visited_on <= date(year, 12, 31),
        col(VisitEntry.authority).not_in({session.tenant, *predecessors(session)}),
        col(VisitEntry.type).in_(RANDOM),
        VisitEntry.label == "",
    )
    return Counter(session.exec(query))


def check_cap(session: TenantSession, keyring: Keyring, tenant: Tenant, object_code: str, visit: Planned) -> None:
    """Refuse a visit above a published cap of this authority, visits of its predecessors included; ``visit_cap``."""
    ours = {session.tenant, *predecessors(session)}
    mine = [
        Visited(row.family, row.label, row.unlimited)
        for row in _of_object(session, keyring, object_code, visit.on.year)
        if row.authority in ours
    ]
    caps.check([placed.entry for placed in tenant.caps], visit, mine)


def own_visits(session: TenantSession, since: date, until: date) -> Sequence[VisitEntry]:
    """This authority's visits from ``since`` to ``until``, both included."""
    query = select(VisitEntry).where(
        VisitEntry.authority == session.tenant, VisitEntry.visited_on >= since, VisitEntry.visited_on <= until
    )
    return session.exec(query.order_by(col(VisitEntry.visited_on), col(VisitEntry.id))).all()


def quarters_with_visits(session: TenantSession) -> list[Quarter]:
    """Quarters in which this authority made a visit, the newest first."""
    visits = own_visits(session, date.min, date.max)
    return sorted({quarter_of(visit.visited_on) for visit in visits}, reverse=True)


def _of_object(session: TenantSession, keyring: Keyring, object_code: str, year: int) -> Sequence[VisitEntry]:
    query = select(VisitEntry).where(
        VisitEntry.object_hash == object_hash(keyring, object_code),
        VisitEntry.visited_on >= date(year, 1, 1),
        VisitEntry.visited_on <= date(year, 12, 31),
    )
    return session.exec(query.order_by(col(VisitEntry.visited_on), col(VisitEntry.id))).all()
