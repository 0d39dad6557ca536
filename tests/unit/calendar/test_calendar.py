"""Working days with make-up days (R14.1, R14.11, requirements/calendar)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shuangsui.calendar import Calendar, Deadline, Notice, Why, official, read

KNOWN = range(2018, 2027)
DAYS = st.dates(date(2018, 1, 1), date(2026, 12, 31))
TERMS = st.integers(1, 30)


def on(text: str) -> date:
    return date.fromisoformat(text)


def firm(due: str) -> Deadline:
    """A term that no notice to come can move."""
    return Deadline(on(due), provisional=False, formula=on(due), latest=on(due))


def announced(off: tuple[str, ...] = ("2027-01-01",), worked: tuple[str, ...] = ()) -> Calendar:
    """The calendar with a notice for 2027."""
    days = frozenset(map(on, off)), frozenset(map(on, worked))
    return Calendar((*official().notices, Notice(2027, "模拟的2027年通知", on("2026-12-01"), *days)))


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
    assert official().add(on(ended), 20) == firm(due)


@pytest.mark.parametrize(
    ("ended", "formula", "earliest"),
    [
        ("2026-11-30", "2026-12-28", "2026-12-26"),
        ("2026-12-03", "2026-12-31", "2026-12-29"),
        ("2026-12-04", "2027-01-04", "2026-12-30"),
        ("2026-12-10", "2027-01-08", "2027-01-06"),
        ("2026-12-31", "2027-01-29", "2027-01-27"),
    ],
)
def test_r14_11_earliest_possible_day_is_enforced(ended: str, formula: str, earliest: str) -> None:
    """Without a notice for 2027: what the decree alone says, and what is enforced."""
    found = official().add(on(ended), 20)
    assert (found.due, found.formula, found.provisional) == (on(earliest), on(formula), True)
    assert found.latest >= found.formula


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        ("2026-11-20", "2026-12-18"), ("2026-11-27", "2026-12-25"), ("2026-11-28", "2026-12-25"),
        ("2026-11-29", "2026-12-25"),
    ],
)  # fmt: skip
def test_r14_11_term_that_ends_before_26_december_is_firm(ended: str, due: str) -> None:
    """No notice ever moved a day before that."""
    assert official().add(on(ended), 20) == firm(due)


def test_r14_11_notice_without_a_make_up_day_makes_it_firm() -> None:
    """Enforced was 30 December; it becomes the day by the decree."""
    assert announced().add(on("2026-12-04"), 20) == firm("2027-01-04")


def test_r14_11_notice_with_a_make_up_day_in_december() -> None:
    """One working day earlier than by the decree, one later than what was enforced."""
    assert announced(worked=("2026-12-27",)).add(on("2026-12-04"), 20) == firm("2026-12-31")


def test_r14_1_derivation_counts_every_day() -> None:
    """Which day is the third, and why a day does not count."""
    steps = official().derive(on("2026-09-30"), 2)
    assert [(step.day.day, step.why, step.n) for step in steps] == [
        (1, Why.OFF, None), (2, Why.OFF, None), (3, Why.WEEKEND, None), (4, Why.WEEKEND, None), (5, Why.OFF, None),
        (6, Why.OFF, None), (7, Why.OFF, None), (8, Why.WORKED, 1), (9, Why.WORKED, 2),
    ]  # fmt: skip
    assert [step.why for step in official().derive(on("2026-12-25"), 2)] == [Why.CANDIDATE, Why.CANDIDATE]


@pytest.mark.parametrize("year", KNOWN)
def test_notices_agree_with_two_independent_calendars(year: int) -> None:
    """Day by day; neither of them is asked for a legal date when the program runs."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    other = holidays.China(years=year)
    ours = [official().is_workday(day) for day in days]
    assert ours == [chinese_calendar.is_workday(day) for day in days] == [other.is_working_day(day) for day in days]


