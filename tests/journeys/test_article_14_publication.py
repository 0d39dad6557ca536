"""Article 14: what was drawn and what was found is public within twenty working days, or it says why not."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from disclosing import of_result, of_round
from inspecting import Team
from shuangsui import db
from shuangsui.calendar import official
from shuangsui.cli.walk import Course
from shuangsui.disclosure import contents
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import ContentRefused
from story import Story


@dataclass
class Told:
    """The first is published, corrected and taken down; the second is withheld by law; the others follow."""

    first: Team
    second: Team
    due: list[dict[str, Any]]
    alerts: list[list[tuple[str, str]]]
    refused: list[str]
    shown: list[dict[str, Any]]
    rounds: list[list[dict[str, Any]]]
    pages: list[list[dict[str, Any]]]
    last: list[dict[str, Any]]


def watched(story: Story, kind: str) -> list[tuple[str, str]]:
    """Subject and level of the alerts of one kind after today's look."""
    return [(one["subject"], one["level"]) for one in story.done("watch") if one["kind"] == kind]


def item(story: Story, kind: str, key: str) -> dict[str, Any]:
    """``disclosure show``."""
    return dict(story.done("disclosure", "show", kind, key))


def key_of(story: Story, team: Team) -> str:
    """The public number of a team's result."""
    return next(one["key"] for one in story.done("disclosure", "items") if one["task_no"] == team.no)


def today(story: Story) -> date:
    """Of the installation's clock."""
    with story.authority.session() as session:
        return legal_day(db.now(session))


def by_hand(story: Story, kind: str, key: str, number: str) -> None:
    """The credit system has no plugin here: somebody enters it there and keeps the number."""
    (sent,) = (one for one in item(story, kind, key)["deliveries"] if one["channel"] == "by-hand/credit")
    story.done("disclosure", "receipt", sent["id"], "--reference", number, "--seen", today(story), by="lead")


def page(story: Story) -> list[dict[str, Any]]:
    """The rows that the public reads."""
    twin = story.at.var / "public" / "chongqing" / "results" / "index.json"
    return list(json.loads(twin.read_bytes())["results"])


@pytest.fixture(scope="module")
def told(drawn: Story) -> Told:
    """Inspected on 15 June; decided when half of the term is over; the rest on the last day but one."""
    first, second, *others = drawn.dispatched(Course(), Course())
    for team in (first, second):
        team.whole()
    due = drawn.done("disclosure", "due", "--days", 20)
    drawn.authority.wait(days=16)
    alerts = [watched(drawn, "publication_due")]
    pages = [page(drawn) if (drawn.at.var / "public").exists() else []]
    refused = [drawn.refused("disclosure", "decide", first.no, by="inspection")]
    drawn.done("disclosure", "decide", first.no, by="lead")
    key = key_of(drawn, first)
    shown = [item(drawn, "result", key)]
    by_hand(drawn, "result", key, "渝信〔2026〕1号")
    shown.append(item(drawn, "result", key))
    pages.append(page(drawn))
    refused += _withhold(drawn, second)
    pages.append(page(drawn))
    refused += _correct(drawn, key)
    shown.append(item(drawn, "result", key))
    pages.append(page(drawn))
    rounds = [_rounds(drawn)]
    for team in others:
        team.published()
    drawn.done("disclosure", "due")
    drawn.done("disclosure", "deliver", by="lead")
    rounds.append(_rounds(drawn))
    drawn.done("disclosure", "withdraw", "result", key, "--note", "处理决定被撤销", by="leader")
    pages.append(page(drawn))
    drawn.authority.wait(days=30)
    alerts.append(watched(drawn, "publication_late"))
    last = drawn.done("disclosure", "items")
    return Told(first, second, due, alerts, refused, shown, rounds, pages, last)


def _withhold(story: Story, team: Team) -> list[str]:
    """Refused without a choice of whom to tell, and to whoever may not approve."""
    proposed = (
        "disclosure",
        "withhold",
        team.no,
        "--basis",
        "《保守国家秘密法》第二十三条",
        "--scope",
        "检查对象和结果",
    )
    refused = [story.refused(*proposed, by="lead")]
    story.done(*proposed, "--notify", "某区应急管理局", by="lead")
    refused.append(story.refused("disclosure", "approve", team.no, by="lead"))
    story.done("disclosure", "approve", team.no, by="leader")
    return refused


