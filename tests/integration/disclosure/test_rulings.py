"""公开决定 (R14.7, R14.8): the lead office publishes, two people withhold, the list decides without anybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from authority import Authority
from inspecting import Team, team
from shelf import Place
from shuangsui.disclosure import rulings
from shuangsui.disclosure.decided import decided
from shuangsui.errors import ShuangsuiError
from shuangsui.ledger.tables import LedgerEntry

LAW = {"basis": "《保守国家秘密法》第二十八条", "scope": "生产规模", "notified": ["市国防科工办"]}


@pytest.fixture
def one(place: Place) -> Team:
    """An inspection that has ended."""
    return team(Authority(place.engine, place.folder, place=place)).whole()


def refused(one: Team, act: Callable[..., Any], actor: str, *arguments: Any, **named: Any) -> str:
    """The code of the refusal, after which nothing has changed."""
    with pytest.raises(ShuangsuiError) as caught:
        one.act(act, *arguments, actor=actor, **named)
    return caught.value.code


def public(one: Team) -> list[tuple[str, str | None]]:
    """Key and basis of what the public may see."""
    with one.authority.session() as session:
        return [(view["key"], view["withheld"]) for view in decided(session)]


def test_r14_7_nothing_is_public_before_it_is_decided(one: Team) -> None:
    """The lead office publishes; the inspecting office may not."""
    assert public(one) == []
    assert refused(one, rulings.publish, "inspection") == "not_allowed"
    one.act(rulings.publish, actor="lead")
    assert [basis for _, basis in public(one)] == [None]
    assert refused(one, rulings.publish, "lead") == "ruling_made"


def test_r14_7_law_withholds_by_two_people_with_basis_and_scope(one: Team) -> None:
    """The public sees a numbered placeholder once the second one has approved."""
    assert refused(one, rulings.propose_withholding, "lead", **LAW | {"basis": " "}) == "withholding_unfounded"
    assert refused(one, rulings.propose_withholding, "lead", **LAW | {"scope": ""}) == "withholding_unfounded"
    one.act(rulings.propose_withholding, actor="lead", **LAW)
    assert public(one) == []
    assert refused(one, rulings.approve, "lead") == "not_allowed"
    one.act(rulings.approve, actor="leader")
    assert public(one) == [("withheld-by-law-1", LAW["basis"])]
    assert refused(one, rulings.publish, "lead") == "ruling_made"


def test_r14_7_whoever_proposed_does_not_approve(one: Team) -> None:
    """Not even with both roles."""
    from shuangsui.access import service as access
    from shuangsui.access.policy import Role

    with one.authority.session() as session:
        access.grant(session, "leader", Role.LEAD_OFFICE, by="sec.admin")
    one.act(rulings.propose_withholding, actor="leader", **LAW)
    assert refused(one, rulings.approve, "leader") == "same_person"


def test_r14_7_refused_withholding_leaves_publishing_open(one: Team) -> None:
    """With a reason; both stay on record."""
    one.act(rulings.propose_withholding, actor="lead", **LAW)
    assert refused(one, rulings.refuse, "leader", " ") == "withholding_reason"
    one.act(rulings.refuse, "不涉及国家秘密", actor="leader")
    one.act(rulings.publish, actor="lead")
    with one.authority.session() as session:
        acts = session.exec(
            select(LedgerEntry.act).where(LedgerEntry.act.startswith("ruling.")).order_by(col(LedgerEntry.n))
        ).all()
    assert acts == ["ruling.propose", "ruling.decide", "ruling.decide"]
    assert [basis for _, basis in public(one)] == [None]


def test_r14_8_that_nobody_is_told_is_a_choice(one: Team) -> None:
    """Left open it is refused; an empty list says so."""
    assert refused(one, rulings.propose_withholding, "lead", **LAW | {"notified": None}) == "withholding_unnotified"
    assert one.act(rulings.propose_withholding, actor="lead", **LAW | {"notified": []}).notified == []


def test_r14_7_result_without_an_inspection_is_not_decided_on(place: Place) -> None:
    """There is nothing to publish yet."""
    fresh = team(Authority(place.engine, place.folder, place=place))
    assert refused(fresh, rulings.publish, "lead") == "result_missing"
