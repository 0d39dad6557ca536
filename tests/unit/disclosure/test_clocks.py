"""The two clocks of article 14, and the ladder of warnings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsui.calendar import official
from shuangsui.disclosure.clocks import (
    Clock,
    Examination,
    Rung,
    Since,
    Terms,
    batch_clock,
    decision_clock,
    in_force,
    is_report_late,
    ladder,
    object_clock,
    reached,
    target,
)
from shuangsui.rules.service import for_tenant, load

ROOT = Path(__file__).parents[3]
CALENDAR = official()
DAYS = st.dates(date(2026, 1, 1), date(2026, 10, 31))


def on(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


@pytest.fixture(scope="module")
def terms() -> Terms:
    """Those of the municipal commission."""
    tree = load(ROOT / "tenants", on("03-01"))
    return Terms.of(for_tenant(tree, "chongqing", on("03-01")))


def due(clock: Clock) -> date | None:
    found = clock.deadline(CALENDAR)
    return found.due if found else None


def test_terms_come_from_the_rules(terms: Terms) -> None:
    """Their defaults, as the register of requirements has them."""
    assert terms == Terms(20, True, True, 5, True, 20, 10, (50, 75, 90), 15, 7, "国办发〔2018〕118号“加强事后公开”")


def test_r14_2_object_is_due_although_its_batch_is_open(terms: Terms) -> None:
    """A done on 1 June and B on 30 June: A is due 20 working days after 1 June."""
    one = object_clock(on("06-01"), None, terms)
    batch = batch_clock([on("06-01"), None], None, on("06-20"), terms, CALENDAR)
    assert (due(one), batch.since) == (on("06-30"), Since.RUNNING)
    assert in_force(one, batch, terms, CALENDAR) == (one, CALENDAR.add(on("06-01"), 20))


def test_r14_2_batch_runs_from_its_last_object(terms: Terms) -> None:
    """Read by the batch alone, A is due with B."""
    loose = replace(terms, per_object=False)
    one, batch = (
        object_clock(on("06-01"), None, loose),
        batch_clock([on("06-01"), on("06-30")], None, on("07-01"), loose, CALENDAR),
    )
    assert in_force(one, batch, loose, CALENDAR) == (batch, CALENDAR.add(on("06-30"), 20))


@pytest.mark.parametrize(("today", "since"), [("06-22", Since.RUNNING), ("06-23", Since.LEFT_OPEN)])
def test_r14_3_batch_left_open_runs_from_the_planned_end(terms: Terms, today: str, since: Since) -> None:
    """Planned for 12 June; five working days later, with a holiday between, is 22 June."""
    clock = batch_clock([on("06-01"), None], on("06-12"), on(today), terms, CALENDAR)
    assert (clock.since, clock.start) == (since, on("06-12") if since is Since.LEFT_OPEN else None)


def test_r14_3_batch_closed_too_late_gains_nothing(terms: Terms) -> None:
    """Its last object ended after the grace: the term still runs from the planned end."""
    late = batch_clock([on("06-01"), on("07-10")], on("06-12"), on("07-10"), terms, CALENDAR)
    in_time = batch_clock([on("06-01"), on("06-22")], on("06-12"), on("07-10"), terms, CALENDAR)
    assert (late.start, in_time.start) == (on("06-12"), on("06-22"))


def test_r14_4_tested_object_leaves_the_clock_until_its_report(terms: Terms) -> None:
    """Then a fresh term runs; it is nobody else's."""
    test = Examination(on("06-02"), expected=on("07-01"))
    waiting = object_clock(on("06-01"), test, terms)
    batch = batch_clock([on("06-03")], None, on("06-10"), terms, CALENDAR)
    assert (waiting, in_force(waiting, batch, terms, CALENDAR)) == (Clock(Since.TESTING), None)
    back = object_clock(on("06-01"), replace(test, reported=on("07-08")), terms)
    found = in_force(back, batch, terms, CALENDAR)
    assert found is not None
    assert (found[0], found[1].due) == (Clock(Since.REPORTED, on("07-08"), 20), CALENDAR.add(on("07-08"), 20).due)


