"""The year of a plan by months."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from shuangsui.planning.grid import Made, Share, by_items, expected, spread, strata
from shuangsui.planning.policy import Terms
from shuangsui.registry.read import Placing
from shuangsui.registry.tables import ObjectStatus

ON = date(2026, 6, 15)
NOTHING = {"planned": 0, "drawn": 0, "done": 0}
BAD = {"kind": "penalty", "source": None, "since": "2026-01-01", "until": None}


def thing(risk_class: str | None = None, **columns: Any) -> Placing:
    """An active object of JX-11."""
    common = {"district": "渝中区", "industry": "C2671", "items": ["JX-11"], "flags": [], "status": ObjectStatus.ACTIVE}
    return Placing(risk_class=risk_class, **{**common, **columns})


def terms(**ratios: str) -> Terms:
    """Of these strata."""
    return Terms({name: Fraction(ratio) for name, ratio in ratios.items()})


@pytest.mark.parametrize(
    ("visits", "starts", "ends", "months"),
    [
        (8, (1, 1), (12, 31), [0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1]),
        (24, (1, 1), (12, 31), [2] * 12),
        (7, (3, 10), (5, 2), [0, 0, 2, 2, 3, *[0] * 7]),
        (5, (12, 1), (12, 31), [*[0] * 11, 5]),
        (0, (1, 1), (12, 31), [0] * 12),
    ],
)
def test_visits_are_spread_over_the_months_of_the_line(
    visits: int, starts: tuple[int, int], ends: tuple[int, int], months: list[int]
) -> None:
    """Evenly and in whole visits, none of them lost; a month that is only touched counts as one."""
    assert spread(visits, date(2026, *starts), date(2026, *ends)) == months


def test_lines_of_one_item_stand_in_one_row() -> None:
    """In the order of the plan; sums of the year, and what came of it in the month in which it came."""
    first = Share("JX-11", "用能", date(2026, 1, 1), date(2026, 2, 28), 4, [Made(date(2026, 1, 9), date(2026, 3, 2))])
    second = Share("JX-14", "电石", date(2026, 12, 1), date(2026, 12, 31), 1)
    third = Share("JX-11", "用能", date(2026, 2, 1), date(2026, 2, 28), 1, [Made(date(2026, 2, 3), None)])
    one, other = by_items([first, second, third], 2026)
    assert {name: one[name] for name in ("item", "title", *NOTHING)} == {
        "item": "JX-11", "title": "用能", "planned": 5, "drawn": 2, "done": 1,
    }  # fmt: skip
    assert one["months"] == [
        {"planned": 2, "drawn": 1, "done": 0}, {"planned": 3, "drawn": 1, "done": 0},
        {"planned": 0, "drawn": 0, "done": 1}, *[NOTHING] * 9,
    ]  # fmt: skip
    assert (other["item"], other["months"][-1]) == ("JX-14", {"planned": 1, "drawn": 0, "done": 0})


def test_what_ended_in_the_next_year_is_in_the_sum_only() -> None:
    """Its month is none of these twelve."""
    late = Share(
        "JX-11", "用能", date(2026, 12, 1), date(2026, 12, 31), 1, [Made(date(2026, 12, 30), date(2027, 1, 4))]
    )
    (row,) = by_items([late], 2026)
    assert (row["done"], [month["done"] for month in row["months"]]) == (1, [0] * 12)


def test_r10_4_objects_are_counted_in_the_stratum_that_a_draw_would_put_them_in() -> None:
    """Bad records of the kinds that count go first; who is closed, out of scope or of another item is not counted."""
    things = [
        thing("A"), thing("A"), thing("B"), thing("A", flags=[BAD]), thing("A", flags=[{**BAD, "kind": "other"}]),
        thing("A", status=ObjectStatus.REVOKED), thing("A", items=["JX-14"]), thing(None),
    ]  # fmt: skip
    lines = {1: ("JX-11", terms(FLAG="1/10", A="1/50", ALL="1/100")), 2: ("JX-14", terms(ALL="1"))}
    assert strata(things, lines, ["penalty"], ON) == {1: {"FLAG": 1, "A": 3, "ALL": 2}, 2: {"ALL": 1}}


def test_r7_2_scope_of_the_line_bounds_what_is_counted() -> None:
    """By district and by the beginning of the industry code."""
    narrow = Terms({"ALL": Fraction(1)}, districts=("渝中区",), industries=("C26",))
    things = [thing(), thing(district="江北区"), thing(industry="C3011"), thing(industry=None)]
    assert strata(things, {1: ("JX-11", narrow)}, [], ON) == {1: {"ALL": 1}}


def test_a_round_rounds_up_in_every_stratum() -> None:
    """As a draw does; a stratum without objects brings nothing."""
    assert expected(terms(A="1/50", B="3/100", D="1/20"), {"A": 50, "B": 50}) == 3
