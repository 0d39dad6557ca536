"""Article 16: the enterprise says how it was treated, and who looked at it and how long they stayed is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from story import Story

WORD = "检查人员要求提供午餐"


@dataclass
class Told:
    """A visit of 95 minutes, rated afterwards; how the unit and the supervisor see it."""

    view: dict[str, Any]
    early: str
    units: list[str]
    read: list[dict[str, Any]]
    again: str
    accesses: list[tuple[str, str]]
    object_code: str


@pytest.fixture(scope="module")
def told(drawn: Story) -> Told:
    """From arrival to the supervisor's desk."""
    team, *_ = drawn.dispatched()
    team.until("leave")
    drawn.authority.wait(minutes=95)
    leader = ("--leader", team.people()[0], "--category", "no_problem")
    early = drawn.refused("task", "submit", team.no, *leader, by="inspection")
    team.leave()
    team.submit()
    unit = drawn.refused("feedback", "link", team.no, by="inspection")
    token = drawn.done("feedback", "link", team.no, by="lead")["token"]
    word = ("feedback", "answer", token, "--rating", 2, "--text", WORD)
    assert drawn.run(*word).status == 0
    again, units = drawn.refused(*word), [unit, drawn.refused("feedback", "read", by="inspection")]
    read = drawn.done("feedback", "read", by="supervisor")
    code = team.read().object_code
    return Told(
        drawn.done("task", "show", team.no, by="inspection"), early, units, read, again, _opened(drawn, code), code
    )


def _opened(drawn: Story, code: str) -> list[tuple[str, str]]:
    """The file is opened by the unit that has the task and by an office that has none."""
    for office in ("inspection", "business"):
        drawn.done("registry", "history", "objects", "--key", code, by=office)
    day = drawn.authority.today.isoformat()
    report = ("ledger", "openings", "--from", day, "--to", day)
    assert drawn.refused(*report, by="business") == "not_allowed"
    return [(one["actor"], one["object_code"]) for one in drawn.done(*report, by="supervisor")]


def test_r16_1_word_of_the_enterprise_goes_past_the_unit(told: Told) -> None:
    """R16.1: whoever opens the task sees neither rating nor author; the supervisor reads both; one word a visit."""
    assert (told.units, told.again) == (["not_allowed", "not_allowed"], "feedback_link")
    assert [(one["task"], one["rating"], one["text"]) for one in told.read] == [(told.view["no"], 2, WORD)]
    assert WORD not in str(told.view)
    assert [name for name in told.view if "feedback" in name or "rating" in name] == []


def test_r16_2_file_opened_without_a_task_is_in_the_audit_report(told: Told) -> None:
    """R16.2: that of the unit with the task is not."""
    assert told.accesses == [("business", told.object_code)]


def test_r16_3_length_of_the_visit_is_computed(told: Told) -> None:
    """R16.3: the record was not taken before the team had left."""
    assert (told.early, told.view["visits"][0]["minutes"]) == ("exit_missing", 95)
