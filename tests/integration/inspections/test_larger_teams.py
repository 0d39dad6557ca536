"""Visits of a family of items for which the authority wants more than two officers (R13.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from authority import Authority, inspectors, line_terms, objects
from inspecting import Team, team
from plugged import bound
from shuangsui.cli.walk import Course
from shuangsui.draws.tables import DrawnTask
from shuangsui.errors import RuleRefused
from shuangsui.inspections import followup, rechecks, tasks, visits
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import Disposition, Party
from shuangsui.inspections.visits import Arrival
from shuangsui.planning.policy import Seats


@pytest.fixture
def three(authority: Authority, tmp_path: Path) -> Team:
    """A task with three officers, of whom nobody has arrived."""
    authority.take_in(objects=objects(40), inspectors=inspectors(6))
    authority.publish_list()
    bound(authority, tmp_path, 'explosives = ["JX-11"]\nclass_d_percent = 1')
    terms = replace(line_terms(expert=False, ALL="3%", FLAG="10%"), team=Seats(3))
    authority.publish_plan(("JX-11", terms))
    return team(authority, authority.draw()).until("arrive")


def arrive(one: Team, person: str) -> bool:
    """One officer checks in; whether the visit has begun and the record may be written."""
    with one.authority.session() as session:
        arrival = Arrival(person, "厂区大门", Party.OFFICER)
        visit = visits.check_in(session, one.office, one.no, arrival, actor="inspection")
        session.flush()
        return visit.started_at is not None and visits.is_writable(session, tasks.find_task(session, one.no))


def test_r13_1_visit_begins_with_the_third_officer(three: Team) -> None:
    """R13.1: two are enough by law, not by the authority's own rule."""
    assert [arrive(three, person) for person in three.people()] == [False, False, True]


def test_r13_1_recheck_wants_as_many(three: Team) -> None:
    """Two of the three cannot look again on their own; all three can."""
    three.course = Course(("pending",), {"1": "发现淘汰设备一台"})
    for name in ("arrive", "write", "sign", "leave", "submit"):
        getattr(three, name)()
    due = three.authority.today + timedelta(days=30)
    three.decide(followup.dispose, 1, Order(Disposition.RECTIFY, demand="拆除淘汰设备", due=due))
    with pytest.raises(RuleRefused) as caught:
        three.decide(rechecks.recheck, 1, three.people()[:2], actor="inspection")
    assert caught.value.code == "one_officer"
    assert three.decide(rechecks.recheck, 1, three.people(), actor="inspection").recheck


def test_r9_1_day_of_the_inspection_is_kept_with_the_drawn_task(three: Team) -> None:
    """From it the days are counted for which its officers withdraw."""
    for name in ("arrive", "write", "sign", "leave", "submit"):
        getattr(three, name)()
    with three.authority.session() as session:
        rows = session.exec(select(DrawnTask.settled, DrawnTask.inspected_on)).all()
    assert (True, three.authority.today) in rows
    assert {day for settled, day in rows if not settled} <= {None}
