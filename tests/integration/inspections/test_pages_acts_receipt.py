"""Leads handed over and their receipts, by pages and their twins (article 15)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

import pytest
from sqlmodel import select

from authority import Authority
from inspecting import Team, team
from officials import Official
from shuangsui.cli.walk import Course
from shuangsui.inspections.tables import Transfer

ARTICLE = "第十五条"
COURSE = Course(categories=("pending",), wrong={"1": "涉嫌使用淘汰设备"})


@pytest.fixture
def one(authority: Authority) -> Team:
    """An inspection that has ended with one finding."""
    return team(authority, course=COURSE).whole()


def test_r15_4_lead_is_handed_over_and_its_receipt_taken(one: Team, enter: Callable[..., Official]) -> None:
    """R15.4: nothing is closed without the receipt; the page says to whom, and afterwards with which receipt."""
    a, path = enter("inspection"), f"/tasks/{one.no}/findings/1"
    handed = {"disposition": "transfer"}
    assert a.refused(f"{path}/dispose", **handed) == (422, "transfer_to_missing", None)
    assert a.refused(f"{path}/dispose", **handed, to="某局", evidence=["0" * 64]) == (422, "evidence_unknown", None)
    pdf = {"name": "铭牌.pdf", "data": b64encode(b"%PDF-1.4\n%test\n").decode()}
    proof = a.call(f"/tasks/{one.no}/evidence", {"file": pdf, "note": "设备铭牌"}).json()["sha256"]
    assert f'name="evidence" value="{proof}">铭牌.pdf 设备铭牌' in a.page(path).text
    a.done(f"{path}/dispose", **handed, to="市场监督管理局(模拟)", reason="涉嫌违反产品质量法", evidence=[proof])
    shown = a.read(path)
    assert (shown["facts"]["移交的证据材料"], shown["transfer"]["evidence"]) == ("1 份", [proof])
    assert (shown["acts"], shown["facts"]["移交给"], shown["facts"]["接收单位的回执"]) == (
        ["receipt"], "市场监督管理局(模拟)", "尚未收到",
    )  # fmt: skip
    assert a.refused(f"/tasks/{one.no}/close") == (409, "transfer_receipt_missing", ARTICLE)
    assert a.refused(f"/tasks/{one.no}/finalise", categories=["obstructed"]) == (409, "findings_open", ARTICLE)
    assert a.refused(f"{path}/receipt", receipt="  ") == (409, "transfer_receipt_missing", ARTICLE)
    a.done(f"{path}/receipt", receipt="市监收〔2026〕8号")
    shown = a.read(path)
    assert (shown["facts"]["接收单位的回执"], shown["acts"]) == ("市监收〔2026〕8号", [])
    assert "<dt>接收单位的回执</dt><dd>市监收〔2026〕8号</dd>" in a.page(path).text
    assert a.refused(f"{path}/receipt", receipt="另一份") == (409, "transfer_received", ARTICLE)
    with one.authority.session() as session:
        kept = [(row.to, row.receipt) for row in session.exec(select(Transfer))]
    assert kept == [("市场监督管理局(模拟)", "市监收〔2026〕8号")]
    a.done(f"/tasks/{one.no}/finalise", categories=["obstructed"])
    a.done(f"/tasks/{one.no}/close")
    assert one.read().state == "closed"


def test_r15_4_receipt_by_the_twin(one: Team, enter: Callable[..., Official]) -> None:
    """R15.4: 移交立案 by programs; what was not handed over has no receipt, and not everybody takes one."""
    lead, business, path = enter("lead"), enter("business"), f"/tasks/{one.no}/findings/1"
    assert lead.call(f"{path}/receipt", {"receipt": "x"}).json()["code"] == "transfer_missing"
    answer = lead.call(f"{path}/dispose", {"disposition": "case", "to": "综合行政执法总队(模拟)"})
    assert answer.status_code == 200, answer.text
    assert business.call(f"{path}/receipt", {"receipt": "x"}).status_code == 403
    assert lead.call(f"{path}/receipt", {"receipt": "立案回执 1 号"}).status_code == 200
    told = lead.read(path)["transfer"]
    assert (told["to"], told["receipt"], told["sent_by"]) == ("综合行政执法总队(模拟)", "立案回执 1 号", "lead")


def test_r15_1_without_evidence_none_is_asked_for(one: Team, enter: Callable[..., Official]) -> None:
    """No file was uploaded: the form asks for no hash of one."""
    page = enter("inspection").page(f"/tasks/{one.no}/findings/1").text
    assert ('id="dispose-disposition"' in page, 'name="evidence"' in page) == (True, False)
