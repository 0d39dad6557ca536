"""Whether the next year's notice is missed (R14.11), and the legal day by which that is judged."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsui.calendar import Calendar, Notice, official
from shuangsui.draws.freezing import legal_day
from shuangsui.rules.calendars import health

SHANGHAI = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)
DAYS = st.dates(date(2018, 1, 1), date(2035, 12, 31))


def known(*years: int) -> Calendar:
    """Notices of these years, made up."""
    nothing: frozenset[date] = frozenset()
    return Calendar(tuple(Notice(year, "模拟通知", date(year - 1, 11, 1), nothing, nothing) for year in years))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 9, 30), "green"), (date(2026, 10, 1), "amber"), (date(2026, 11, 30), "amber"),
        (date(2026, 12, 1), "red"), (date(2026, 12, 31), "red"), (date(2026, 1, 1), "green"),
    ],
)  # fmt: skip
def test_r14_11_health_turns_amber_on_1_october_and_red_on_1_december(day: date, state: str) -> None:
    """On the day itself, neither before nor after; with the notice it never does."""
    assert (health(known(2026), day), health(known(2026, 2027), day)) == (state, "green")


def test_r14_11_a_year_without_its_own_notice_is_red_whatever_the_day() -> None:
    """Nobody knows when terms end."""
    assert [health(known(2026), date(2027, month, 1)) for month in (1, 6, 12)] == ["red"] * 3
    assert health(known(2026, 2028), date(2027, 6, 1)) == "red"


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(2026, 9, 30, 15, 59, 59, tzinfo=UTC), "green"), (datetime(2026, 9, 30, 16, tzinfo=UTC), "amber"),
        (datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC), "amber"), (datetime(2026, 11, 30, 16, tzinfo=UTC), "red"),
    ],
)  # fmt: skip
def test_r14_11_health_turns_at_midnight_of_shanghai(moment: datetime, state: str) -> None:
    """Sixteen hours of UTC of the day before."""
    assert health(known(2026), legal_day(moment)) == state


@given(DAYS)
def test_r14_1_legal_day_changes_between_the_last_second_and_the_next(day: date) -> None:
    """23:59:59 belongs to the day, 00:00:00 and 00:00:01 to the next; whatever zone the moment is written in."""
    midnight = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    for zone in (SHANGHAI, UTC, ZoneInfo("America/New_York")):
        seen = [legal_day((midnight + offset).astimezone(zone)) for offset in (-SECOND, timedelta(), SECOND)]
        assert seen == [day, day + timedelta(days=1), day + timedelta(days=1)]


@given(st.dates(date(2026, 1, 1), date(2026, 10, 31)), st.integers(1, 20))
def test_r14_1_ends_on_both_sides_of_midnight_start_from_different_days(day: date, days: int) -> None:
    """Deadlines differ where both are working days, and are never the other way round."""
    calendar, midnight = official(), datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    before, after = (legal_day(midnight + offset) for offset in (-SECOND, SECOND))
    first, second = calendar.add(before, days).due, calendar.add(after, days).due
    assert first < second if calendar.is_workday(after) else first == second
