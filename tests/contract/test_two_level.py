"""Two-level draws: from both published transcripts alone, the district inspects what the municipality drew."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from authority import Authority
from databases import SqliteFiles
from fairdraw.canonical import parse
from fairdraw.failures import Failure
from fairdraw.snapshot import blind
from fairdraw.suites import hasher
from fairdraw.vectors import judge
from shuangsui import db
from shuangsui.draws import feasibility
from shuangsui.draws.parentage import check_parent
from transcripts import replan
from two_levels import district_draw, municipal_draw, published

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def pair(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Files, Files]]:
    """Child and parent as published; made once, no test changes them."""
    database = sqlite_files.create()
    engine = db.engine(database.app, simulated_clock=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feasibility, "TRIALS", 3)
        authority = Authority(engine, tmp_path_factory.mktemp("two-level"))
        parent = municipal_draw(authority)
        district, child = district_draw(authority, parent)
        yield published(district, child), published(authority, parent)
    engine.dispose()
    sqlite_files.drop(database)


def test_both_blinded_ids_follow_from_the_openings(pair: tuple[Files, Files]) -> None:
    """Every object of the district: its code gives its row in both snapshots; the plan names the parent's hashes."""
    child, parent = pair
    h = hasher("sha256")
    openings = [json.loads(files["openings.json"]) for files in pair]
    codes = [{o["id"]: blind(o["id"], bytes.fromhex(o["salt"]), h).hex() for o in each.values()} for each in openings]
    rows = [{line[:64] for line in files["rows.txt"].decode().splitlines()} for files in pair]
    drawn = set(json.loads(parent["result.json"])["order"])
    kinship = check_parent(child, parent)
    assert kinship.pairs == {code: (codes[1][code], b) for code, b in codes[0].items()}
    assert {b for _, b in kinship.pairs.values()} == rows[0]
    assert {b for b, _ in kinship.pairs.values()} <= rows[1] & drawn
    assert (kinship.opened, kinship.objects) == (len(rows[0]), len(rows[0]))


def test_parent_of_the_plan_is_what_the_municipal_log_says(pair: tuple[Files, Files]) -> None:
    """``ext.parent`` equals origin, plan hash and result hash in the municipality's public log."""
    child, parent = pair
    entries = [parse(line) for line in parent["log.jsonl"].splitlines()]
    by_kind = {entry["kind"]: entry for entry in entries}
    said = parse(child["plan.json"])["ext"]["parent"]
    assert said == {
        "origin": by_kind["PLAN"]["origin"],
        "plan_hash": by_kind["PLAN"]["body"]["plan_hash"],
        "result_hash": by_kind["RESULT"]["body"]["hash"],
    }


def test_both_transcripts_verify_for_themselves(pair: tuple[Files, Files]) -> None:
    """Objects without people above, all objects with people below: each is an ordinary draw to any verifier."""
    child, parent = pair
    assert [judge(files, None)[0] for files in (child, parent)] == ["VERIFIED unwitnessed"] * 2
    assert (parse(parent["plan.json"])["teams"], parse(child["plan.json"])["rules"]["strata"]) == (
        None,
        {"ALL": {"ratio": "1/1", "floor": 0, "cap": None}},
    )


@pytest.mark.parametrize("name", ["origin", "plan_hash", "result_hash"])
def test_tampered_parent_fails(pair: tuple[Files, Files], name: str) -> None:
    """A child that names another parent is refused before anything else of it is believed."""
    child, parent = pair

    def lie(plan: dict[str, object]) -> None:
        plan["ext"]["parent"][name] = "0" * 64  # type: ignore[index]

    with pytest.raises(Failure):
        check_parent(replan(child, lie), parent)


def test_parent_with_another_result_fails(pair: tuple[Files, Files]) -> None:
    """The transcript of another draw is nobody's parent."""
    child, _ = pair
    with pytest.raises(Failure) as caught:
        check_parent(child, child)
    assert caught.value.code == "PARENT"
