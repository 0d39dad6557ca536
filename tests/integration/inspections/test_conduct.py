"""Merged visits, the enterprise's word, and who looked at what (articles 3 and 16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from authority import Authority, inspectors, line_terms, objects
from inspecting import Team, team, two_tasks_on_one_object
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.access.tables import PersonOf
from shuangsui.cli import walk
from shuangsui.cli.walk import Course
from shuangsui.db import now
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import access_log, coordination, feedback, links, notices, tasks, views
from shuangsui.inspections.states import Mode
from shuangsui.inspections.tables import FeedbackLink, MergeProposal, ObjectAccess
from shuangsui.ledger.keys import Keyring
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
    token = link(one)
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


def test_r16_1_whoever_inspects_neither_sees_nor_renews_the_link(one: Team) -> None:
    """R16.1: not the inspecting office; the lead office hands it over and cannot renew it."""
    one.whole()
    assert refused(one.decide, links.make_link, actor="inspection") == "not_allowed"
    assert refused(one.decide, links.renew, actor="inspection") == "not_allowed"
    assert refused(one.decide, links.renew, actor="lead") == "not_allowed"


def test_r16_1_nobody_learns_from_the_link_whether_there_is_an_answer(one: Team) -> None:
    """R16.1: the same token before and after; only its hash is kept."""
    one.whole()
    token = link(one)
    with one.authority.session() as session:
        kept = session.exec(select(FeedbackLink)).one()
        assert token not in str(kept.model_dump())
        assert links.tenant_of(token) == "chongqing"
        task = tasks.find_task(session, one.no)
        ended = legal_day(now(session))
        assert feedback.asked(session, token) == feedback.Asked(task.object_name, task.item_name, ended)
        feedback.answer(session, token, 5)
    assert link(one) == token


def test_r16_1_link_is_used_once_and_ends(one: Team) -> None:
    """An unknown, a used and an expired one answer the same; the term is that of ``feedback.days``: 30."""
    one.whole()
    token = link(one)
    with one.authority.session() as session:
        assert refused(feedback.answer, session, "unknown", 5) == "feedback_link"
        assert refused(feedback.answer, session, token, 6) == "feedback_invalid"
    one.authority.wait(days=30, seconds=1)
    with one.authority.session() as session:
        assert refused(feedback.answer, session, token, 5) == "feedback_link"
        assert refused(feedback.asked, session, token) == "feedback_link"
    renewed = one.decide(links.renew, actor="supervisor")
    with one.authority.session() as session:
        feedback.answer(session, renewed, 5)
        assert refused(feedback.answer, session, renewed, 1) == "feedback_link"
    assert refused(one.decide, links.renew, actor="supervisor") == "feedback_given"


def test_r16_1_supervisor_renews_a_lost_link(one: Team) -> None:
    """R16.1: the former token is void from then on."""
    one.whole()
    lost = link(one)
    renewed = one.decide(links.renew, actor="supervisor")
    assert link(one) == renewed
    with one.authority.session() as session:
        assert refused(feedback.answer, session, lost, 5) == "feedback_link"
        feedback.answer(session, renewed, 4)


def test_r16_1_token_that_opens_nothing_is_never_handed_out(one: Team, tmp_path: Path) -> None:
    """With another master key it is said so; the supervisor may renew the link under the new one."""
    one.whole()
    other = replace(one.office, keyring=Keyring(tmp_path / "other.key"))
    with one.authority.session() as session:
        assert refused(links.make_link, session, other, one.no, actor="lead") == "feedback_key"
        token = links.renew(session, other, one.no, actor="supervisor")
        assert links.make_link(session, other, one.no, actor="lead") == token


def test_r16_1_no_word_before_the_visit_has_ended(one: Team) -> None:
    """R16.1: it follows the visit; the link that tells of the inspection asks for nothing while the team is there."""
    one.until("leave")
    token = link(one)
    with one.authority.session() as session:
        assert links.opened(session, token).task.no == one.no
        assert refused(feedback.answer, session, token, 5) == "feedback_link"
        assert refused(feedback.slip, session, one.office, one.no) == "task_state"
    one.leave()
    one.submit()
    assert link(one) == token
    with one.authority.session() as session:
        feedback.answer(session, token, 5)


def test_link_follows_the_notice(one: Team) -> None:
    """There is none before the object is told; the first time that it is asked for makes it, and no other."""
    assert refused(one.decide, links.make_link, actor="lead") == "task_state"
    one.accept()
    assert refused(one.decide, links.make_link, actor="lead") == "notice_missing"
    assert refused(one.decide, links.renew, actor="supervisor") == "link_missing"
    with one.authority.session() as session:
        assert session.exec(select(FeedbackLink)).all() == []
    one.notify()
    assert link(one) == link(one)
    with one.authority.session() as session:
        assert session.exec(select(FeedbackLink)).one().expires_at is None


def test_link_of_an_unannounced_visit_waits_for_the_arrival(one: Team) -> None:
    """Nobody is warned by it (R11.2)."""
    one.accept()
    one.act(notices.propose_visit, "群众举报", urgent=True)
    one.decide(notices.issue, actor="inspection", materials=("营业执照",), unannounced=True, ground="防止销毁台账")
    assert refused(one.decide, links.make_link, actor="lead") == "link_unannounced"
    one.act(notices.deliver, "直接送达", "检查对象负责人")
    assert link(one).startswith("chongqing.")


def test_r16_1_inspection_without_a_visit_asks_for_no_feedback(authority: Authority) -> None:
    """R16.1: nobody came, so nobody's conduct is to be rated."""
    authority.take_in(objects=objects(12, "JX-02"), inspectors=inspectors(12))
    authority.publish_list()
    authority.publish_plan(("JX-02", line_terms(expert=False, ALL="100%")))
    draw = authority.draw()
    with authority.session() as session:
        (first, *_) = tasks.dispatch(session, authority.office, draw.no, actor="lead", mode=Mode.DOCUMENT)
        walk.inspect(session, authority.office, first.no, Course(), actor="inspection")
    one = Team(authority, first.no, Course())
    token = link(one)
    with authority.session() as session:
        assert refused(feedback.slip, session, one.office, one.no) == "feedback_no_visit"
        assert refused(feedback.answer, session, token, 5) == "feedback_link"


