"""Article 15: what was found is decided, followed and finished, and the public sees both results."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from inspecting import Team
from shuangsui.cli.walk import Course
from shuangsui.planning import service as planning
from story import Story

FOUND = Course(("pending",), {"1": "发现淘汰设备一台"})


@dataclass
class Told:
    """Two inspections with a finding each: one put right after its term, one handed over."""

    right: Team
    before: dict[str, int]
    refused: list[str]
    alerts: list[list[tuple[str, str]]]
    findings: list[dict[str, Any]]
    results: list[dict[str, Any]]


def watched(story: Story, kind: str) -> list[tuple[str, str]]:
    """Subjects and levels of one kind of alert after today's look."""
    return [(one["subject"], one["level"]) for one in story.done("watch") if one["kind"] == kind]


def counters(story: Story, team: Team) -> dict[str, int]:
    """Draws of the year that count."""
    with story.authority.session() as session:
        return dict(planning.drawn_in_year(session, 2026, team.read().family))


@pytest.fixture(scope="module")
def told(drawn: Story) -> Told:
    """Inspected on 15 June; looked at in July and in August."""
    right, other, *_ = drawn.dispatched(FOUND, FOUND)
    right.whole()
    other.whole()
    before = counters(drawn, right)
    refused = [drawn.refused("finding", "close", right.no, by="inspection")]
    drawn.authority.wait(days=16)
    alerts = [watched(drawn, "finding_undisposed")]
    refused += _handed_over(drawn, other)
    due = (drawn.authority.today + timedelta(days=46)).isoformat()
    demand = ("--disposition", "rectify", "--demand", "拆除淘汰设备", "--due", due)
    drawn.done("finding", "dispose", right.no, 1, *demand, by="lead")
    drawn.authority.wait(days=30)
    alerts.append(watched(drawn, "rectification_overdue"))
    drawn.authority.wait(days=1)
    alerts.append(watched(drawn, "rectification_overdue"))
    refused += _put_right(drawn, right)
    alerts.append(watched(drawn, "rectification_overdue"))
    drawn.done("task", "finalise", right.no, "--category", "corrected", by="lead")
    drawn.done("finding", "close", right.no, by="inspection")
    view = drawn.done("task", "show", right.no, by="inspection")
    return Told(right, before, refused, alerts, view["findings"], view["results"])


def _handed_over(drawn: Story, team: Team) -> list[str]:
    """To another agency; closed with its receipt only."""
    drawn.done("finding", "dispose", team.no, 1, "--disposition", "transfer", "--to", "市场监管部门", by="lead")
    refused = [drawn.refused("finding", "close", team.no, by="inspection")]
    drawn.done("finding", "receipt", team.no, 1, "--number", "收文〔2026〕8号", by="lead")
    drawn.done("finding", "close", team.no, by="inspection")
    return refused


def _put_right(drawn: Story, team: Team) -> list[str]:
    """Proof, a look on site by the team, the re-check by somebody else."""
    drawn.done("finding", "proof", team.no, 1, "--statement", "设备已拆除", by="inspection")
    refused = [drawn.refused("finding", "recheck", team.no, 1, "--passed", by="inspection")]
    people = [word for person in team.people() for word in ("--person", person)]
    drawn.done("finding", "revisit", team.no, 1, *people, by="inspection")
    drawn.done("finding", "recheck", team.no, 1, "--passed", by="checker")
    return refused


def test_r15_1_finding_is_decided_before_the_task_is_closed_and_alarmed_when_forgotten(told: Told) -> None:
    """R15.1: refused at once; after ten working days the alarm names both tasks."""
    assert told.refused[0] == "finding_open"
    assert [level for _, level in told.alerts[0]] == ["breach", "breach"]
    assert f"task/{told.right.no}/1" in dict(told.alerts[0])


def test_r15_2_term_that_passes_without_proof_is_a_breach_on_the_next_day(told: Told) -> None:
    """R15.2: not on the last day; on the day after; no more once the proof is there and checked."""
    (finding,) = told.findings
    breach = [(f"rectification/{finding['rectification']['no']}", "breach")]
    assert told.alerts[1:] == [[], breach, []]
    assert (finding["rectification"]["state"], finding["rectification"]["checked_by"]) == ("passed", "checker")


def test_r15_2_who_took_the_proof_in_does_not_check_it(told: Told) -> None:
    """R15.2: maker and checker."""
    assert told.refused[2] == "same_person"


def test_r15_3_look_on_site_is_labelled_and_counts_in_no_year(drawn: Story, told: Told) -> None:
    """R15.3: the enterprise's ledger has it as a re-check; the counter of article 10 is what it was."""
    task = told.right.read()
    visits = drawn.done("plan", "visits", task.object_code, "--year", 2026)
    assert [one["label"] for one in visits] == ["", "recheck"]
    assert counters(drawn, told.right) == told.before
    assert told.before[task.object_code] == 1


def test_r15_4_transfer_is_closed_with_its_receipt(told: Told) -> None:
    """R15.4: refused without."""
    assert told.refused[1] == "transfer_receipt_missing"


def test_r15_5_both_results_are_public_and_point_to_each_other(drawn: Story, told: Told) -> None:
    """R15.5: 发现问题待后续处理 stays, the final one follows it."""
    assert [one["categories"] for one in told.results] == [["pending"], ["corrected"]]
    drawn.done("disclosure", "decide", told.right.no, by="lead")
    folder = drawn.at.var / "public/chongqing/results"
    keys = [f"{drawn.draw.no}-0", f"{drawn.draw.no}-0-2"]
    assert [(folder / f"{key}.json").is_file() for key in keys] == [True, True]
    rows = json.loads((folder / "index.json").read_text("utf-8"))["results"]
    assert [(row["outcome"], row["follows"], row["followed_by"]) for row in rows] == [
        ("发现问题经责令已改正", keys[0], None),
        ("发现问题待后续处理", None, keys[1]),
    ]
