"""The back-door indicator (R17.3): what share of a quarter's visits was outside the draw; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shuangsui.planning.caps import AGAIN, RECHECK
from shuangsui.planning.tables import VisitEntry

EXEMPT = ("special", "clue", "instant")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year, ``n`` from 1."""

    year: int
    n: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.n - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return (date(self.year + 1, 1, 1) if self.n == 4 else date(self.year, 3 * self.n + 1, 1)) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Share:
    """Numbers only; ``amber`` above the authority's threshold."""

    quarter: Quarter
    visits: int
    exempt: int
    threshold: int

    @property
    def amber(self) -> bool:
        """Strictly above, in whole numbers: 30 of 100 is not amber at 30 %, 31 is."""
        return self.exempt * 100 > self.threshold * self.visits


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def share(quarter: Quarter, visits: Sequence[VisitEntry], threshold: int) -> Share:
    """The indicator of a quarter; what follows another visit of the same inspection dilutes nothing."""
    counted = [one for one in visits if one.label not in (RECHECK, AGAIN)]
    return Share(quarter, len(counted), sum(one.type in EXEMPT for one in counted), threshold)
