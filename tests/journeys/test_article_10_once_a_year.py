"""Article 10: one object is drawn for one item once a year; what the law or a bad record says stands above it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from authority import Rows, experts, inspectors, line_terms, objects
from inspecting import ON_SITE, Team
from shuangsui.cli.walk import Course
from shuangsui.draws.tables import Draw
from shuangsui.inspections import tasks
from shuangsui.planning import service as planning
from story import Story

FEW = {"A": "1%", "B": "1%", "C": "1%", "D": "1%", "FLAG": "2%"}


def registry(*flags: str) -> Rows:
    """200 objects of two items; the last ones carry ``flags``."""
    rows = [row | {"items": "JX-11；JX-14", "flags": ""} for row in objects(200)]
    rows[0]["items"] += "；JX-02"
    for row, flag in zip(reversed(rows), flags, strict=False):
        row["flags"] = flag
    return rows


@dataclass
class Told:
    """Snapshots of December, and the team that was drawn then and went in January."""

    same_item: dict[str, Any]
    other_item: dict[str, Any]
    drawn: int
    cancelled: str
    late: Team
    before: list[Any]
    monthly: list[dict[str, Any]]


def counted(story: Story, year: int, family: str) -> dict[str, int]:
    """Draws that count, by object."""
    with story.authority.session() as session:
        return dict(planning.drawn_in_year(session, year, family))


@pytest.fixture(scope="module")
def told(story: Story) -> Told:
    """A draw in June, inspected but for one task that is cancelled; two more in December; a visit in January."""
    authority = story.authority
    authority.take_in(objects=registry(), inspectors=inspectors(12), experts=experts(5))
    authority.publish_list()
    monthly = replace(line_terms(expert=False, ALL="100%"), rounds=2)
    few = line_terms(**FEW)
    authority.publish_plan(("JX-11", few), ("JX-11", line_terms()), ("JX-14", few), ("JX-02", monthly))
    rounds = [authority.draw(line=4, round_=n).draft["snapshot"] for n in (1, 2)]
    story.draw = authority.draw()
    first, *others = story.dispatched()
    cancelled = others[0].read().object_code
    first.whole()
    story.done("task", "cancel", others[0].no, "--reason", "对象已停产", by="lead")
    authority.wait(days=188)
    flags = ("行政处罚|市监处罚〔2025〕9号|2025-01-01|2026-12-01", "行政处罚|市监处罚〔2026〕1号|2026-05-01|")
    authority.take_in(objects=registry(*flags), inspectors=inspectors(12), experts=experts(5))
    same = authority.draw(line=2)
    other = authority.freeze(line=3)
    late = _sent(story, same)
    before = story.done("plan", "visits", late.read().object_code, "--year", 2026)
    authority.wait(days=21)
    late.until("leave")
    return Told(same.draft["snapshot"], other.draft["snapshot"], 1 + len(others), cancelled, late, before, rounds)


def _sent(story: Story, draw: Draw) -> Team:
    authority = story.authority
    with authority.session() as session:
        (task, *_) = tasks.dispatch(session, authority.office, draw.no, actor="lead", **ON_SITE)
    return Team(authority, task.no, Course())


def test_r10_1_what_was_drawn_is_left_out_for_this_item_only(told: Told) -> None:
    """R10.1: under its code, X10-1; for the other item the same objects are eligible."""
    assert told.same_item["excluded"] == {"X10-1": told.drawn - 1}
    assert (told.other_item["excluded"], sum(told.other_item["eligible"].values())) == ({}, 200)


def test_r10_2_cancelled_before_a_visit_is_eligible_again(told: Told) -> None:
    """R10.2: the counter of the cancelled task was released, that of the inspected ones was not."""
    assert sum(told.same_item["eligible"].values()) == 200 - (told.drawn - 1)


def test_r10_2_drawn_in_december_and_visited_in_january_counts_in_two_years(story: Story, told: Told) -> None:
    """R10.2: in the plan's year for article 10, in the year of the visit in the enterprise's ledger."""
    task = told.late.read()
    assert (counted(story, 2026, task.family)[task.object_code], counted(story, 2027, task.family)) == (1, {})
    visits = story.done("plan", "visits", task.object_code, "--year", 2027)
    assert [(one["on"], one["type"]) for one in visits] == [("2027-01-10", "random")]
    assert told.before == story.done("plan", "visits", task.object_code, "--year", 2026) == []


def test_r10_5_flag_ends_with_its_record(told: Told) -> None:
    """R10.5: of two penalties one is no longer published; its object is an ordinary one again."""
    assert told.same_item["eligible"]["FLAG"] == 1


def test_r10_4_flagged_objects_are_drawn_more_often(story: Story, told: Told) -> None:
    """R10.4: the same ratio for both is refused, the double is accepted."""
    story.done("plan", "new", "--year", 2026, "--reason", "年终调整", by="lead")
    line = ("--year", 2026, "--item", "JX-14", "--from", "2026-12-01", "--to", "2026-12-31", "--ratio", "ALL=1%")
    assert story.refused("plan", "add", *line, "--ratio", "FLAG=1%", by="lead") == "flagged_ratio_not_higher"
    assert story.done("plan", "add", *line, "--ratio", "FLAG=2%", by="lead")["line"] == 5


def test_r10_3_statutory_frequency_stands_above_once_a_year(story: Story, told: Told) -> None:
    """R10.3: explosives dealers 每月不少于1次: drawn in two rounds, by that wording and its law."""
    assert [(draw["excluded"], draw["eligible"]["ALL"]) for draw in told.monthly] == [({}, 1), ({}, 1)]
    (item,) = [one for one in story.done("catalogue", "show")["items"] if one["code"] == "JX-02"]
    assert item["frequency_text"] == "每月不少于1次"
    assert item["basis"].startswith("《民用爆炸物品安全管理条例》")
