"""Article 18: rules have their day; what began under one text is judged by it to the end."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest

from authority import inspectors, objects
from command import ROOT
from inspecting import Team
from shuangsui.cli.walk import Course
from shuangsui.db import now
from shuangsui.draws import feasibility
from shuangsui.draws.office import Office
from shuangsui.inspections import tasks, visits
from shuangsui.inspections.tables import Evidence
from shuangsui.rules.service import load
from story import Story, open_record, opened

RULE = """[[rule]]
key = "visit.no_contact_visits"
value = 3
article = "第二条"
valid_from = 2026-07-01
text = "上门三次仍无法联系的"
"""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """An authority that will ask for a third visit from July on."""
    folder = tmp_path_factory.mktemp("story")
    shutil.copytree(ROOT / "tenants", folder / "tenants")
    (folder / "tenants/chongqing/rules.toml").write_text(RULE, "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(feasibility, "TRIALS", 1)
        for one in opened(folder):
            tree = load(folder / "tenants", one.authority.today)
            one.authority.office = Office(tree, tree.get("chongqing"), one.authority.office.keyring)
            one.at = replace(one.at, tenants=folder / "tenants")
            yield one


@dataclass
class Told:
    """Two tasks alike, one of June, one of July, each after two visits to a closed door."""

    june: dict[str, Any]
    july: dict[str, Any]
    refused: str


@pytest.fixture(scope="module")
def told(story: Story) -> Told:
    """Complaints about two enterprises."""
    authority = story.authority
    authority.take_in(objects=objects(4), inspectors=inspectors(12))
    authority.publish_list()
    june = _clue(story, 0)
    authority.wait(days=17)
    july = _clue(story, 1)
    for team in (june, july):
        _sought(team, 2)
    leader = ("--leader", july.people()[0], "--category", "cannot_contact")
    june.submit()
    refused = story.refused("task", "submit", july.no, *leader, by="inspection")
    _sought(july, 1)
    july.submit()
    return Told(
        story.done("task", "show", june.no, by="inspection"),
        story.done("task", "show", july.no, by="inspection"),
        refused,
    )


def _clue(story: Story, n: int) -> Team:
    """A clue check of one enterprise, dispatched and notified."""
    words = ("--code", "complaint-clue", "--trigger", "complaint", "--why", "反映超标用能", "--item", "JX-11")
    people = ("--person", "ZF0000", "--person", "ZF0001", "--object", objects(4)[n]["code"])
    evidence = [word for said in (f"number=TS-{n}", "received_on=2026-06-10", "summary=超标用能")
                for word in ("--evidence", said)]  # fmt: skip
    no = story.done("exemption", "request", *words, *people, *evidence, by="lead")["no"]
    story.done("exemption", "approve", no, by="leader")
    (task,) = story.done("exemption", "dispatch", no, by="lead")
    return Team(story.authority, task["no"], Course(("cannot_contact",))).until("arrive")


def _sought(team: Team, times: int) -> None:
    """Visits on which nobody is met, each with a photograph."""
    for _ in range(times):
        team.arrive()
        team.act(visits.nobody_found)
        open_record(team)
        with team.authority.session() as session:
            task = tasks.find_task(session, team.no)
            photo = {"sha256": uuid4().hex * 2, "media_type": "image/jpeg", "size": 1, "name": "门口.jpg"}
            session.add(Evidence(task_id=task.id, by="inspection", at=now(session), **photo))
        team.leave()


def test_r18_2_task_is_judged_by_the_rules_it_began_with(told: Told) -> None:
    """R18.2: in July the task of June still ends after two visits, the new one takes three."""
    assert (told.june["rules_on"], told.july["rules_on"]) == ("2026-06-15", "2026-07-02")
    assert (len(told.june["visits"]), told.refused, len(told.july["visits"])) == (2, "sought_too_little", 3)
    assert [view["record"]["state"] for view in (told.june, told.july)] == ["unreachable", "unreachable"]


@pytest.mark.parametrize(("day", "value"), [("2026-06-30", 2), ("2026-07-01", 3)])
def test_r18_2_rule_is_explained_for_the_day_that_is_asked_about(story: Story, day: str, value: int) -> None:
    """R18.2: with the file and its article."""
    found = story.done("config", "explain", "visit.no_contact_visits", "--on", day)
    assert found["value"] == value


@pytest.mark.parametrize("day", ["2021-02-01", "2021-02-08"])
def test_r18_1_measures_judge_nothing_before_their_day(story: Story, day: str) -> None:
    """R18.1: on 1 February 2021 the text of 2018 applied; by the chosen reading still on the 8th."""
    said = story.run("config", "explain", "publication.days", "--on", day)
    assert (said.status, said.err.split("：")[0]) == (2, "未办理 rule_unset")


def test_r18_1_measures_are_in_force_from_9_february_2021(story: Story) -> None:
    """R18.1: thirty days after issue."""
    found = story.done("config", "explain", "publication.days", "--on", "2021-02-09")
    assert (found["value"], found["basis"]) == (20, "渝经信发〔2021〕6号 第十四条")