@pytest.mark.parametrize("year", range(2027, 2046))
def test_days_off_by_decree_agree_with_an_independent_calendar(year: int) -> None:
    """Weekdays off without any notice; days given for a holiday on a weekend are the notice's to give."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    named = {day for day, name in holidays.China(years=year).items() if "observed" not in name}
    weekdays = [day for day in days if day.weekday() < 5]
    assert [day for day in weekdays if not official().is_workday(day)] == [day for day in weekdays if day in named]


@pytest.mark.parametrize(("year", "workdays"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year: int, workdays: int) -> None:
    """Counted from the last day of the year before."""
    assert official().count(date(year - 1, 12, 31), date(year, 12, 31)) == workdays


@given(DAYS, TERMS)
def test_due_day_is_worked_and_counts_back(start: date, n: int) -> None:
    """``count`` is the inverse of ``add`` for a firm term; a later start is never due earlier."""
    found = official().add(start, n)
    if not found.provisional:
        assert (official().is_workday(found.due), official().count(start, found.due)) == (True, n)
    assert start < found.due <= found.formula <= found.latest
    assert official().add(start + timedelta(days=1), n).due >= found.due


@given(DAYS, TERMS, st.data())
def test_one_make_up_day_less_is_never_earlier(start: date, n: int, data: st.DataObject) -> None:
    """Nor is one holiday more."""
    whole = official()
    notice = data.draw(st.sampled_from(whole.notices))
    gone = data.draw(st.sampled_from(sorted(notice.make_up_days)))
    fewer = replace(notice, make_up_days=notice.make_up_days - {gone})
    others = tuple(one for one in whole.notices if one.year != notice.year)
    assert Calendar((*others, fewer)).add(start, n).due >= whole.add(start, n).due
    assert Calendar(whole.notices, extra=frozenset({data.draw(DAYS)})).add(start, n).due >= whole.add(start, n).due


@given(DAYS, TERMS)
def test_consecutive_working_days_are_due_on_different_days(start: date, n: int) -> None:
    """An event a second before midnight and one a second after it start from different days."""
    after = start + timedelta(days=1)
    assume(official().is_workday(start) and official().is_workday(after))
    first, second = official().add(start, n), official().add(after, n)
    assume(not second.provisional)
    assert first.due < second.due


def test_extra_holiday_of_one_authority() -> None:
    """It is off there and nowhere else, even if the notice has it worked; the version says that days differ."""
    own = Calendar(official().notices, extra=frozenset({on("2026-10-10"), on("2026-08-03")}))
    assert [own.why(day) for day in sorted(own.extra)] == [Why.EXTRA, Why.EXTRA]
    assert (own.add(on("2026-07-31"), 1).due, official().add(on("2026-07-31"), 1).due) == (
        on("2026-08-04"),
        on("2026-08-03"),
    )
    assert own.version != official().version == Calendar(tuple(reversed(official().notices))).version


def test_calendar_without_notices_knows_the_decree_only() -> None:
    """Every term is provisional then."""
    found = Calendar(()).add(on("2030-10-01"), 1)
    assert (found.due, found.provisional) == (on("2030-10-04"), True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"days_off": ["2027-01-02"]}, "days_off 中的 2027-01-02 是周末"),
        ({"make_up_days": ["2027-01-04"]}, "make_up_days 中的 2027-01-04 不是周末"),
        ({"make_up_days": ["2028-05-06"]}, "2028-05-06 不在 2027 年"),
        ({"source": None}, "缺少 source"),
    ],
)
def test_wrong_notice_says_what_is_wrong(change: dict[str, object], said: str) -> None:
    """Before anything is counted by it."""
    import json

    whole = {"year": 2027, "source": "通知", "issued": "2026-11-20", "days_off": ["2027-01-01"], "make_up_days": []}
    data = {name: value for name, value in (whole | change).items() if value is not None}
    with pytest.raises(ValueError, match=f"^{said}$"):
        read(json.dumps(data).encode())
