"""Who may be drawn into teams (articles 6, 8, 9)."""

from __future__ import annotations

from datetime import date

import pytest

from shuangsui.draws.people import Crew, Interest, Person, crew, pool, recusals, require_team, unmannable
from shuangsui.errors import RuleRefused
from shuangsui.planning.policy import Seats

ON = date(2026, 5, 10)


def person(
    id_: str, *, lead: bool = False, quals: tuple[str, ...] = (), ready: bool = True, to: str = "2030-01-01"
) -> Person:
    """An inspector of one office."""
    return Person(id_, "执法处", quals, lead, ready, date.fromisoformat(to))


@pytest.mark.parametrize(("to", "ready"), [("2026-05-10", 1), ("2026-05-09", 0)])
def test_r6_2_last_day_of_a_certificate_counts(to: str, ready: int) -> None:
    """R6.2: expired yesterday is out as ``cert_expired``, the last valid day is in."""
    found = crew([person("1", to=to)], ON)
    assert len(found.people) == ready
    assert found.out == ({} if ready else {"cert_expired": 1})


def test_people_off_duty_are_out() -> None:
    """Only people on duty are drawn."""
    assert crew([person("1", ready=False), person("2")], ON).out == {"off_duty": 1}


@pytest.mark.parametrize(
    ("since", "until", "lasts"),
    [(None, None, True), ("2026-05-10", None, True), ("2026-05-11", None, False), (None, "2026-05-09", False)],
)
def test_r9_1_interest_counts_while_it_lasts(since: str | None, until: str | None, lasts: bool) -> None:
    """R9.1: open ends count, both days included."""
    days = [date.fromisoformat(day) if day else None for day in (since, until)]
    found = recusals(crew([person("1")], ON), [Interest("1", "X", *days)], ON)
    assert found == ({"X": {"1"}} if lasts else {})


def test_interest_of_somebody_not_in_the_pool_is_left_out() -> None:
    """A plan's recusal pairs name people of its pool only."""
    assert recusals(crew([person("1")], ON), [Interest("9", "X", None, None)], ON) == {}


def team() -> Crew:
    """One leader, two others."""
    return crew([person("1", lead=True), person("2", quals=("节能",)), person("3")], ON)


def test_r9_4_object_without_a_possible_team_is_unmannable() -> None:
    """R9.4: no leader left, or fewer than two people left."""
    recused = {"X": {"1"}, "Y": {"2", "3"}, "Z": {"2"}}
    assert unmannable(team(), recused, Seats(2)) == {"X", "Y"}


def test_object_without_a_qualified_person_left_is_unmannable() -> None:
    """The only holder of the qualification must withdraw."""
    assert unmannable(team(), {"Z": {"2"}}, Seats(2, "节能")) == {"Z"}


@pytest.mark.parametrize(
    ("people", "seats", "code"),
    [
        ([person("1", lead=True)], Seats(2), "team_below_two"),
        ([person("1"), person("2")], Seats(2), "no_leader"),
        ([person("1", lead=True), person("2")], Seats(2, "民爆"), "unqualified"),
    ],
)
def test_pool_without_any_team_is_refused(people: list[Person], seats: Seats, code: str) -> None:
    """Refused before anything is committed."""
    with pytest.raises(RuleRefused) as caught:
        require_team(crew(people, ON), seats)
    assert caught.value.code == code


def test_r6_2_refusal_says_whose_certificate_expired() -> None:
    """R6.2: the reason is in the message."""
    people = [person("1", lead=True), person("2", to="2026-05-09")]
    with pytest.raises(RuleRefused) as caught:
        require_team(crew(people, ON), Seats(2))
    assert caught.value.params["out"] == "证件过期（cert_expired）1 人"


def test_caps_leave_room_for_every_task() -> None:
    """Seats offered are at least the seats needed, for everybody and for leaders alone."""
    found = crew([person(f"{i:02}", lead=i < 4) for i in range(20)], ON)
    made = pool(found, Seats(2), 120, per_day=10, strata=["A"], two_offices=False)
    assert 20 * made["cap"] >= 240
    assert 4 * made["cap"] >= 120
    assert 4 * made["day_cap"] >= 10
    assert made["need"] == {}
