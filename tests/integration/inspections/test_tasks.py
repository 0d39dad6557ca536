"""Tasks: dispatched after a draw, accepted, handed back, cancelled (articles 8, 9, 10, 12)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from authority import Authority, inspectors, line_terms, objects
from inspecting import ON_SITE, team
from shuangsui.draws import changing
from shuangsui.draws.changing import Seat
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import tasks
from shuangsui.inspections.states import Mode, TaskState
from shuangsui.planning.tables import CounterState, FrequencyCounter


def refused(act, *arguments, **options) -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code


def test_every_drawn_object_becomes_one_task(authority: Authority) -> None:
    """In work order, numbered, for the drawn team; dispatching again makes no second one."""
    authority.ready()
    draw = authority.draw()
    with authority.session() as session:
        made = tasks.dispatch(session, authority.office, draw.no, actor="lead", **ON_SITE)
        assert tasks.dispatch(session, authority.office, draw.no, actor="lead", **ON_SITE) == []
        teams = [tasks.team_of(session, task) for task in made]
    assert [task.no for task in made] == [f"RW2026-{n:04d}" for n in range(1, len(made) + 1)]
    assert {len(people) for people in teams} == {2}
    assert {task.state for task in made} == {TaskState.DISPATCHED}


def test_r9_4_task_with_an_open_seat_is_not_dispatched(authority: Authority) -> None:
    """R9.4: nobody goes alone; while a replacement is under way nothing is dispatched."""
    authority.ready()
    draw = authority.draw()
    with authority.session() as session:
        seat = Seat("teams", 0, 1)
        changing.replace_person(session, authority.office, draw.no, seat, "recusal", actor="lead")
        act = (session, authority.office, draw.no)
        assert refused(tasks.dispatch, *act, actor="lead", **ON_SITE) == "replacement_open"
        changing.abandon(session, authority.office, draw.no, "reveal-missing", actor="leader", second="supervisor")
        assert refused(tasks.dispatch, *act, actor="lead", **ON_SITE) == "team_below_two"


def test_r12_2_on_site_needs_a_reason_where_another_mode_would_do(authority: Authority) -> None:
    """R12.2: JX-11 allows both; without a choice the mode that needs no visit is taken."""
    authority.take_in(objects=objects(12, "JX-02"), inspectors=inspectors(12))
    authority.publish_list()
    authority.publish_plan(("JX-02", line_terms(expert=False, ALL="100%")))
    draw = authority.draw()
    with authority.session() as session:
        act = (session, authority.office, draw.no)
        assert refused(tasks.dispatch, *act, actor="lead", mode=Mode.ONSITE) == "onsite_unjustified"
        assert refused(tasks.dispatch, *act, actor="lead", mode=Mode.NETWORK) == "mode_not_of_item"
        (first, *_) = tasks.dispatch(session, authority.office, draw.no, actor="lead")
    assert first.mode is Mode.DOCUMENT


def test_task_is_handed_back_with_a_reason_and_sent_again(authority: Authority) -> None:
    """Back and forth between lead office and inspecting office; each step by its own office."""
    one = team(authority)
    assert refused(one.act, tasks.hand_back, " ") == "reason_missing"
    one.act(tasks.hand_back, "对象不在本处室职责范围")
    assert one.read().state is TaskState.HANDED_BACK
    assert refused(one.act, tasks.accept) == "task_state"
    assert refused(one.act, tasks.dispatch_again) == "not_allowed"
    one.act(tasks.dispatch_again, actor="lead")
    one.accept()
    assert one.read().state is TaskState.ACCEPTED


def test_r10_2_cancelled_task_releases_its_counter(authority: Authority) -> None:
    """R10.2: drawn in March, cancelled in April before any visit, eligible again in May."""
    one = team(authority)
    one.act(tasks.cancel, "对象已停产", actor="lead")
    with authority.session() as session:
        query = select(FrequencyCounter.state).where(FrequencyCounter.object_code == one.read().object_code)
        assert session.exec(query).all() == [CounterState.RELEASED]


def test_visit_cannot_be_planned_into_the_past(authority: Authority) -> None:
    """Today and later."""
    one = team(authority)
    assert refused(one.act, tasks.plan_on, authority.today - timedelta(days=1)) == "day_past"
    one.act(tasks.plan_on, authority.today)
    assert one.read().planned_on == authority.today


def test_r18_2_task_keeps_the_rules_it_started_with(authority: Authority) -> None:
    """R18.2: day and digest of the rules stand in the task."""
    task = team(authority).read()
    rules = authority.office.rules(authority.today)
    assert (task.rules_on, task.rules_digest) == (authority.today, rules.digest())


@pytest.mark.parametrize("step", list(tasks.STEPS))
def test_no_step_without_a_task(authority: Authority, step: str) -> None:
    """A number that nobody gave out."""
    with authority.session() as session:
        assert refused(tasks.find_to_change_task, session, f"RW-{step}") == "task_missing"