def openings(one: Team, *actors: str) -> list[tuple[str, str]]:
    """Who of these, opening the object's file, stands in the audit report."""
    code = one.read().object_code
    with one.authority.session() as session:
        start = now(session)
        for actor in actors:
            access_log.opened(session, code, actor=actor)
        end = now(session) + timedelta(seconds=1)
        assert refused(access_log.audit_report, session, actor="lead", since=start, until=end) == "not_allowed"
        report = access_log.audit_report(session, actor="supervisor", since=start, until=end)
        return [(row.actor, row.object_code) for row in report]


def test_r16_2_file_opened_without_a_task_is_reported(one: Team) -> None:
    """R16.2: an officer with a task on the object is not; one without is."""
    one.accept()
    code = one.read().object_code
    assert openings(one, "inspection", "business") == [("business", code)]


def test_r16_2_people_drawn_for_the_task_have_it(one: Team) -> None:
    """R16.2: a member of the team, known by the certificate, has a reason; an inspector of another task has none."""
    member, stranger = one.people()[1], "ZF9999"
    with one.authority.session() as session:
        for login, number in (("member", member), ("stranger", stranger)):
            access.add_user(session, login, login, by="sec.admin")
            access.grant(session, login, Role.INSPECTOR, by="sec.admin")
            access.link(session, login, PersonOf.INSPECTOR, number, by="sec.admin")
    code = one.read().object_code
    assert openings(one, "member", "stranger") == [("stranger", code)]


def test_r16_2_whoever_asked_for_or_gave_the_approval_has_the_task(one: Team) -> None:
    """R16.2: the leader looks because the visit is to be approved, and not without that."""
    one.accept()
    code = one.read().object_code
    assert openings(one, "leader") == [("leader", code)]
    one.act(notices.propose_visit, "年度抽查工作计划")
    one.act(notices.approve_visit, actor="leader")
    assert openings(one, "leader") == []


def test_r16_2_cancelled_task_explains_nothing(one: Team) -> None:
    """R16.2: nobody has business with the file any more."""
    one.act(tasks.cancel, "对象已注销", actor="lead")
    code = one.read().object_code
    assert openings(one, "lead") == [("lead", code)]


def test_r16_2_view_of_a_task_is_an_opening(one: Team) -> None:
    """R16.2: whoever opens it is written down with it."""
    with one.authority.session() as session:
        assert views.opened(session, one.no, actor="business")["no"] == one.no
        row = session.exec(select(ObjectAccess)).one()
    assert (row.actor, row.object_code, row.task_no) == ("business", one.read().object_code, None)


def link(one: Team) -> str:
    """What the lead office hands over."""
    return one.decide(links.make_link, actor="lead")


def _view(one: Team) -> dict:
    with one.authority.session() as session:
        return views.full(session, tasks.find_task(session, one.no))
