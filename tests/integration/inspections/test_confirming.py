"""The object signs the record or objects to it, by its link and nobody's account (article 13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from authority import Authority, inspectors, line_terms, objects
from inspecting import Team, team
from ruled import ruled
from shuangsui.cli.walk import Course
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import confirming, records, tasks, visits
from shuangsui.inspections.links import HOLDER
from shuangsui.inspections.states import Confirmation, Mode, Party, RecordState
from shuangsui.inspections.tables import Objection
from shuangsui.ledger.tables import LedgerEntry


@pytest.fixture
def one(authority: Authority) -> Team:
    """A complete record that nobody has signed."""
    return team(authority).until("sign")


def refused(act: Callable[..., object], *arguments: object, **options: object) -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code


def officers_sign(one: Team) -> None:
    """Everybody who came."""
    for person in one.people():
        one.act(records.sign, person, Party.OFFICER)


def sign(one: Team, person: str = "厂长(模拟)", role: str = "法定代表人") -> Any:
    """By the link."""
    with one.authority.session() as session:
        return confirming.sign(session, one.office, tasks.find_task(session, one.no), person, role)


def objected(one: Team, text: str, person: str = "厂长(模拟)") -> Objection:
    """By the link."""
    with one.authority.session() as session:
        return confirming.raise_objection(session, tasks.find_task(session, one.no), person, text)


def seen(one: Team) -> tuple[bool, bool]:
    """Whether the object may read the record, and sign it."""
    with one.authority.session() as session:
        task = tasks.find_task(session, one.no)
        record = confirming.presented(session, task)
        return record is not None, record is not None and confirming.can_sign(session, one.office, task, record)


def acts(one: Team) -> list[str]:
    """What stands in the ledger as done by the link."""
    with one.authority.session() as session:
        query = select(LedgerEntry).where(LedgerEntry.actor == HOLDER).order_by(col(LedgerEntry.n))
        return [row.act for row in session.exec(query)]


def test_r13_4_record_is_presented_once_every_officer_has_signed(one: Team) -> None:
    """R13.4: not a word of it before; afterwards its text stays as it is."""
    first, *others = one.people()
    assert (seen(one), refused(sign, one), refused(objected, one, "数据有误")) == (
        (False, False), "record_unpresented", "record_unpresented",
    )  # fmt: skip
    one.act(records.sign, first, Party.OFFICER)
    assert (seen(one), refused(sign, one)) == ((False, False), "record_unpresented")
    for person in others:
        one.act(records.sign, person, Party.OFFICER)
    assert seen(one) == (True, True)
    assert refused(one.act, records.write, {"facts": "改写"}, base_revision=1) == "record_signed"
    assert acts(one) == []


def test_r13_4_object_signs_by_its_link_once(one: Team) -> None:
    """R13.4: one entry; the leader submits a confirmed record."""
    officers_sign(one)
    made = sign(one, "  厂长(模拟) ")
    assert (made.person, made.party, made.how, made.role, made.by) == (
        "厂长(模拟)", Party.OBJECT, Confirmation.SIGNATURE, "法定代表人", HOLDER,
    )  # fmt: skip
    assert (seen(one), refused(sign, one, "副厂长(模拟)")) == ((True, False), "record_confirmed")
    assert acts(one) == ["record.sign"]
    one.leave()
    one.submit()
    with one.authority.session() as session:
        assert records.record_of(session, tasks.find_task(session, one.no)).state is RecordState.CONFIRMED
    assert refused(sign, one) == "record_signed"


def test_r13_4_link_signs_only_where_the_rules_take_a_signature(one: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """``record.confirmation``: where a seal is wanted it is not typed in."""
    ruled(monkeypatch, {"record.confirmation": ("seal",)})
    officers_sign(one)
    assert (seen(one), refused(sign, one)) == ((True, False), "record_seal_only")


@pytest.mark.parametrize(
    ("person", "role", "code"),
    [(" ", "", "signer_missing"), ("x" * 101, "", "holder_words"), ("厂长", "x" * 101, "holder_words"),
     ("厂\0长", "", "holder_words")],
)  # fmt: skip
def test_signature_without_a_name_is_none(one: Team, person: str, role: str, code: str) -> None:
    """Nor one that no column takes."""
    officers_sign(one)
    assert (refused(sign, one, person, role), acts(one)) == (code, [])


def test_officer_does_not_sign_for_the_object(one: Team) -> None:
    """Whoever has got hold of the link (R13.6)."""
    officers_sign(one)
    assert refused(sign, one, one.people()[0]) == "signer_wrong"


def test_r13_5_object_may_object_before_and_after_a_refusal_to_sign(one: Team) -> None:
    """R13.5: both stay beside the record, which does not change; one entry for each."""
    officers_sign(one)
    assert objected(one, "3 号锅炉在检查之前已经停用").n == 1
    one.act(records.refuse, "对记录有异议")
    one.leave()
    one.submit()
    assert objected(one, "记录的时间有误").n == 2
    with one.authority.session() as session:
        record = records.record_of(session, tasks.find_task(session, one.no))
        kept = [(row.n, row.person, row.text) for row in confirming.objections(session, record)]
        assert record.state is RecordState.REFUSED_RECORDED
    assert kept == [(1, "厂长(模拟)", "3 号锅炉在检查之前已经停用"), (2, "厂长(模拟)", "记录的时间有误")]
    assert acts(one) == ["record.object", "record.object"]


def test_objection_sent_twice_is_one(one: Team) -> None:
    """A second tap on the button; the same words from somebody else are another."""
    officers_sign(one)
    assert (objected(one, "数据有误").n, objected(one, " 数据有误\n").n) == (1, 1)
    assert objected(one, "数据有误", "法务(模拟)").n == 2
    assert acts(one) == ["record.object", "record.object"]


def test_objections_have_words_and_an_end(one: Team) -> None:
    """Nobody fills the file of an inspection."""
    officers_sign(one)
    assert refused(objected, one, " ") == "record_objection_empty"
    assert refused(objected, one, "数据有误", " ") == "signer_missing"
    assert refused(objected, one, "错" * 2001) == "holder_words"
    for n in range(confirming.MOST):
        objected(one, f"第 {n} 处有误")
    assert refused(objected, one, "还有一处") == "record_objections_full"


def test_r12_1_record_of_papers_is_read_and_objected_to_but_not_signed(authority: Authority) -> None:
    """R12.1: without a visit nobody signs; the object may say what it thinks of the conclusion."""
    authority.take_in(objects=objects(12, "JX-02"), inspectors=inspectors(12))
    authority.publish_list()
    authority.publish_plan(("JX-02", line_terms(expert=False, ALL="100%")))
    draw = authority.draw()
    with authority.session() as session:
        (first, *_) = tasks.dispatch(session, authority.office, draw.no, actor="lead", mode=Mode.DOCUMENT)
        tasks.accept(session, first.no, actor="inspection")
    one = Team(authority, first.no, Course())
    one.write()
    assert (seen(one), refused(sign, one)) == ((False, False), "record_unpresented")
    one.submit()
    assert (seen(one), objected(one, "结论没有依据").n) == ((True, False), 1)


def test_nobody_signs_where_nobody_was_found(one: Team) -> None:
    """R13.7 asks for no signature; there was nobody to give one."""
    one.act(visits.nobody_found)
    officers_sign(one)
    assert (seen(one), refused(sign, one)) == ((False, False), "record_unpresented")
