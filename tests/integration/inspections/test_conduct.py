"""Merged visits, the enterprise's word, and who looked at what (articles 3 and 16)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from authority import Authority
from inspecting import Team, team, two_tasks_on_one_object
from shuangsui.db import now
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import access_log, coordination, feedback, tasks, views
from shuangsui.inspections.tables import FeedbackLink, MergeProposal
from shuangsui.ledger.tables import LedgerEntry

WORD = "检查人员态度粗暴，要求提供午餐"


@pytest.fixture
def one(authority: Authority) -> Team:
    """A task of a draw."""
    return team(authority)


def refused(act, *arguments, **options) -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code


def plan(authority: Authority, no: str, day: date) -> int:
    """Set the day of a visit; how many proposals come of it."""
    with authority.session() as session:
        return len(coordination.schedule(session, authority.office, no, day, actor="inspection"))


def decide(authority: Authority, first: str, second: str, *, merged: bool = True, reason: str = "") -> MergeProposal:
    """The lead office merges, or says why not."""
    with authority.session() as session:
        return coordination.decide(session, authority.office, first, second, merged=merged, reason=reason, actor="lead")


def days(authority: Authority, *numbers: str) -> list[date | None]:
    """The days of visits."""
    with authority.session() as session:
        return [tasks.find_task(session, no).planned_on for no in numbers]


def test_r3_2_second_task_on_one_object_is_proposed_for_one_visit(authority: Authority) -> None:
    """R3.2: shown when the second is scheduled; the decision, with the reason not to, is recorded."""
    first, second = two_tasks_on_one_object(authority)
    day = authority.today + timedelta(days=7)
    assert plan(authority, second, day) == 1
    assert refused(decide, authority, first, second, merged=False, reason=" ") == "merge_reason"
    made = decide(authority, second, first)
    assert (made.first_no, made.second_no, made.merged, made.decided_by) == (first, second, True, "lead")
    assert days(authority, first, second) == [day, day]
    assert refused(decide, authority, first, second, merged=False, reason="改变") == "merge_decided"
    with authority.session() as session:
        assert coordination.undecided(session, second) == []
        assert session.exec(select(LedgerEntry.act)).all().count("task.merge") == 1


def test_r3_2_tasks_further_apart_than_the_window_are_not_proposed(authority: Authority) -> None:
    """Thirty days by default."""
    _, second = two_tasks_on_one_object(authority)
    assert plan(authority, second, authority.today + timedelta(days=32)) == 0
    assert refused(decide, authority, second, "RW2026-9999") == "merge_missing"


def test_r3_2_merged_visits_move_together(authority: Authority) -> None:
    """Planned anew, both get the new day; a refused proposal does not come again."""
    first, second = two_tasks_on_one_object(authority)
    day = authority.today + timedelta(days=7)
    plan(authority, second, day)
    decide(authority, first, second)
    assert plan(authority, first, day + timedelta(days=40)) == 0
    assert days(authority, first, second) == [day + timedelta(days=40)] * 2


def test_r3_2_refused_proposal_is_not_made_again(authority: Authority) -> None:
    """R3.2: the decision stands, and each visit keeps its own day."""
    first, second = two_tasks_on_one_object(authority)
    day = authority.today + timedelta(days=7)
    plan(authority, second, day)
    decide(authority, first, second, merged=False, reason="检查内容不同")
    assert plan(authority, first, day + timedelta(days=1)) == 0
    assert days(authority, first, second) == [day + timedelta(days=1), day]


def test_r3_2_what_was_proposed_is_looked_at_again_at_the_decision(authority: Authority) -> None:
    """Days that moved apart, days that passed, a task that is gone: nothing is merged then."""
    first, second = two_tasks_on_one_object(authority)
    day = authority.today + timedelta(days=7)
    plan(authority, second, day)
    plan(authority, first, day + timedelta(days=31))
    assert refused(decide, authority, first, second) == "merge_far"
    plan(authority, first, day)
    authority.wait(days=8)
    assert refused(decide, authority, first, second) == "merge_day"
    with authority.session() as session:
        tasks.cancel(session, second, "已停产", actor="lead")
        assert coordination.undecided(session, first) == []
    assert refused(decide, authority, first, second) == "task_state"
    assert days(authority, first, second) == [day, day]
    assert decide(authority, first, second, merged=False, reason="已停产").merged is False


def test_r16_1_feedback_goes_to_the_supervisor_and_never_to_the_unit(one: Team) -> None:
    """R16.1: neither rating nor author is in the unit's view or the ledger; the supervisor reads both."""
    one.whole()
    token = one.act(feedback.make_link)
    before = _view(one)
    with one.authority.session() as session:
        feedback.answer(session, token, 2, WORD)
    with one.authority.session() as session:
        assert refused(feedback.read, session, actor="inspection") == "not_allowed"
        (said,) = feedback.read(session, actor="supervisor")
        payloads = "".join(session.exec(select(LedgerEntry.payload)))
    assert (said.task, said.rating, said.text) == (one.no, 2, WORD)
    assert _view(one) == before
    assert WORD not in payloads


def test_r16_1_link_is_used_once_and_ends(one: Team) -> None:
    """An unknown, a used and an expired one answer the same; only its hash is kept."""
    one.whole()
    token = one.act(feedback.make_link)
    with one.authority.session() as session:
        kept = session.exec(select(FeedbackLink.token_hash)).one()
        assert token not in kept
        assert refused(feedback.answer, session, "unknown", 5) == "feedback_link"
        assert refused(feedback.answer, session, token, 6) == "feedback_invalid"
    renewed = one.act(feedback.make_link)
    one.authority.wait(days=31)
    with one.authority.session() as session:
        assert refused(feedback.answer, session, renewed, 5) == "feedback_link"
    renewed = one.act(feedback.make_link)
    with one.authority.session() as session:
        feedback.answer(session, renewed, 5)
        assert refused(feedback.answer, session, renewed, 1) == "feedback_link"
    assert refused(one.act, feedback.make_link) == "feedback_given"


def test_r16_1_no_link_before_the_visit(one: Team) -> None:
    """It follows the visit."""
    assert refused(one.act, feedback.make_link) == "task_state"


def test_r16_2_file_opened_without_a_task_is_reported(one: Team) -> None:
    """R16.2: an officer with a task on the object is not; one without is."""
    one.accept()
    code = one.read().object_code
    with one.authority.session() as session:
        start = now(session)
        for actor in ("inspection", "business"):
            access_log.opened(session, code, actor=actor)
        end = now(session) + timedelta(seconds=1)
        assert refused(access_log.audit_report, session, actor="lead", since=start, until=end) == "not_allowed"
        report = access_log.audit_report(session, actor="supervisor", since=start, until=end)
    assert [(row.actor, row.object_code) for row in report] == [("business", code)]


def _view(one: Team) -> dict:
    with one.authority.session() as session:
        return views.full(session, tasks.find_task(session, one.no))
