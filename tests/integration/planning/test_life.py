"""The annual plan on both databases (R7.1 to R7.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from authority import Authority, experts, inspectors, line_terms, objects
from shelf import Place
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.planning import service
from shuangsui.planning.service import Line
from shuangsui.planning.tables import PlanLine, PlanState

YEAR = 2026


@pytest.fixture
def authority(place: Place) -> Authority:
    """An authority with a published list and objects of two of its items."""
    made = Authority(place.engine, place.folder, place=place)
    two = objects(100, items="JX-11、JX-14")
    made.once("a list and objects of two items", lambda: (made.publish_list(), made.take_in(objects=two)))
    return made


def add(authority: Authority, item: str = "JX-11", starts: date = date(YEAR, 1, 1), year: int = YEAR) -> PlanLine:
    """One more line of the draft."""
    line = Line(item, line_terms(), starts, date(YEAR, 12, 31))
    with authority.session() as session:
        rules = authority.office.rules(authority.today)
        return service.add_line(session, year, line, rules=rules, level=authority.office.level, actor="lead")


def act(authority: Authority, use_case, **options) -> PlanState:
    """One use case on the plan of the year."""
    with authority.session() as session:
        return use_case(session, YEAR, **options).state


def refused(act, *arguments, **options) -> str:
    """The code of the refusal."""
    with pytest.raises((RuleRefused, BadInput)) as caught:
        act(*arguments, **options)
    return caught.value.code


def test_r7_1_plan_goes_one_way_from_draft_to_published(authority: Authority) -> None:
    """R7.1: draft, submitted, approved by somebody else, published."""
    states = [act(authority, service.new_plan, actor="lead")]
    add(authority)
    states += [
        act(authority, service.submit, actor="lead"),
        act(authority, service.approve, actor="leader"),
        act(authority, service.publish, actor="lead"),
    ]
    assert states == ["draft", "submitted", "approved", "published"]


def test_r7_2_plan_without_lines_is_not_submitted(authority: Authority) -> None:
    """R7.2: a plan says what is inspected."""
    act(authority, service.new_plan, actor="lead")
    assert refused(act, authority, service.submit, actor="lead") == "plan_empty"


def test_steps_out_of_order_are_refused(authority: Authority) -> None:
    """Nothing is approved before it is submitted, nor published before it is approved."""
    act(authority, service.new_plan, actor="lead")
    add(authority)
    assert refused(act, authority, service.approve, actor="leader") == "plan_state"
    assert refused(act, authority, service.publish, actor="lead") == "plan_state"


def test_office_that_drafts_does_not_approve(authority: Authority) -> None:
    """The lead office has no verb to approve."""
    act(authority, service.new_plan, actor="lead")
    add(authority)
    act(authority, service.submit, actor="lead")
    assert refused(act, authority, service.approve, actor="lead") == "not_allowed"


def test_r2_2_line_for_an_item_not_in_force_is_refused(authority: Authority) -> None:
    """R2.2: JX-15 was held back, JX-99 never existed."""
    act(authority, service.new_plan, actor="lead")
    assert [refused(add, authority, code) for code in ("JX-15", "JX-99")] == ["item_not_in_force"] * 2


def test_r7_2_window_outside_the_year_is_refused(authority: Authority) -> None:
    """R7.2: the time lies in the plan's year."""
    act(authority, service.new_plan, actor="lead")
    assert refused(add, authority, starts=date(YEAR - 1, 12, 1)) == "window_invalid"


MISSING = {
    "scope": ({"districts": ("没有这个区",)}, {}, "scope_empty"),
    "industry": ({"industries": ("Z99",)}, {}, "scope_empty"),
    "ratio": ({"ratios": {}}, {}, "line_ratio_missing"),
    "frequency": ({"rounds": 0}, {}, "line_frequency_missing"),
    "time": ({}, {"ends": date(YEAR - 1, 12, 31)}, "window_invalid"),
}


@pytest.mark.parametrize(("terms", "line", "code"), MISSING.values(), ids=MISSING)
def test_r7_2_line_without_one_of_the_four_is_refused(authority: Authority, terms: dict, line: dict, code: str) -> None:
    """R7.2: scope, ratio, frequency and time; what is refused leaves no line."""
    act(authority, service.new_plan, actor="lead")
    wanted = Line("JX-11", replace(line_terms(), **terms), date(YEAR, 1, 1), date(YEAR, 12, 31))
    rules, level = authority.office.rules(authority.today), authority.office.level
    with authority.session() as session:
        call = {"rules": rules, "level": level, "actor": "lead"}
        assert refused(service.add_line, session, YEAR, replace(wanted, **line), **call) == code
        assert list(service.lines(session, service.latest(session, YEAR))) == []


def test_r7_4_change_needs_a_reason_and_keeps_the_version_before(authority: Authority) -> None:
    """R7.4: version 2 starts from version 1, which is superseded when the new one is published."""
    authority.publish_plan(("JX-11", line_terms()))
    assert refused(act, authority, service.new_plan, actor="lead") == "plan_reason_required"
    act(authority, service.new_plan, actor="lead", reason="增加事项")
    add(authority, "JX-14")
    for use_case, actor in ((service.submit, "lead"), (service.approve, "leader"), (service.publish, "lead")):
        act(authority, use_case, actor=actor)
    with authority.session() as session:
        plan = service.published(session, YEAR)
        assert plan is not None
        assert (plan.version, [line.no for line in service.lines(session, plan)]) == (2, [1, 2])


def test_r7_4_drawn_line_stays(authority: Authority) -> None:
    """R7.4: what was executed cannot be taken out of a later version."""
    authority.take_in(inspectors=inspectors(12), experts=experts(5))
    authority.publish_plan(("JX-11", line_terms()))
    authority.draw()
    act(authority, service.new_plan, actor="lead", reason="调整")
    with authority.session() as session:
        assert refused(service.drop_line, session, YEAR, 1, actor="lead") == "line_drawn"


def test_undrawn_line_can_be_dropped_from_the_draft(authority: Authority) -> None:
    """A draft is a draft."""
    act(authority, service.new_plan, actor="lead")
    add(authority)
    with authority.session() as session:
        service.drop_line(session, YEAR, 1, actor="lead")
        assert list(service.lines(session, service.latest(session, YEAR))) == []


@pytest.mark.parametrize("year", [0, 1999, 2101, 99999])
def test_year_that_cannot_be_meant_is_refused(authority: Authority, year: int) -> None:
    """A slip of the keyboard makes no plan."""
    with authority.session() as session:
        assert refused(service.new_plan, session, year, actor="lead") == "year_invalid"


def test_r7_5_draw_without_a_published_plan_is_refused(authority: Authority) -> None:
    """R7.5: no plan, no draw."""
    assert refused(authority.freeze) == "plan_unpublished"
