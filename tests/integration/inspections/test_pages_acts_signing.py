"""Refused signatures, witnesses, objects that nobody finds, and corrections, by pages and their twins (article 13)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from authority import Authority
from console import PAGE
from inspecting import Team, team
from officials import Official
from shuangsui.access.policy import Role
from shuangsui.inspections.tables import SignatureContact
from shuangsui.vault.policy import Place

ARTICLE = "第十三条"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63606060600000000500010d0a2db40000000049454e44ae426082"
)


@pytest.fixture
def one(authority: Authority) -> Team:
    """The first task of a draw, dispatched."""
    return team(authority)


def signers(shown: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Who signed the record, as what, and how."""
    return [(row["person"], row["party"], row["how"]) for row in shown["record"]["signatures"]]


def choices(official: Official, path: str, name: str) -> list[str]:
    """What a selection of a page offers."""
    control = official.page(path).text.partition(f'<select class="in" id="{name}"')[2].partition("</select>")[0]
    return re.findall(r'<option value="([^"]+)"', control)


def photo(official: Official, no: str, name: str) -> None:
    """Proof of a visit, by the form of the page."""
    files = {"file": (f"{name}.png", PNG + name.encode())}
    sent = official.browser.post(
        f"/console/tasks/{no}/evidence", data={"csrf": official.csrf, "note": name}, files=files, headers=PAGE
    )
    assert sent.status_code == 303, sent.text


def test_r13_5_refusal_with_its_reason_both_officers_and_a_witness(one: Team, enter: Callable[..., Official]) -> None:
    """R13.5, R13.6: without reason or a signature it stays open; the witness is kept, the contact shown nowhere."""
    one.until("sign")
    a, (first, second), path = enter("inspection"), one.people(), f"/tasks/{one.no}/record"
    assert a.refused(f"{path}/refuse", reason="  ", revision=1) == (409, "refusal_reason", ARTICLE)
    a.done(f"{path}/refuse", reason="负责人外出，不愿代签", revision=1)
    seen = f"/tasks/{one.no}/visit"
    assert a.refused(f"{seen}/witness", person=second, place="厂区") == (409, "not_of_team", ARTICLE)
    a.done(f"{seen}/witness", person="王见证", place="厂区")
    assert [row["party_name"] for row in a.read(seen)["tables"][0]["rows"]] == ["执法人员", "执法人员", "见证人"]
    assert a.refused(f"{path}/sign-witness", person=first, revision=1) == (409, "signer_wrong", ARTICLE)
    witness = {"person": "王见证", "role": "居委会工作人员", "contact": "13900000001", "revision": 1}
    assert a.call(f"{path}/sign-witness", witness).status_code == 200
    a.done(f"{path}/sign", person=first, revision=1)
    signing, submitting = (choices(a, path, name) for name in ("sign-person", "submit-leader"))
    assert (first in signing, second in signing, submitting) == (False, True, [first])
    one.leave()
    result = {"leader": first, "categories": ["no_problem"]}
    assert a.refused(f"{path}/submit", **result) == (409, "officer_unsigned", ARTICLE)
    assert a.call(f"{path}/sign", {"person": second, "revision": 1}).status_code == 200
    a.done(f"{path}/submit", **result)
    shown, page = a.read(path), a.page(path).text
    assert shown["record"]["state"] == "refused_recorded"
    assert shown["facts"]["拒绝签字的原因"] == "负责人外出，不愿代签"
    assert signers(shown) == [
        ("王见证", "witness", "signature"), (first, "officer", "signature"), (second, "officer", "signature"),
    ]  # fmt: skip
    assert ("13900000001" in page, "13900000001" in str(shown), "拒签已记录" in page) == (False, False, True)
    with one.authority.session() as session:
        (kept,) = session.exec(select(SignatureContact)).all()
        assert one.office.vault.open(kept.contact, Place.of(kept, "contact")) == "13900000001"
    assert a.offers(path) == ["addendum"]


