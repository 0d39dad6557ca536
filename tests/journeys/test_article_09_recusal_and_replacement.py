"""Article 9: whoever has an interest stays away; whoever is recused or cannot come is drawn again, never picked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from authority import inspectors, objects
from shuangsui.draws.tasks import tasks_of
from story import Story, verified

RELATION, DETAIL = "近亲属", "组长的表兄在该企业任职"


@dataclass
class Told:
    """The draw before and after what happened to its teams, and the two decisions."""

    before: dict[str, Any]
    after: dict[str, Any]
    upheld: dict[str, Any]
    refused: dict[str, Any]

    def team(self, task: int) -> list[str]:
        return list(self.after["tasks"][task]["teams"])


@pytest.fixture(scope="module")
def drawn(story: Story) -> Story:
    """A draw whose registers of interests name one officer and one expert for every object."""
    story.authority.ready()
    people = (("执法检查人员", "ZF0003"), ("专家", "ZJ0002"))
    rows = [
        {"person_kind": kind, "person_no": no, "object_code": row["code"], "relation": RELATION}
        for kind, no in people
        for row in objects(200)
    ]
    story.authority.take_in(interests=rows)
    story.draw = story.authority.draw()
    return story


def applied(drawn: Story, task: int, person: str) -> str:
    """The inspected enterprise applies for the recusal of one of its team."""
    with drawn.authority.session() as session:
        code = tasks_of(session, drawn.draw)[task].object_code
    words = ("--task", task, "--person", person, "--by", "object", "--raiser", code, "--why", "kinship")
    return str(drawn.done("recusal", "raise", drawn.draw.no, *words, "--detail", DETAIL, by="inspection")["no"])


@pytest.fixture(scope="module")
def told(drawn: Story) -> Told:
    """The leader of task 0 is recused, an application in task 1 is refused, an officer of task 2 is ill."""
    before = drawn.view()
    teams = [task["teams"] for task in before["tasks"]]
    first, second = applied(drawn, 0, teams[0][0]), applied(drawn, 1, teams[1][1])
    upheld = drawn.done("recusal", "decide", first, "--uphold", "--reason", "情况属实", by="leader")
    drawn.replaced(1)
    refused = drawn.done("recusal", "decide", second, "--refuse", "--reason", "查无亲属关系", by="leader")
    drawn.done("draw", "replace", drawn.draw.no, "--task", 2, "--slot", 1, by="lead")
    drawn.replaced(2)
    return Told(before, drawn.view(), upheld, refused)


def test_r9_1_interest_keeps_officer_and_expert_away_and_its_reason_is_nowhere_public(drawn: Story, told: Told) -> None:
    """R9.1: neither is drawn for any object; the published files hold the pairs and nothing of the relation."""
    files = drawn.files()
    people = {person for task in told.before["tasks"] for person in task["teams"] + task["experts"]}
    assert people & {"ZF0003", "ZJ0002"} == set()
    assert files["plan.json"].count(b'["ZF0003","') == files["plan.json"].count(b'["ZJ0002","') == 200
    assert [
        name for name, data in files.items() if RELATION.encode() in data or ascii(RELATION)[1:-1].encode() in data
    ] == []


def test_r9_2_upheld_application_is_decided_with_its_reason_and_named_as_a_class(drawn: Story, told: Told) -> None:
    """R9.2: the decision is on record; the public sees that it was a recusal, and no detail."""
    assert (told.upheld["state"], told.upheld["decision"], told.upheld["r"]) == ("upheld", "情况属实", 1)
    assert [(one["reason"], one["task"], one["slot"]) for one in told.after["replacements"]] == [
        ("recusal", 0, 0),
        ("unavailable", 2, 1),
    ]
    assert DETAIL not in str(told.after) + drawn.run("recusal", "list").out


def test_r9_2_refused_application_tells_the_enterprise_why(told: Told) -> None:
    """R9.2: reasons are there for the notice; nobody is replaced."""
    assert (told.refused["state"], told.refused["decision"], told.refused["r"]) == ("refused", "查无亲属关系", None)
    assert told.team(1) == told.before["tasks"][1]["teams"]


def test_r9_3_who_is_ill_is_drawn_again_and_anybody_repeats_it(drawn: Story, told: Told) -> None:
    """R9.3: the seat went to somebody else by the published numbers; no command takes a name."""
    gone, stays = told.before["tasks"][2]["teams"][1], told.before["tasks"][2]["teams"][0]
    assert (told.team(2)[0], len(set(told.team(2)))) == (stays, 2)
    assert gone not in told.team(2)
    assert verified(drawn.files()).verdict() == "VERIFIED unwitnessed"
    chosen = ("draw", "replace", drawn.draw.no, "--task", 2, "--slot", 1, "--person", "ZF0001")
    assert drawn.run(*chosen, by="lead").status == 2


def test_r9_5_new_leader_comes_from_those_who_may_lead(told: Told) -> None:
    """R9.5: slot 0 was drawn again; whoever sits there now leads."""
    leaders = {row["cert_no"] for row in inspectors(12) if row["lead"] == "是"}
    gone = told.before["tasks"][0]["leader"]
    assert told.after["tasks"][0]["leader"] == told.team(0)[0] != gone
    assert told.team(0)[0] in leaders


def test_r9_4_whole_teams_go_and_are_those_of_the_transcript(drawn: Story, told: Told) -> None:
    """R9.4: every task is ready and dispatched to two officers, as the replacements left them."""
    drawn.dispatched()
    sent = [task["team"] for task in drawn.done("task", "list")]
    assert sent == [task["teams"] for task in told.after["tasks"]]
    assert {len(set(team)) for team in sent} == {2}


def test_r9_7_one_replacement_is_no_pattern(drawn: Story, told: Told) -> None:
    """R9.7: the report of the quarter lists who was replaced more often than the rule allows: nobody yet."""
    assert len(told.after["replacements"]) == 2
    assert drawn.done("recusal", "report", "--year", 2026, "--quarter", 2) == []
