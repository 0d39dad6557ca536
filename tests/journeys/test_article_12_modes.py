"""Article 12: by papers, on site or over the network; whoever needs no visit is not visited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from authority import inspectors, line_terms, objects
from inspecting import Team
from shuangsui.inspections.states import RecordState
from story import Story


@dataclass
class Told:
    """A task by papers from its dispatch to the end, and what was refused on the way."""

    view: dict[str, Any]
    unjustified: str
    refused: list[str]


@pytest.fixture(scope="module")
def told(story: Story) -> Told:
    """An item that allows papers and visits, every object drawn."""
    authority = story.authority
    authority.take_in(objects=objects(4, "JX-02"), inspectors=inspectors(12))
    authority.publish_list()
    authority.publish_plan(("JX-02", line_terms(expert=False, ALL="100%")))
    draw = authority.draw()
    unjustified = story.refused("task", "dispatch", draw.no, "--mode", "onsite", by="lead")
    made = story.done("task", "dispatch", draw.no, by="lead")
    return _by_papers(story, made[0]["no"], unjustified)


def _by_papers(story: Story, no: str, unjustified: str) -> Told:
    """Accepted, written, submitted: no notice, no arrival, no signature of the enterprise."""
    story.done("task", "accept", no, by="inspection")
    team = Team(story.authority, no, None).people()  # type: ignore[arg-type]
    arrival = ("visit", "check-in", no, "--person", team[0], "--place", "厂区大门")
    refused = [story.refused(*arrival, by="inspection")]
    submit = ("task", "submit", no, "--leader", team[0], "--category", "no_problem")
    refused.append(story.refused(*submit, by="inspection"))
    story.done("visit", "write", no, story.answers(no), by="inspection")
    story.done(*submit, by="inspection")
    story.done("finding", "close", no, by="inspection")
    return Told(story.done("task", "show", no, by="inspection"), unjustified, refused)


def test_r12_1_review_of_papers_has_a_record_of_its_own(told: Told) -> None:
    """R12.1: it replaces that of a visit: concluded, with nobody's arrival and nobody's signature."""
    record = told.view["record"]
    assert (told.view["mode"], told.view["state"], told.view["visits"]) == ("document", "closed", [])
    assert (record["state"], record["signatures"]) == (RecordState.CONCLUDED, [])
    assert told.view["results"][0]["category_names"] == ["未发现问题"]


def test_r12_1_steps_of_a_visit_do_not_exist_without_one(told: Told) -> None:
    """R12.1: nobody checks in; the end without a record is refused as well."""
    assert told.refused == ["not_onsite", "record_missing"]


def test_r12_2_visit_is_justified_where_papers_would_do(told: Told) -> None:
    """R12.2: on site without a reason is refused; without a choice it is by papers."""
    assert (told.unjustified, told.view["mode_reason"]) == ("onsite_unjustified", "")
