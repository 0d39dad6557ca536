"""Draws under values that an authority may choose: how the cap counts, and whose inspections block."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from authority import Authority, inspectors, line_terms, objects
from ruled import ruled
from shuangsui.catalogue.service import item_in_force
from shuangsui.draws.office import get_file
from shuangsui.draws.tables import Draw
from shuangsui.planning.visits import enter_visit
from shuangsui.tenancy.schema import Scalar

LINE = line_terms(expert=False, ALL="4%", FLAG="50%")


@pytest.fixture
def listed(authority: Authority) -> Authority:
    """Two lines of one item with a cap of 5 %, each of which draws 8 of 200 objects."""
    authority.take_in(objects=objects(200), inspectors=inspectors(12))
    authority.publish_list()
    authority.publish_plan(("JX-11", LINE), ("JX-11", LINE))
    return authority


def statuses(authority: Authority, draw: Draw) -> dict[str, str]:
    """Object → status, as frozen."""
    with authority.session() as session:
        rows = csv.DictReader(io.StringIO(get_file(session, draw, "frame.csv").decode()))
        return {row["id"]: row["status"] for row in rows}


@pytest.mark.parametrize(
    ("values", "second"),
    [
        ({}, 2), ({"draw.cap_cumulative": False}, 8), ({"draw.cap_before_exclusion": False}, 1),
        ({"draw.cap_cumulative": False, "draw.cap_before_exclusion": False}, 8),
    ],
    ids=["default", "each batch", "after exclusion", "both"],
)  # fmt: skip
def test_r5_5_cap_counts_as_the_rules_say(
    listed: Authority, monkeypatch: pytest.MonkeyPatch, values: dict[str, Scalar], second: int
) -> None:
    """R5.5, A6: 8 are drawn; of 10 a year two are left, of 192 at 5 % one, of each batch's own 10 again 8."""
    ruled(monkeypatch, values)
    assert sum(listed.draw(line=1).draft["quota"].values()) == 8
    assert sum(listed.freeze(line=2).draft["quota"].values()) == second


@pytest.mark.parametrize("counts", [False, True])
def test_r10_1_inspections_of_other_authorities_count_where_the_rules_say_so(
    listed: Authority, monkeypatch: pytest.MonkeyPatch, counts: bool
) -> None:
    """R10.1, A7: a random inspection of the same family elsewhere; re-checks, other types and other years never."""
    codes = [row["code"] for row in objects(200)][:5]
    with listed.session() as session:
        family = item_in_force(session, "JX-11").family
    other = listed.beside("yuzhong")
    made = [
        ("2026-03-01", "random", ""), ("2026-03-01", "joint", ""), ("2026-03-01", "special", ""),
        ("2026-03-01", "random", "recheck"), ("2025-03-01", "random", ""),
    ]  # fmt: skip
    ruled(monkeypatch, {"frequency.shared_ledger_blocks": counts})
    with other.session() as session:
        for code, (on, type_, label) in zip(codes, made, strict=True):
            enter_visit(
                session, other.office.keyring, object_code=code, family=family, on=date.fromisoformat(on), type_=type_,
                label=label,
            )  # fmt: skip
    found = statuses(listed, listed.freeze(line=1))
    assert [found[code] for code in codes] == [*(["X10-1"] * 2 if counts else ["-"] * 2), "-", "-", "-"]