def _correct(story: Story, key: str) -> list[str]:
    """Accepted, late, put right."""
    story.done("disclosure", "accept", "result", key, "--wrong", "企业名称写错一个字", by="lead")
    story.authority.wait(days=8)
    refused = [
        story.refused("disclosure", "correct", "result", key, "--set", "code=1", "--note", "更正代码", by="lead"),
        *[kind for kind, _ in [(one["kind"], one) for one in story.done("watch")] if kind == "correction_due"],
    ]
    correct = ("disclosure", "correct", "result", key, "--set", "object_name=更正后的企业(模拟)")
    story.done(*correct, "--note", "企业名称更正", by="lead")
    by_hand(story, "result", key, "渝信〔2026〕2号")
    refused += [one["kind"] for one in story.done("watch") if one["kind"] == "correction_due"]
    return refused


def _rounds(story: Story) -> list[dict[str, Any]]:
    return [one for one in story.done("disclosure", "items") if one["kind"] == "round"]


def test_r14_1_twenty_working_days_with_their_derivation(told: Told) -> None:
    """From the day after the record was signed; make-up days count."""
    (one,) = (row for row in told.due if row["key"] == f"{told.first.no}/1")
    assert (one["days"], one["since"], one["start"]) == (20, "ended", "2026-06-15")
    assert one["due"] == official().add(date.fromisoformat(one["start"]), 20).due.isoformat()


def test_r14_9_alarm_after_half_of_the_term(told: Told) -> None:
    """One for each result that nobody has decided on."""
    wanted = {f"result/{team.no}/1/50%" for team in (told.first, told.second)}
    assert wanted <= {subject for subject, _ in told.alerts[0]}


def test_r14_5_partial_until_the_credit_system_has_it_too(told: Told) -> None:
    """Each receiver's receipt is kept: reference, time, content digest where there is one."""
    one, both, _ = told.shown
    assert (one["standing"], both["standing"]) == ("partial", "published")
    receipts = {sent["channel"]: sent["receipt"] for sent in both["deliveries"]}
    assert receipts["by-hand/credit"]["reference"] == "渝信〔2026〕1号"
    assert len(receipts["channel-portal/portal"]["digest"]) == 64
    assert both["term"]["met"] is not None
    assert one["term"]["met"] is None


def test_r14_6_results_and_how_they_were_drawn(told: Told) -> None:
    """The numbers of the round follow once its objects are inspected; neither part may lack anything."""
    assert told.rounds[0] == []
    (round_,) = told.rounds[1]
    assert round_["kind"] == "round"
    for broken in (replace(of_round(1), method=""), replace(of_round(1), ratio=""), replace(of_result(1), findings=())):
        with pytest.raises(ContentRefused):
            contents.require_complete(broken)


def test_r14_7_withheld_by_law_leaves_a_numbered_placeholder(told: Told) -> None:
    """Two people, the provision, and nobody's name."""
    before, after = told.pages[1:3]
    (placeholder,) = (row for row in after if row not in before)
    assert (placeholder["withheld"], "company" in placeholder) == ("《保守国家秘密法》第二十三条", False)
    assert "withheld-by-law-1" in {one["key"] for one in told.last if one["kind"] == "withheld"}
    assert told.refused[:3] == ["not_allowed", "withholding_unnotified", "not_allowed"]


def test_r14_8_directed_notice_waits_for_its_receipt(told: Told) -> None:
    """No plugin carries it here: whoever hands it over enters the receipt."""
    (notice,) = (one for one in told.last if one["kind"] == "notice")
    assert [sent["channel"] for sent in notice["deliveries"]] == ["by-hand/notice"]


def test_r14_10_corrected_in_sight_and_taken_down_with_a_word(told: Told) -> None:
    """Late after five working days; what was corrected and when stands on the page; what is gone says why."""
    assert told.refused[3:] == ["correction_field", "correction_due"]
    (row,) = (row for row in told.pages[3] if row.get("corrections"))
    assert (row["company"], [one["note"] for one in row["corrections"]]) == ("更正后的企业(模拟)", ["企业名称更正"])
    (gone,) = (row for row in told.pages[4] if row["withdrawn"])
    assert (gone["withdrawn"]["note"], "company" in gone) == ("处理决定被撤销", False)
    assert told.shown[2]["revisions"][1]["note"] == "企业名称更正"


def test_r14_9_what_is_late_is_a_breach(told: Told) -> None:
    """The credit system never got the others: a breach for each, and none for what is public everywhere."""
    subjects = {subject for subject, level in told.alerts[1] if level == "breach"}
    assert subjects
    assert f"result/{told.first.no}/1" not in subjects
