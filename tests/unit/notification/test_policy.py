"""What a message says and what an address may be."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shuangsui.errors import BadInput
from shuangsui.notification import linting
from shuangsui.notification.policy import LISTED, Told, alert_of, check_address, digest_of
from shuangsui.notified import Message

AUTHORITY = "某市经济和信息化委员会"
HOSTILE = "result/1\r\nBcc: x@evil.example\u2028\u202e"


def test_breach_says_what_where_and_until_when() -> None:
    """Every line by itself; what an alert lacks is left out."""
    full = alert_of(Told("整改逾期", "2026-0001-1", date(2026, 6, 12), "第十五条"), AUTHORITY, urgent=True)
    assert (full.title, full.text.split("\n")) == (
        "【逾期】整改逾期：2026-0001-1",
        [f"{AUTHORITY}：整改逾期", "对象：2026-0001-1", "期限：2026-06-12", "依据：第十五条", "请登录管理端办理。"],
    )
    assert len(alert_of(Told("整改逾期", "x"), AUTHORITY, urgent=False).text.split("\n")) == 3


def test_nothing_in_a_subject_begins_another_line() -> None:
    """What is made of it is always a message."""
    for draft in (alert_of(Told("x" * 300, HOSTILE), AUTHORITY, urgent=True),
                  digest_of([Told("x", HOSTILE)], AUTHORITY, date(2026, 6, 15))):  # fmt: skip
        made = Message("1", "breach", draft.title, draft.text, "a@b.example", "/console", datetime.now(UTC))
        assert not [line for line in made.text.split("\n") if line.startswith("Bcc")]
        assert len(made.title) <= 120


def test_digest_lists_what_is_due_first_and_counts_the_rest() -> None:
    """What has no term stands behind; a long list is not written out."""
    every = [Told("乙", "2"), Told("甲", "3", date(2026, 6, 20)), Told("甲", "1", date(2026, 6, 18))]
    lines = digest_of(every, AUTHORITY, date(2026, 6, 15)).text.split("\n")
    assert lines == [
        f"{AUTHORITY}：2026-06-15 有 3 项提醒。", "1. 甲：1，期限 2026-06-18", "2. 甲：3，期限 2026-06-20", "3. 乙：2",
        "请登录管理端办理。",
    ]  # fmt: skip
    many = digest_of((Told("甲", f"{n:04d}") for n in range(LISTED + 7)), AUTHORITY, date(2026, 6, 15))
    assert (len(many.text.split("\n")), "另有 7 项。" in many.text, f"有 {LISTED + 7} 项" in many.title) == (
        LISTED + 3, True, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [("email", " a.b+c@jxw.example.gov.cn ", "a.b+c@jxw.example.gov.cn"), ("email", "ａ@ｂ.example", "a@b.example"),
     ("phone", "138 0013 8000", "13800138000"), ("phone", "+8613800138000", "13800138000"),
     ("phone", "0086-138-0013-8000", "13800138000"), ("wecom", "zhang.san_1", "zhang.san_1")],
)  # fmt: skip
def test_addresses_are_kept_in_one_form(kind: str, typed: str, kept: str) -> None:
    """As people type them, with a country's number, blanks or full-width letters."""
    assert check_address(kind, typed) == (kind, kept)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("email", "a"), ("email", "a@b,c@d"), ("email", f"{'a' * 65}@b.example"), ("phone", "10000000000"),
     ("phone", "023-12345678"), ("wecom", "@all"), ("wecom", "a|b"), ("fax", "1")],
)  # fmt: skip
def test_what_cannot_be_an_address_is_refused(kind: str, typed: str) -> None:
    """One person each: no lists, no groups."""
    with pytest.raises(BadInput):
        check_address(kind, typed)


def test_linter_names_kinds_and_repeats_nothing() -> None:
    """Each kind once; the authority's own numbers pass."""
    found = linting.fault(("13800138000 和 13900139000", "a@b.example.cn"))
    assert found == {"code": "notification_blocked", "params": {"kinds": "移动电话号码、电子邮箱地址"}}
    assert linting.fault(("咨询 13800138000",), ["13800138000"]) is None
    assert linting.fault(("已过公开期限：result/RW2026-0001",)) is None


@pytest.mark.parametrize(
    "bad",
    [{"title": "a\nb"}, {"title": ""}, {"address": "a\r\nb"}, {"address": ""}, {"id": "a\0"}, {"text": ""},
     {"text": "a\rb"}, {"link": "https://a.example/"}, {"link": "console"}, {"at": datetime(2026, 6, 15)}],  # noqa: DTZ001
)  # fmt: skip
def test_what_could_be_more_than_one_message_is_none(bad: dict[str, Any]) -> None:
    """A plugin need not distrust what it is handed; the error repeats no address."""
    good = {"id": "1", "level": "warn", "title": "甲", "text": "甲\n乙", "address": "secret@b.example",
            "link": "/console", "at": datetime(2026, 6, 15, tzinfo=UTC)}  # fmt: skip
    assert "secret@" not in repr(Message(**good))
    with pytest.raises(ValueError, match="not a message") as caught:
        Message(**{**good, **bad})
    assert "secret@" not in str(caught.value)