def test_r13_8_a_signature_is_for_the_text_that_was_read(one: Team, enter: Callable[..., Official]) -> None:
    """R13.8: form and twin refuse whoever saw another revision, in one sentence; without one nothing is signed."""
    one.until("sign")
    a, b, path = enter("inspection"), enter("leader", Role.INSPECTION_OFFICE), f"/tasks/{one.no}/record"
    seen = a.read(path)["revision"]
    assert a.page(path).text.count(f'name="revision" value="{seen}"') == 5
    b.call(f"{path}/write", {"facts": "又查明一处。", "revision": seen})
    person = {"person": one.people()[0]}
    for name, fields in {
        "sign": person, "sign-object": {"person": "厂长"}, "sign-witness": {"person": "王见证"},
        "refuse": {"reason": "外出"},
    }.items():  # fmt: skip
        assert a.refused(f"{path}/{name}", **fields, revision=seen) == (409, "record_differs", ARTICLE)
        assert a.call(f"{path}/{name}", fields).json()["code"] == "form_invalid"
    shown = a.form(f"{path}/sign", **person, revision=seen).text
    assert ("又查明一处。" in shown, shown.count(f'name="revision" value="{seen + 1}"')) == (True, 5)
    assert signers(a.read(path)) == []
    a.done(f"{path}/sign", **person, revision=seen + 1)


def test_r13_4_object_neither_signs_nor_refuses(one: Team, enter: Callable[..., Official]) -> None:
    """R13.4: submitted by neither page nor twin; a seal is as good as a signature."""
    one.until("sign")
    a, people, path = enter("inspection"), one.people(), f"/tasks/{one.no}/record"
    for person in people:
        a.done(f"{path}/sign", person=person, revision=1)
    assert a.refused(f"{path}/sign", person=people[0], revision=1) == (409, "signed_already", ARTICLE)
    one.leave()
    result = {"leader": people[0], "categories": ["no_problem"]}
    assert a.refused(f"{path}/submit", **result) == (409, "object_unsigned", ARTICLE)
    a.done(f"{path}/sign-object", person="某某化工有限公司(模拟)", how="seal", revision=1)
    assert a.call(f"{path}/submit", result).json()["categories"] == ["no_problem"]
    shown = a.read(path)
    assert (shown["record"]["state"], signers(shown)[2]) == ("confirmed", ("某某化工有限公司(模拟)", "object", "seal"))


def test_r13_7_object_not_found_on_two_visits(one: Team, authority: Authority, enter: Callable[..., Official]) -> None:
    """R13.7: one visit is refused and opens no record; the second, with its photo, ends without a signature."""
    one.until("arrive")
    people, path = one.people(), f"/tasks/{one.no}"
    a = enter("inspection")
    for person in people:
        a.done(f"{path}/visit/check-in", person=person, place="登记住所门口")
    assert a.offers(f"{path}/visit") == ["check-in", "witness", "certificates", "leave", "not-found"]
    a.done(f"{path}/visit/not-found")
    assert a.read(f"{path}/visit")["acts"] == ["certificates", "check-in", "leave", "witness"]
    assert a.offers(f"{path}/record") == ["save", "submit"]
    photo(a, one.no, "大门紧闭")
    for person in people:
        a.done(f"{path}/visit/leave", person=person)
    result = {"leader": people[0], "categories": ["cannot_contact"]}
    assert a.refused(f"{path}/record/submit", **result) == (409, "sought_too_little", ARTICLE)
    assert a.read(f"{path}/record")["record"] is None
    sought = "没有找到检查对象：须上门 2 次、留存证据 2 件，现有 1 次、1 件；不需要签字。"
    assert (a.read(f"{path}/record")["notes"], sought in a.page(f"{path}/record").text) == ([sought], True)
    authority.wait(days=1)
    a = enter("inspection")
    for person in people:
        assert a.call(f"{path}/visit/check-in", {"person": person, "place": "登记住所门口"}).json()["visit"] == 2
    assert a.call(f"{path}/visit/not-found").json() == {"visit": 2}
    photo(a, one.no, "仍无人应答")
    for person in people:
        a.done(f"{path}/visit/leave", person=person)
    wrong = {"leader": people[0], "categories": ["no_problem"]}
    assert a.refused(f"{path}/record/submit", **wrong) == (409, "category_contradicts", ARTICLE)
    a.done(f"{path}/record/submit", **result)
    task = a.read(path)
    assert (task["state"], task["record"]["state"], task["record"]["signatures"]) == ("ended", "unreachable", [])
    assert [(visit["n"], visit["met"]) for visit in task["visits"]] == [(1, False), (2, False)]
    assert [one["category_names"] for one in task["results"]] == [["通过登记的住所（经营场所）无法联系"]]
    assert a.offers(f"{path}/record") == []


