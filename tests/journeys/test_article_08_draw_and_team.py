"""Article 8: objects, team and experts come from published numbers, and anybody may repeat it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from authority import experts, inspectors
from fairdraw.failures import Failure
from fairdraw.selection import select, work_order
from fairdraw.snapshot import read
from story import Story, verified


@pytest.fixture(scope="module")
def result(drawn: Story) -> dict[str, Any]:
    """``result.json``."""
    return dict(json.loads(drawn.files()["result.json"]))


def test_r8_1_ordered_list_is_repeated_from_seed_and_snapshot(drawn: Story, result: dict[str, Any]) -> None:
    """R8.1: with nothing but the published seed, rows and plan."""
    files = drawn.files()
    plan, entries = json.loads(files["plan.json"]), [json.loads(line) for line in files["log.jsonl"].splitlines()]
    seed = next(bytes.fromhex(entry["body"]["seed"]) for entry in entries if entry["kind"] == "RESULT")
    snapshot = read(files["rows.txt"], plan)
    again = select(snapshot, plan["quota"], seed, plan["suite"])
    order = work_order(snapshot, again.objects, seed, plan["suite"])
    assert [task.b.hex() for task in order] == result["order"] == [task["b"] for task in drawn.view()["tasks"]]


def test_r8_2_team_is_two_different_officers_and_nobody_waits_behind_them(result: dict[str, Any]) -> None:
    """R8.2: of twelve; the result names who goes and no list of substitutes."""
    pool = {row["cert_no"] for row in inspectors(12)}
    teams = result["teams"]["slots"]
    assert {(len(team), len(set(team)), set(team) <= pool) for team in teams} == {(2, 2, True)}
    assert sorted(result["teams"]) == ["attempt", "slots", "unfilled"]


def test_r8_4_task_is_not_closed_before_the_leader_submitted(drawn: Story) -> None:
    """R8.4: everything is written and signed, and still nobody closes it."""
    one = drawn.dispatched()[0].until("submit")
    assert drawn.refused("finding", "close", one.no, by="inspection") == "task_state"
    leader = one.people()[0]
    drawn.done("task", "submit", one.no, "--leader", leader, "--category", "no_problem", by="inspection")
    drawn.done("finding", "close", one.no, by="inspection")


def test_r8_5_expert_is_drawn_and_cannot_be_typed(drawn: Story, result: dict[str, Any]) -> None:
    """R8.5: one of the five for every task; no command takes a name."""
    pool = {row["expert_no"] for row in experts(5)}
    assert {(len(seats), set(seats) <= pool) for seats in result["experts"]["slots"]} == {(1, True)}
    words = ("draw", "replace", drawn.draw.no, "--task", 0, "--pool", "experts", "--person", "ZJ0001")
    assert drawn.run(*words, by="lead").status == 2


def test_r8_6_any_changed_byte_fails(drawn: Story) -> None:
    """R8.6: one byte in each file of the transcript, in turn."""
    files = drawn.files()
    unnoticed = []
    for name in ("plan.json", "rows.txt", "result.json", "log.jsonl"):
        data = bytearray(files[name])
        data[len(data) // 2] ^= 1
        try:
            verified(files | {name: bytes(data)})
        except Failure:
            continue
        unnoticed.append(name)
    assert unnoticed == []


def test_r8_8_more_than_everybody_is_refused(drawn: Story) -> None:
    """R8.8: a ratio above 100 % is no ratio, for a key item either."""
    drawn.done("plan", "new", "--year", 2026, "--reason", "年中调整", by="lead")
    line = ("--year", 2026, "--item", "JX-13", "--ratio", "ALL=101%", "--from", "2026-01-01", "--to", "2026-12-31")
    assert drawn.refused("plan", "add", *line, by="lead") == "ratio_invalid"
