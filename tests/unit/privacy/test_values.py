"""Values of what is disclosed by their fields, and homes of sole owners (context 2.9)."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest

import canaries
from shuangsui.disclosed import (
    Authority,
    Disclosed,
    DisclosedFinding,
    DisclosedItem,
    DisclosedObject,
    DisclosedOfficer,
    ResultContent,
)
from shuangsui.errors import RuleRefused
from shuangsui.privacy.dwellings import house_number, is_sole_owner_code, masked_address
from shuangsui.privacy.scanning import lint_disclosed, require_lawful, scan_bytes
from shuangsui.registry.uscc import registration_check_digit

SOLE = canaries.sole_owner(1)
COMPANY = "91500104MALM7UH4K2"
SHOP = DisclosedObject(SOLE, "某某副食店", sole_owner=True, address="重庆市渝中区民生路***", area="500103")


def result(**changes) -> Disclosed:
    """One clean result; ``changes`` of its content."""
    content = ResultContent(
        "JH-1", "某计划", "2026-0001", "RW2026-0001", "某事项抽查", "random", "onsite", SHOP,
        DisclosedItem("JX-11", "某事项", "《某条例》第三十二条", {"gsxt": "0101"}),
        (DisclosedFinding("no_problem", "未发现问题"),),
        "无", datetime(2026, 11, 26, tzinfo=UTC), (DisclosedOfficer("某甲", "MX00000001"),),
    )  # fmt: skip
    return Disclosed(
        Authority("moushi", "某市经济和信息化委员会", "11500000450400000X", "500000"),
        "RW2026-0001-1", 1, "publish", dataclasses.replace(content, **changes), date(2026, 12, 1),
    )  # fmt: skip


def found(**changes) -> list[tuple[str, str]]:
    return [(one.kind, one.where) for one in lint_disclosed(result(**changes))]


def test_result_with_what_the_law_has_published_is_clean():
    """Names, certificates, codes and a masked address."""
    assert found() == []


def test_every_text_of_a_result_is_looked_at():
    """Also in tuples and in the codes of other systems; the field is named."""
    assert found(
        follow_up="请致电13812345678",
        findings=(DisclosedFinding("pending", "邮箱 a.b@qq.com"),),
        officers=(DisclosedOfficer("某甲", "500103199001011232"),),
        item=DisclosedItem("JX-11", "某事项", "", {"x": "6217005516687457543"}),
    ) == [
        ("bank_card", "content.item.codes[x]"),
        ("email", "content.findings[0].text"),
        ("mobile", "content.follow_up"),
        ("resident_id", "content.officers[0].certificate"),
    ]


@pytest.mark.parametrize(
    "address", ["渝中区民生路12号", "渝中区民生路１２号", "石桥村三组", "某小区A栋", "民生路十二号"]
)
def test_house_number_of_a_sole_owner_holds_the_delivery(address):
    """A shop may be a home; known as one by its mark or by its code."""
    for owner in (dataclasses.replace(SHOP, address=address), DisclosedObject(SOLE, "某店", address=address)):
        assert ("home_address", "content.object.address") in found(object=owner)


def test_company_s_address_is_no_home():
    """Its seat is public."""
    assert found(object=DisclosedObject(COMPANY, "某公司", address="渝中区民生路12号")) == []


def test_home_in_another_text_of_a_sole_owner():
    """Masking the address is not enough if the result repeats it."""
    text = (DisclosedFinding("pending", "在民生路12号附3号经营"),)
    assert found(findings=text) == [("home_address", "content.findings[0].text")]


def test_refusal_of_a_value_names_field_and_kind():
    """As for bytes."""
    with pytest.raises(RuleRefused) as caught:
        require_lawful(result(follow_up="13812345678"))
    params = caught.value.params
    assert (caught.value.code, params["where"], params["kind"], params["count"]) == (
        "personal_data", "content.follow_up", "移动电话号码", 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("重庆市渝中区民生路123号5单元12-3", "重庆市渝中区民生路***"),
        ("重庆市渝中区民生路１２３号", "重庆市渝中区民生路***"),
        ("重庆市渝中区民生路附12号", "重庆市渝中区民生路***"),
        ("重庆市渝中区八一路一百二十号", "重庆市渝中区八一路***"),
        ("重庆市綦江区石桥村三组", "重庆市綦江区石桥村***"),
        ("重庆市渝中区某小区B座", "重庆市渝中区某小区***"),
        ("重庆市渝中区五四路", "重庆市渝中区五四路"),
        ("", ""),
    ],
)
def test_mask_keeps_the_road_and_hides_the_house(address, masked):
    """Masking what is masked changes nothing."""
    assert (masked_address(address), masked_address(masked)) == (masked, masked)


@pytest.mark.parametrize(
    "text", ["铁路〔2026〕12号", "沙坪坝区城管罚字第12号", "渝经信罚〔2026〕12号", "三号桥", "第十四条"]
)
def test_numbers_of_decisions_are_no_houses(text):
    """Brackets and words of office stand between."""
    assert house_number(text) is False


def test_sole_owners_are_known_by_their_codes():
    """92 of the credit code, 6 to 9 of the old number; the check must fit."""
    assert [is_sole_owner_code(code) for code in (SOLE, COMPANY, SOLE[:-1] + "0", "500103600020008")] == [
        True, False, SOLE.endswith("0"), False,
    ]  # fmt: skip


def test_home_beside_a_company_of_the_same_list_is_not_mixed_up():
    """A record is one row."""
    rows = f"代码,地址\n{COMPANY},民生路12号\n{SOLE},民生路***\n{SOLE},民生路13号\n"
    assert [(one.kind, one.where) for one in scan_bytes(rows.encode(), "text/csv")] == [
        ("home_address", "第 4 行第 2 列")
    ]  # fmt: skip


def test_number_of_an_object_passes_although_it_looks_like_an_old_id_number():
    """Its own check is right; the registry warned when it came in. In any other field it is what it looks like."""
    code = (first := "50010360010101") + registration_check_digit(first)
    owner = dataclasses.replace(SHOP, code=code, is_uscc=False)
    assert found(object=owner) == []
    assert [kind for kind, _ in found(follow_up=code)] == ["old_resident_id"]


CARD = "62497869 07366258"
DIGEST = "0f3a91c2 " * 5 + CARD + " 77aa01be"


@pytest.mark.parametrize(
    ("shown", "found"),
    [(f"{CARD}…", 0), (DIGEST, 0), (CARD, 1), (f"{CARD} 77aa01be", 1), (f"{DIGEST[9:]}", 1)],
)
def test_digest_in_groups_of_eight_is_no_card(shown: str, found: int) -> None:
    """As the public page of a draw writes one, whole or its beginning; the same digits elsewhere are a card."""
    page = f'<!doctype html><html><body><p><span class="hash">{shown}</span></p></body></html>'
    assert len(scan_bytes(page.encode(), "text/html")) == found
