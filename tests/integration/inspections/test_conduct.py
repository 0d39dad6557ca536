"""Merged visits, the enterprise's word, and who looked at what (articles 3 and 16)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from authority import Authority, inspectors, line_terms, objects
from inspecting import ON_SITE, Team, team
from shuangsui.db import now
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import access_log, coordination, feedback, tasks, views
from shuangsui.inspections.tables import FeedbackLink
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


def two_tasks_on_one_object(authority: Authority) -> tuple[str, str]:
    """Two items, each with every object drawn: the same object twice."""
    rows = [row | {"items": "JX-02；JX-09"} for row in objects(12)]
    authority.take_in(objects=rows, inspectors=inspectors(12))
    authority.publish_list()
    everything = line_terms(expert=False, ALL="100%")
    authority.publish_plan(("JX-02", everything), ("JX-09", everything))
    by_object: dict[str, list[str]] = {}
    for line in (1, 2):
        draw = authority.draw(line=line)
        with authority.session() as session:
            for task in tasks.dispatch(session, authority.office, draw.no, actor="lead", **ON_SITE):
                by_object.setdefault(task.object_code, []).append(task.no)
    first, second = next(iter(by_object.values()))
    return first, second


def test_r3_2_second_task_on_one_object_is_proposed_for_one_visit(authority: Authority) -> None:
    """R3.2: shown when the second is scheduled; the decision, with the reason not to, is recorded."""
    first, second = two_tasks_on_one_object(authority)
    day = authority.today + timedelta(days=7)
    with authority.session() as session:
        (proposal,) = coordination.schedule(session, authority.office, second, day, actor="inspection")
        assert (proposal.first_no, proposal.second_no) == (first, second)
        no = {"merged": False, "reason": " ", "actor": "lead"}
        assert refused(coordination.decide, session, first, second, **no) == "merge_reason"
        coordination.decide(session, second, first, merged=True, reason="", actor="lead")
        assert coordination.undecided(session, second) == []
        assert tasks.find_task(session, first).planned_on == day
        assert refused(coordination.decide, session, first, second, **no) == "merge_decided"
        assert session.exec(select(LedgerEntry.act)).all().count("task.merge") == 1


def test_r3_2_tasks_further_apart_than_the_window_are_not_proposed(authority: Authority) -> None:
    """Thirty days by default."""
    _, second = two_tasks_on_one_object(authority)
    day = authority.today + timedelta(days=32)
    with authority.session() as session:
        assert coordination.schedule(session, authority.office, second, day, actor="inspection") == []
        missing = {"merged": True, "reason": "", "actor": "lead"}
        assert refused(coordination.decide, session, second, "RW2026-9999", **missing) == "merge_missing"


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
