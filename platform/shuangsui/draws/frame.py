"""Who takes part in a draw: statuses of objects and people, pure. The kernel knows the codes from srd-1 4.2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from fairdraw.snapshot import Record
from shuangsui.planning.policy import Terms, active_flags, counting, in_scope, stratum_of
from shuangsui.registry.read import ObjectEntry

ELIGIBLE, ALREADY, RECUSED, CLOSED, OUT_OF_SCOPE = "-", "X10-1", "X9", "XCLOSED", "XSCOPE"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides a status besides the object: the line, the day, who was drawn already, who cannot be inspected."""

    terms: Terms
    on: date
    drawn: Mapping[str, int]
    """Object code → draws of this item family in the plan year that were not released."""
    limit: int
    """Draws a year and object that the item allows (R10.1, R10.3)."""
    flagged_exempt: bool
    flags: Collection[str]
    """The kinds of bad records that count (R10.4)."""
    recused: frozenset[str] = frozenset()
    """Object codes for which no team can be formed."""
    allowances: Mapping[str, int] = field(default_factory=dict)
    """Object code → draws above the limit that approved overrides allow (R10.6)."""


def record(thing: ObjectEntry, c: Circumstances) -> Record:
    """The object's row: its stratum, weight 1, and the first reason that keeps it out."""
    strata, flags = tuple(c.terms.ratios), counting(thing.flags, c.flags)
    stratum = stratum_of(thing.risk_class, flags, strata, c.on)
    flagged = bool(active_flags(flags, c.on))
    return Record(thing.code, stratum or strata[0], 1, _status(thing, c, placed=stratum is not None, flagged=flagged))


def _status(thing: ObjectEntry, c: Circumstances, *, placed: bool, flagged: bool) -> str:
    if thing.status != "active":
        return CLOSED
    if not placed or not in_scope(c.terms, thing.district, thing.industry):
        return OUT_OF_SCOPE
    counted = not (c.flagged_exempt and flagged)
    if counted and c.drawn.get(thing.code, 0) >= c.limit + c.allowances.get(thing.code, 0):
        return ALREADY
    return RECUSED if thing.code in c.recused else ELIGIBLE


def cap_base(records: Iterable[Record], *, already: bool = True) -> int:
    """N of R5.5: the item's active objects, whatever line and recusals keep out of this draw.

    ``already``: with those that the year keeps out.
    """
    return sum(1 for r in records if r.status not in ((CLOSED,) if already else (CLOSED, ALREADY)))


def excluded(records: Iterable[Record]) -> dict[str, int]:
    """How many objects each code keeps out."""
    return dict(Counter(r.status for r in records if r.status != ELIGIBLE))
