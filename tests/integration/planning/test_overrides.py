"""Overrides of once a year (R10.6), and the counter itself (R10.2)."""

from __future__ import annotations

import pytest
from sqlmodel import select

from authority import Authority, line_terms
from shuangsui.draws import changing
from shuangsui.draws.tables import Draw
from shuangsui.errors import ShuangsuiError
from shuangsui.planning import overrides
from shuangsui.planning import service as planning
from shuangsui.planning.tables import CounterState, FrequencyOverride

YEAR = 2026


@pytest.fixture
def twice(stocked: Authority) -> Authority:
    """A plan with two lines of one item; the first is drawn."""
    few = line_terms(A="1%", B="1%", C="1%", D="1%", FLAG="2%")
    stocked.publish_plan(("JX-11", few), ("JX-11", line_terms()))
    stocked.draw()
    return stocked


def drawn(authority: Authority) -> list[str]:
    """Codes that count this year."""
    with authority.session() as session:
        family = session.exec(select(Draw.family)).first() or ""
        return sorted(planning.drawn_in_year(session, YEAR, family))


def propose(authority: Authority, code: str, actor: str = "lead", reason: str = "群众集中反映") -> FrequencyOverride:
    """Ask for one."""
    with authority.session() as session:
        family = session.exec(select(Draw.family)).first() or ""
        rules = authority.office.rules(authority.today)
        return overrides.propose(session, YEAR, family, code, reason, rules=rules, actor=actor)


def refused(act, *arguments, **options) -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code


def count(authority: Authority) -> int:
    """The public figure."""
    with authority.session() as session:
        return overrides.approved_count(session, YEAR)


def test_r10_6_approved_override_makes_the_object_eligible_and_the_count_rise(twice: Authority) -> None:
    """R10.6: of the objects already drawn one is eligible again; the yearly count rises by one."""
    codes = drawn(twice)
    propose(twice, codes[0])
    assert count(twice) == 0
    with twice.session() as session:
        overrides.approve(session, YEAR, 1, actor="leader")
    assert count(twice) == 1
    assert twice.freeze(line=2).draft["snapshot"]["excluded"] == {"X10-1": len(codes) - 1}


def test_r10_6_proposed_or_refused_override_changes_nothing(twice: Authority) -> None:
    """R10.6: reason and approval are both needed."""
    codes = drawn(twice)
    for code in codes[:2]:
        propose(twice, code)
    with twice.session() as session:
        overrides.refuse(session, YEAR, 1, "没有必要", actor="leader")
    assert count(twice) == 0
    assert twice.freeze(line=2).draft["snapshot"]["excluded"] == {"X10-1": len(codes)}


def test_r10_6_override_without_a_reason_is_refused(twice: Authority) -> None:
    """R10.6."""
    assert refused(propose, twice, drawn(twice)[0], reason=" ") == "planning_reason_missing"


def test_r10_6_proposer_does_not_approve(twice: Authority) -> None:
    """Maker and checker are two people."""
    propose(twice, drawn(twice)[0], actor="leader")
    with twice.session() as session:
        assert refused(overrides.approve, session, YEAR, 1, actor="leader") == "same_person"
    assert count(twice) == 0


def test_r10_6_override_is_decided_once(twice: Authority) -> None:
    """Neither again nor the other way; an unknown one is missing."""
    propose(twice, drawn(twice)[0])
    with twice.session() as session:
        overrides.approve(session, YEAR, 1, actor="leader")
        assert refused(overrides.refuse, session, YEAR, 1, "改变", actor="leader") == "override_decided"
        assert refused(overrides.approve, session, YEAR, 2, actor="leader") == "override_missing"


def test_override_of_an_object_not_drawn_is_needless(twice: Authority) -> None:
    """It is eligible anyway."""
    assert refused(propose, twice, "没有这个代码") == "override_needless"


def test_r10_2_counter_is_reserved_consumed_and_released(twice: Authority) -> None:
    """R10.2: what was cancelled before any visit is eligible again, what was inspected is not."""
    codes = drawn(twice)
    with twice.session() as session:
        no = session.exec(select(Draw.no)).first() or ""
        planning.settle(session, no, codes[:1], CounterState.RELEASED)
        planning.settle(session, no, codes[1:2], CounterState.CONSUMED)
    assert drawn(twice) == codes[1:]


def test_r10_2_voided_round_releases_its_counters(twice: Authority) -> None:
    """R10.2, R8.7: its tasks are cancelled."""
    with twice.session() as session:
        no = session.exec(select(Draw.no)).first() or ""
        changing.void(session, no, "名录有误", actor="leader")
    assert drawn(twice) == []
