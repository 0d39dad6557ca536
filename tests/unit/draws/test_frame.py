"""Who takes part in a draw, by the rules of the day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from fairdraw.snapshot import Record
from shuangsui.draws import frame
from shuangsui.draws.frame import Circumstances
from shuangsui.planning.policy import Terms
from shuangsui.registry.read import ObjectEntry
from shuangsui.registry.tables import ObjectStatus

EVERY = ("complaints", "abnormal_list", "bad_credit", "penalty")
COMPLAINED: dict[str, str | None] = {"kind": "complaints", "source": "信访", "since": "2026-01-01", "until": None}
ONE = ObjectEntry(
    "91500104MALM7UH4K2", "某企业", "渝中区", None, None, "0610", "A", ["JX-11"], [COMPLAINED], ObjectStatus.ACTIVE
)


@pytest.mark.parametrize(
    ("kinds", "drawn", "placed"),
    [
        (EVERY, 1, ("FLAG", frame.ELIGIBLE)), (("penalty",), 1, ("A", frame.ALREADY)),
        (("penalty",), 0, ("A", frame.ELIGIBLE)),
    ],
)  # fmt: skip
def test_r10_4_only_the_records_that_the_rules_name_count(
    kinds: tuple[str, ...], drawn: int, placed: tuple[str, str]
) -> None:
    """``frequency.flags``: another one neither moves an object to the flagged stratum nor lifts its limit."""
    terms = Terms({"FLAG": Fraction(1, 10), "A": Fraction(1, 50)})
    row = frame.record(ONE, Circumstances(terms, date(2026, 6, 15), {ONE.code: drawn}, 1, True, kinds))
    assert (row.stratum, row.status) == placed


def test_r5_5_base_of_the_cap_with_and_without_those_drawn_already() -> None:
    """``draw.cap_before_exclusion``: the closed never count, the year's only if the rules say so."""
    statuses = [frame.ELIGIBLE] * 5 + [frame.ALREADY] * 3 + [frame.CLOSED] * 2 + [frame.OUT_OF_SCOPE]
    records = [Record(f"X{n}", "ALL", 1, status) for n, status in enumerate(statuses)]
    assert [frame.cap_base(records, already=already) for already in (True, False)] == [9, 6]
