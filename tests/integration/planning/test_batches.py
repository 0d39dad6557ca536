"""Batches outside the plan (R7.5), lines given up (R7.4), and the rules a line began with (R18.2)."""

from __future__ import annotations

from datetime import date

import pytest

from authority import Authority, line_terms
from shuangsui.draws import service as draws
from shuangsui.errors import ShuangsuiError
from shuangsui.planning import batches
from shuangsui.planning import service as planning
from shuangsui.planning.service import Line
from shuangsui.planning.tables import UnplannedBatch

YEAR = 2026


@pytest.fixture
def planned(stocked: Authority) -> Authority:
    """A published plan with one line for JX-11 and none for JX-14."""
    stocked.publish_plan(("JX-11", line_terms()))
    return stocked


def refused(act, *arguments, **options) -> tuple[str, str | None]:
    """Code and article of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code, caught.value.article


def propose(authority: Authority, reason: str = "上级临时部署", actor: str = "lead") -> UnplannedBatch:
    """A batch for JX-14."""
    line = Line("JX-14", line_terms(), date(YEAR, 6, 1), date(YEAR, 12, 31))
    rules, level = authority.office.rules(authority.today), authority.office.level
    with authority.session() as session:
        return batches.propose(session, YEAR, line, reason, rules=rules, level=level, actor=actor)


def approve(authority: Authority, actor: str = "leader") -> UnplannedBatch:
    """The leader approves the first proposal."""
    rules, level = authority.office.rules(authority.today), authority.office.level
    with authority.session() as session:
        return batches.approve(session, YEAR, 1, rules=rules, level=level, actor=actor)


def view(authority: Authority) -> dict:
    """The plan in force."""
    with authority.session() as session:
        plan = planning.published(session, YEAR)
        assert plan is not None
        return planning.view(session, plan)


def next_version(authority: Authority, *, approved: bool = True) -> None:
    """A version 2 of the plan, up to its publication."""
    with authority.session() as session:
        if not approved:
            planning.new_plan(session, YEAR, actor="lead", reason="调整")
            return
        planning.submit(session, YEAR, actor="lead")
        planning.approve(session, YEAR, actor="leader")
        planning.publish(session, YEAR, actor="lead")


def test_r7_5_batch_without_approval_is_not_drawn_and_with_it_is_marked_unplanned(planned: Authority) -> None:
    """R7.5: no line for the item, no draw; with approval and reason the draw carries the mark."""
    batch = propose(planned)
    assert (batch.line_no, refused(planned.freeze, line=2)[0]) == (None, "line_missing")
    assert approve(planned).line_no == 2
    assert planned.freeze(line=2).draft["ext"]["unplanned"] == {"reason": "上级临时部署"}


def test_r7_5_batch_stands_beside_the_approved_plan(planned: Authority) -> None:
    """The plan's digest stays what the leadership approved; the batch is listed separately."""
    before = view(planned)
    propose(planned)
    approve(planned)
    after = view(planned)
    assert (after["digest"], after["lines"]) == (before["digest"], before["lines"])
    assert [(line["no"], line["item"], line["unplanned"]) for line in after["unplanned"]] == [
        (2, "JX-14", "上级临时部署")
    ]


def test_r7_5_proposer_does_not_approve_and_a_reason_is_needed(planned: Authority) -> None:
    """Maker and checker; never without why."""
    assert refused(propose, planned, reason=" ")[0] == "planning_reason_missing"
    propose(planned)
    assert refused(approve, planned, actor="lead")[0] == "not_allowed"


def test_r7_5_refused_batch_is_decided(planned: Authority) -> None:
    """No line, and no second decision."""
    propose(planned)
    with planned.session() as session:
        batches.refuse(session, YEAR, 1, "纳入明年计划", actor="leader")
    assert (refused(approve, planned)[0], view(planned)["unplanned"]) == ("unplanned_decided", [])


def test_r7_5_batch_approved_while_a_version_is_drafted_is_in_both(planned: Authority) -> None:
    """Whichever version is in force later, the line is there, and cannot be dropped from it."""
    propose(planned)
    next_version(planned, approved=False)
    approve(planned)
    with planned.session() as session:
        assert refused(planning.drop_line, session, YEAR, 2, actor="lead") == ("line_unplanned", "第七条")
    next_version(planned)
    assert [line["no"] for line in view(planned)["unplanned"]] == [2]


def test_r7_4_drawn_line_is_terminated_with_a_reason(planned: Authority) -> None:
    """R7.4: it stays in the next version with its reason, and has no further round."""
    planned.draw()
    next_version(planned, approved=False)
    with planned.session() as session:
        assert refused(planning.drop_line, session, YEAR, 1, actor="lead") == ("line_drawn", "第七条")
        assert refused(planning.terminate_line, session, YEAR, 1, " ", actor="lead")[0] == "planning_reason_missing"
        planning.terminate_line(session, YEAR, 1, "职能划转", actor="lead")
    next_version(planned)
    next_version(planned, approved=False)
    next_version(planned)
    assert [(line["no"], line["terminated"]) for line in view(planned)["lines"]] == [(1, "职能划转")]
    assert refused(planned.freeze, round_=2) == ("line_terminated", "第七条")


def test_r18_2_line_keeps_the_rules_its_first_round_began_with(planned: Authority) -> None:
    """R18.2: date and digest, not overwritten by a later round."""
    first = planned.freeze()
    with planned.session() as session:
        line = planning.published_line(session, YEAR, 1)
        digest = planned.office.rules(planned.today).digest()
        assert (line.rules_on, line.rules_digest) == (planned.today, digest)
        planning.start(session, line, planned.office.rules(date(2026, 12, 31)))
        assert (line.rules_on, draws.find(session, first.no).frozen_at.date()) == (planned.today, planned.today)


def test_r6_1_item_without_objects_cannot_be_planned(stocked: Authority) -> None:
    """R6.1: a new item to which no object is linked."""
    assert refused(stocked.publish_plan, ("JX-03", line_terms())) == ("registry_empty", "第六条")