def test_r13_3_late_entry_says_so(one: Team, authority: Authority, enter: Callable[..., Official]) -> None:
    """R13.3: submitted the day after, the page and its twin carry the stamp with the delay."""
    one.until("submit")
    authority.wait(hours=30)
    a, path = enter("inspection"), f"/tasks/{one.no}/record"
    assert a.read(path)["notes"] == [
        "记录已经有人签字，不能再修改：须更正的，提交后另写补充说明。",
        "检查结束的当天没有提交记录：现在提交将标明“补录”和延迟的时间。",
    ]
    a.done(f"{path}/submit", leader=one.people()[0], categories=["no_problem"])
    shown = a.read(path)
    assert shown["notes"] == []
    assert (shown["record"]["late"], shown["record"]["delay_minutes"]) == (True, 1800)
    assert shown["facts"]["补录"] == "延迟 1800 分钟"
    assert "<dt>补录</dt><dd>延迟 1800 分钟</dd>" in a.page(path).text


def test_r13_8_addenda_instead_of_edits(one: Team, enter: Callable[..., Official]) -> None:
    """R13.8: signed text is not edited by form, twin or device; what is added is signed again by those named."""
    one.whole()
    a, people, path = enter("inspection"), one.people(), f"/tasks/{one.no}/record"
    before = a.read(path)
    assert ("/record/save" in a.page(path).text, before["writable"], before["acts"]) == (False, False, ["addendum"])
    saved = a.form(f"{path}/save", device="x", revision="1", facts="改写")
    assert (saved.status_code, "依据：第十三条" in saved.text) == (409, True)
    written = a.call(f"{path}/write", {"facts": "改写", "revision": 1}).json()
    assert (written["code"], written["article"]) == ("record_signed", ARTICLE)
    assert a.refused(f"{path}/addendum", text=" \n") == (422, "addendum_empty", None)
    a.done(f"{path}/addendum", text="设备编号应为 A-12")
    assert a.call(f"{path}/addendum", {"text": "台账共三册"}).json() == {"addendum": 2}
    page = a.page(path).text
    assert '<option value="2">第 2 份：台账共三册</option>' in page
    assert a.offers(path) == ["addendum", "sign-addendum", "confirm-addendum"]
    a.done(f"{path}/sign-addendum", n="1", person=people[0])
    assert a.call(f"{path}/sign-addendum", {"n": 1, "person": people[1]}).status_code == 200
    assert a.refused(f"{path}/sign-addendum", n=1, person=people[1]) == (409, "signed_already", ARTICLE)
    assert a.refused(f"{path}/confirm-addendum", n=2, party="witness", person=people[0]) == (
        409,
        "signer_wrong",
        ARTICLE,
    )
    a.done(f"{path}/confirm-addendum", n="1", party="object", person="厂长")
    assert a.call(f"{path}/sign-addendum", {"n": 3, "person": people[0]}).json()["code"] == "addendum_missing"
    after = a.read(path)["record"]
    assert (after["facts"], after["revision"]) == (before["record"]["facts"], before["record"]["revision"])
    assert [(row["text"], row["signatures"]) for row in after["addenda"]] == [
        ("设备编号应为 A-12", [*people, "厂长"]), ("台账共三册", []),
    ]  # fmt: skip
