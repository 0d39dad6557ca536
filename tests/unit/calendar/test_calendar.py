"""Working days with make-up days (R14.1, requirements/calendar)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsui.calendar import Calendar, Deadline, official


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        ("2026-01-30", "2026-03-05"),
        ("2026-02-14", "2026-03-20"),
        ("2026-02-16", "2026-03-20"),
        ("2026-08-28", "2026-09-24"),
        ("2026-09-04", "2026-10-09"),
        ("2026-09-30", "2026-11-03"),
    ],
)
def test_r14_1_twenty_working_days(ended: str, due: str) -> None:
    """The table of R14.1: make-up days count, the day of the event does not."""
    assert official().add(date.fromisoformat(ended), 20) == Deadline(date.fromisoformat(due), provisional=False)


@pytest.mark.parametrize(("year", "workdays"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year: int, workdays: int) -> None:
    """Counted from the last day of the year before."""
    assert official().count(date(year - 1, 12, 31), date(year, 12, 31)) == workdays


def test_r14_11_term_into_an_unannounced_year_is_provisional() -> None:
    """No notice for 2027, and the one to come may still move the last days of 2026."""
    assert not official().add(date(2026, 11, 27), 20).provisional
    assert official().add(date(2026, 11, 30), 20).provisional


@given(st.dates(date(2024, 1, 1), date(2026, 11, 1)), st.integers(1, 30))
def test_due_day_is_worked_and_counts_back(start: date, n: int) -> None:
    """``count`` is the inverse of ``add``, and a later start is never due earlier."""
    due = official().add(start, n).due
    assert (official().is_workday(due), official().count(start, due)) == (True, n)
    assert official().add(start + timedelta(days=1), n).due >= due


def test_calendar_without_notices_knows_weekends_only() -> None:
    """Every term is provisional then."""
    assert Calendar(()).add(date(2026, 10, 1), 1) == Deadline(date(2026, 10, 2), provisional=True)
