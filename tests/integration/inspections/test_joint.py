"""部门联合双随机抽查: one visit, each authority with people and a result of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from authority import Authority, experts, inspectors, line_terms, objects
from inspecting import Team, team
from shuangsui.draws import dispatching, handing
from shuangsui.errors import RuleRefused
from shuangsui.inspections import coordination, results, tasks
from shuangsui.inspections.states import Mode, TaskType
from shuangsui.inspections.tables import InspectionTask
from shuangsui.planning.policy import Terms
from two_levels import DISTRICT, frozen, received, staffed


@pytest.fixture
def both(authority: Authority) -> tuple[Team, Team]:
    """The same object's task at the lead and at its partner, to be visited in three days."""
    authority.take_in(objects=objects(100), inspectors=inspectors(12), experts=experts(1))
    authority.publish_list()
    terms = line_terms(expert=False)
    authority.publish_plan(("JX-11", Terms(terms.ratios, team=terms.team, per_day=5, partners=(DISTRICT,))))
    draw = authority.draw()
    day = authority.today + timedelta(days=3)
    dispatching.dispatch_joint(authority.engine, authority.office, draw.no, day, actor="lead")
    partner = staffed(authority)
    handing.accept(partner.engine, partner.office, received(partner), actor="lead")
    child = partner.finish(frozen(partner))
    return team(authority, draw), team(partner, child)


def test_joint_tasks_are_of_one_object_and_one_day(both: tuple[Team, Team]) -> None:
    """Both are joint, planned for the day that the lead told; the teams are each authority's own."""
    lead, partner = both[0].read(), both[1].read()
    assert (lead.type, partner.type) == (TaskType.JOINT, TaskType.JOINT)
    with both[1].authority.session() as session:
        same = [task for task in tasks.all_tasks(session) if task.object_code == lead.object_code]
    assert [task.planned_on for task in same] == [lead.planned_on] == [both[0].authority.today + timedelta(days=3)]


def test_joint_task_keeps_its_day(both: tuple[Team, Team]) -> None:
    """Neither moves the visit on its own."""
    for one in both:
        with pytest.raises(RuleRefused) as caught:
            one.act(tasks.plan_on, one.authority.today + timedelta(days=4))
        assert caught.value.code == "joint_day"
        one.act(tasks.plan_on, one.authority.today + timedelta(days=3))


def test_joint_visit_gives_one_result_per_partner(both: tuple[Team, Team]) -> None:
    """Each submits its own; neither sees the other's rows."""
    for one in both:
        one.whole()
        with one.authority.session() as session:
            found = [results.latest(session, task) for task in tasks.all_tasks(session)]
        assert [result.categories for result in found if result] == [["no_problem"]]


def test_r3_2_merged_visit_is_on_the_joint_day(both: tuple[Team, Team]) -> None:
    """R3.2: a task of the lead's own beside a joint one moves to the day that the partners know."""
    lead = both[0]
    joint = lead.read()
    with lead.authority.session() as session:
        own = joint.model_dump(include={"item_code", "item_name", "family", "object_code", "object_name", "rules_on"})
        session.add(
            InspectionTask(
                **own, no="RW2026-0000", type=TaskType.CLUE, mode=Mode.ONSITE, team=["ZF0000", "ZF0001"],
                rules_digest="", dispatched_by="lead", dispatched_at=joint.dispatched_at,
            )
        )  # fmt: skip
        session.flush()
        day = lead.authority.today + timedelta(days=4)
        coordination.schedule(session, lead.office, "RW2026-0000", day, actor="inspection")
        coordination.decide(session, lead.office, joint.no, "RW2026-0000", merged=True, reason="", actor="lead")
        assert tasks.find_task(session, "RW2026-0000").planned_on == joint.planned_on
