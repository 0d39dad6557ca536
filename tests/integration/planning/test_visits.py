"""The visit ledger on both databases (R10.2 (b), R15.3, R17.5)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from shuangsui.errors import RuleRefused
from shuangsui.ledger.keys import Keyring
from shuangsui.planning.caps import Planned
from shuangsui.planning.service import drawn_in_year
from shuangsui.planning.tables import VisitEntry
from shuangsui.planning.visits import Seen, check_cap, enter_visit, frequency, object_hash, quarters_with_visits
from shuangsui.tenancy.annexes import CapEntry, Placed
from shuangsui.tenancy.tree import load

Scope = Callable[..., Any]
CODE = "91500104MALM7UH4K2"
ROOT = Path(__file__).parents[3]
CAP = CapEntry(per_year=1, basis="文号", published_on=date(2026, 1, 1))


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    """The installation's master key."""
    return Keyring(tmp_path / "master.key")


def visit(session: Any, keyring: Keyring, on: str = "2026-06-01", type_: str = "random", **more: Any) -> VisitEntry:
    """One visit to the enterprise."""
    day = date.fromisoformat(on)
    return enter_visit(session, keyring, object_code=CODE, family="节能", on=day, type_=type_, **more)


def test_r17_5_frequency_lists_visits_of_all_authorities_with_type_and_trigger(scope: Scope, keyring: Keyring) -> None:
    """R17.5: a complaint-driven visit of another authority stands beside the random one."""
    with scope("liangjiang") as session:
        visit(session, keyring, "2026-07-01", "special", trigger="complaint")
    with scope("chongqing") as session:
        visit(session, keyring)
        assert frequency(session, keyring, CODE, 2026) == [
            Seen(date(2026, 6, 1), "chongqing", "节能", "random", "", None),
            Seen(date(2026, 7, 1), "liangjiang", "节能", "special", "", "complaint"),
        ]
        assert frequency(session, keyring, "91500104OTHER00000", 2026) == []


def test_r10_2_visit_counts_in_the_year_of_its_date(scope: Scope, keyring: Keyring) -> None:
    """R10.2: drawn on 2026-12-20 and visited on 2027-01-10, it is of 2027 here."""
    with scope("chongqing") as session:
        visit(session, keyring, "2027-01-10")
        assert [len(frequency(session, keyring, CODE, year)) for year in (2026, 2027)] == [0, 1]


def test_r15_3_recheck_is_labelled_and_leaves_the_other_counter_alone(scope: Scope, keyring: Keyring) -> None:
    """R15.3: the art. 10 counter of X is unchanged and the ledger holds an entry labelled re-check."""
    with scope("chongqing") as session:
        visit(session, keyring, label="recheck")
        assert [seen.label for seen in frequency(session, keyring, CODE, 2026)] == ["recheck"]
        assert drawn_in_year(session, 2026, "节能") == {}


def test_enterprise_is_a_keyed_hash(scope: Scope, keyring: Keyring, tmp_path: Path) -> None:
    """No code in the row, and none to be guessed without the installation's key."""
    with scope("chongqing") as session:
        row = visit(session, keyring)
        stored = session.exec(select(VisitEntry.object_hash)).one()
    other = Keyring(tmp_path / "other.key")
    assert stored == row.object_hash == object_hash(keyring, CODE)
    assert CODE not in str(row.model_dump())
    assert object_hash(other, CODE) != stored


def test_derived_key_survives_the_process(keyring: Keyring, tmp_path: Path) -> None:
    """The same master key gives the same ledger; another purpose another key."""
    shutil.copy(tmp_path / "master.key", tmp_path / "copy.key")
    again = Keyring(tmp_path / "copy.key")
    assert again.derive("visit-ledger") == keyring.derive("visit-ledger")
    assert keyring.derive("visit-ledger") != keyring.derive("something else")


def test_r10_2_cap_counts_visits_of_the_own_authority_only(scope: Scope, keyring: Keyring) -> None:
    """The cap is one of the same authority at the same enterprise."""
    tenant = load(ROOT / "tenants").get("chongqing")
    capped = replace(tenant, caps=(Placed(CAP, "caps.toml", 1),))
    planned = Planned("某企业", "JX-11", "节能", "B", date(2026, 8, 1))
    with scope("liangjiang") as session:
        visit(session, keyring)
    with scope("chongqing") as session:
        check_cap(session, keyring, capped, CODE, planned)
        visit(session, keyring, "2026-02-01")
        check_cap(session, keyring, tenant, CODE, planned)
        check_cap(session, keyring, capped, CODE, replace(planned, on=date(2027, 1, 1)))
        with pytest.raises(RuleRefused, match="visit_cap"):
            check_cap(session, keyring, capped, CODE, planned)


def test_quarters_are_those_of_the_own_visits(scope: Scope, keyring: Keyring) -> None:
    """The newest first."""
    with scope("liangjiang") as session:
        visit(session, keyring, "2025-01-01")
    with scope("chongqing") as session:
        for day in ("2026-01-05", "2026-08-01", "2026-09-30"):
            visit(session, keyring, day)
        assert [(quarter.year, quarter.n) for quarter in quarters_with_visits(session)] == [(2026, 3), (2026, 1)]
