"""A decision that answers a lead handed over is its receipt; a finding alone is never a decision."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import col, select

import deciding
from authority import Authority
from deciding import NUMBER
from inspecting import Team, team
from shelf import Place
from shuangsui.cli.walk import Course
from shuangsui.disclosure import decisions, disclosures
from shuangsui.disclosure.tables import Disclosure
from shuangsui.inspections import followup
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import Disposition
from shuangsui.inspections.tables import Transfer


@pytest.fixture
def one(place: Place) -> Team:
    """An ended inspection whose finding was handed over to be dealt with as a case."""
    course = Course(categories=("pending",), wrong={"1": "销售没有登记"})
    one = team(Authority(place.engine, place.folder, place=place), course=course).whole()
    one.decide(followup.dispose, 1, Order(Disposition.CASE, to="综合执法支队"))
    return one


def take(one: Team, folder: Path, **changes: str) -> None:
    """One decision on the lead, with other cells."""
    deciding.take(one.authority, folder, **({"线索编号": f"{one.no}/1"} | changes))


def transfer(one: Team) -> Transfer:
    with one.authority.session() as session:
        found = followup.transfer_at(session, one.no, 1)
        assert found is not None
        return found


def numbers(one: Team) -> list[str]:
    with one.authority.session() as session:
        return [number for number, _, _ in decisions.open_contents(session)]


def test_r15_4_decision_on_a_lead_is_its_receipt(one: Team, tmp_path: Path) -> None:
    """The finding is closed by it; the same file again finds the receipt there."""
    take(one, tmp_path)
    first = transfer(one)
    assert first.receipt == f"决定书 {NUMBER}"
    take(one, tmp_path)
    take(one, tmp_path, 内容="罚款人民币六千元")
    assert transfer(one).receipt_at == first.receipt_at
    with one.authority.session() as session:
        assert followup.open_transfers(session) == []
    one.act(followup.close)


def test_r15_4_receipt_that_is_there_stays(one: Team, tmp_path: Path) -> None:
    """The decision is kept beside it."""
    one.act(followup.receive_receipt, 1, "受理回执 12 号", actor="lead")
    take(one, tmp_path)
    assert (transfer(one).receipt, numbers(one)) == ("受理回执 12 号", [NUMBER])


def test_r15_4_annulled_decision_is_no_receipt(one: Team, tmp_path: Path) -> None:
    """The lead still waits."""
    take(one, tmp_path, 状态="撤销", 撤销原因="行政复议决定撤销")
    assert (transfer(one).receipt, numbers(one)) == ("", [])


def test_finding_alone_is_never_a_decision(one: Team) -> None:
    """Not even with the other agency's receipt."""
    one.act(followup.receive_receipt, 1, "受理回执 12 号", actor="lead")
    assert numbers(one) == []


def disclosed(one: Team) -> list[tuple[str, int, str, str]]:
    """Key, revision, action and note of everything disclosed of decisions, after another look."""
    with one.authority.session() as session:
        disclosures.catch_up(session, one.authority.office, "")
        session.flush()
        rows = session.exec(select(Disclosure).where(Disclosure.kind == "decision").order_by(col(Disclosure.revision)))
        return [(row.key, row.revision, str(row.action), row.note) for row in rows]


def test_r14_10_decision_goes_out_is_corrected_and_taken_down(one: Team, tmp_path: Path) -> None:
    """A changed row is a correction, an annulled one is taken down with its reason; the same file changes nothing."""
    take(one, tmp_path)
    assert disclosed(one) == [(NUMBER, 1, "publish", "")]
    take(one, tmp_path)
    assert len(disclosed(one)) == 1
    take(one, tmp_path, 内容="罚款人民币四千元")
    assert disclosed(one)[1:] == [(NUMBER, 2, "correct", disclosures.CORRECTED)]
    take(one, tmp_path, 内容="罚款人民币四千元", 状态="撤销", 撤销原因="复议撤销")
    assert disclosed(one)[2:] == [(NUMBER, 3, "withdraw", "复议撤销")]
    assert len(disclosed(one)) == 3


def test_decision_is_taken_down_when_its_term_is_over(one: Team, tmp_path: Path) -> None:
    """公示截止期: by the clock, once, and it does not come back."""
    take(one, tmp_path, 公示截止期="2026-09-02")
    assert [found[2] for found in disclosed(one)] == ["publish"]
    one.authority.wait(days=90)
    assert [found[2:] for found in disclosed(one)] == [("publish", ""), ("withdraw", disclosures.EXPIRED)]
    assert len(disclosed(one)) == 2