def test_r14_4_missing_report_is_asked_for(terms: Terms) -> None:
    """Ten working days after it was expected, not earlier, and not once it is there."""
    test = Examination(on("06-02"), expected=on("07-01"))
    days = [is_report_late(test, on(day), terms, CALENDAR) for day in ("07-15", "07-16")]
    assert days == [False, True]
    assert not is_report_late(replace(test, reported=on("07-15")), on("07-16"), terms, CALENDAR)


def test_r14_9_ladder_of_a_term_of_twenty_days(terms: Terms) -> None:
    """After working days 10, 15 and 18; with 5, 2 and 0 left. The inspection ended on 1 June."""
    rungs = ladder(Clock(Since.ENDED, on("06-01"), 20), terms, CALENDAR)
    assert [(rung.on, rung.percent, rung.left) for rung in rungs] == [
        (on("06-16"), 50, None), (on("06-23"), None, 5), (on("06-24"), 75, None), (on("06-26"), None, 2),
        (on("06-27"), 90, None), (on("06-30"), None, 0),
    ]  # fmt: skip
    assert [reached(rungs, on(day)) for day in ("06-15", "06-16", "06-30")] == [None, rungs[0], rungs[-1]]


def test_r14_9_own_target_is_earlier_than_the_term_or_none(terms: Terms) -> None:
    """The fifteenth working day; of a term that is no longer than that there is no other."""
    found = [target(Clock(Since.ENDED, on("06-01"), days), terms, CALENDAR) for days in (20, 16, 15, 10)]
    assert found == [on("06-23"), on("06-23"), None, None]


def test_clock_that_stands_warns_of_nothing(terms: Terms) -> None:
    """No first day, no rungs, no target."""
    standing = Clock(Since.TESTING)
    assert (ladder(standing, terms, CALENDAR), target(standing, terms, CALENDAR)) == ([], None)


@given(DAYS, st.lists(DAYS, max_size=4), st.one_of(st.none(), DAYS), DAYS)
def test_both_clocks_are_met(terms: Terms, ended: date, others: list[date], planned: date | None, today: date) -> None:
    """What is in force is never later than either clock alone."""
    one, batch = object_clock(ended, None, terms), batch_clock([ended, *others], planned, today, terms, CALENDAR)
    found = in_force(one, batch, terms, CALENDAR)
    assert found is not None
    assert all(found[1].due <= last for last in (due(one), due(batch)) if last)


def test_r15_4_decision_is_public_within_seven_working_days_of_its_day(terms: Terms) -> None:
    """国办发〔2018〕118号: the day of the decision does not count; what is owed to nobody has no day."""
    assert due(decision_clock(on("03-02"), terms, owed=True)) == on("03-11")
    assert due(decision_clock(on("09-24"), terms, owed=True)) == on("10-12")
    assert decision_clock(on("03-02"), terms, owed=False) == Clock(Since.DROPPED)


def test_r14_9_short_term_has_the_rungs_that_fit_into_it(terms: Terms) -> None:
    """Four, six and seven days of seven; five, two and none left; the own target is no earlier, so there is none."""
    clock = decision_clock(on("03-02"), terms, owed=True)
    assert [(rung.on, rung.percent, rung.left) for rung in ladder(clock, terms, CALENDAR)] == [
        (on("03-04"), None, 5), (on("03-07"), 50, None), (on("03-09"), None, 2), (on("03-11"), 75, None),
        (on("03-11"), None, 0), (on("03-12"), 90, None),
    ]  # fmt: skip
    assert target(clock, terms, CALENDAR) is None
    assert reached(ladder(clock, terms, CALENDAR), on("03-11")) == Rung(on("03-11"), left=0)
