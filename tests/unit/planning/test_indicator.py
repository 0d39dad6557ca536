"""The back-door indicator (R17.3)."""

from __future__ import annotations

from datetime import date

import pytest

from shuangsui.planning.indicator import Quarter, quarter_of, share
from shuangsui.planning.tables import VisitEntry


def visits(type_: str, n: int, label: str = "") -> list[VisitEntry]:
    """``n`` visits of one type."""
    return [
        VisitEntry(
            authority="x", object_hash="", family="", visited_on=date(2026, 5, 1), type=type_, label=label, trigger=None
        )
        for _ in range(n)
    ]


@pytest.mark.parametrize(("exempt", "amber"), [(30, False), (31, True)])
def test_r17_3_indicator_turns_amber_above_the_threshold(exempt: int, amber: bool) -> None:
    """R17.3: exactly 30 % is not above 30 %."""
    found = share(Quarter(2026, 2), visits("random", 100 - exempt) + visits("special", exempt), 30)
    assert (found.visits, found.exempt, found.amber) == (100, exempt, amber)


def test_r17_3_every_type_outside_the_draw_counts() -> None:
    """Special, clue and instant are exempt; random and joint are not; re-checks and second attempts dilute nothing."""
    all_types = [one for type_ in ("random", "joint", "special", "clue", "instant") for one in visits(type_, 1)]
    more = visits("random", 50, "recheck") + visits("random", 50, "again") + visits("random", 1, "merged")
    found = share(Quarter(2026, 2), all_types + more, 30)
    assert (found.visits, found.exempt) == (6, 3)


def test_quarter_without_visits_is_not_amber() -> None:
    """Nothing is no share."""
    assert not share(Quarter(2026, 2), [], 0).amber


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-01-01", "2026-01-01", "2026-03-31"),
        ("2026-06-30", "2026-04-01", "2026-06-30"),
        ("2026-07-01", "2026-07-01", "2026-09-30"),
        ("2026-12-31", "2026-10-01", "2026-12-31"),
    ],
)
def test_quarter_of_a_day(day: str, first: str, last: str) -> None:
    """First and last day belong to it."""
    quarter = quarter_of(date.fromisoformat(day))
    assert (quarter.first.isoformat(), quarter.last.isoformat()) == (first, last)
