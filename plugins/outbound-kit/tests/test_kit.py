"""What the ways out promise to every plugin; the servers at their ends stand in the tests of the plugins."""

from __future__ import annotations

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage

import pytest

from shuangsui import OutsideFailed
from shuangsui_outbound_kit import Way, is_mailbox, letter, line

AT = datetime(2026, 6, 15, 1, tzinfo=UTC)


def written(subject: str = "提醒", text: str = "甲\n乙\n") -> EmailMessage:
    return letter("a@b.example", [Address(addr_spec="c@d.example")], subject, text, number="1", at=AT)


def test_same_letter_is_the_same_bytes() -> None:
    """In seven bits, numbered below the sender's domain, and plainly no person's."""
    made = written()
    assert (made.as_bytes(), made.as_bytes().isascii()) == (written().as_bytes(), True)
    assert (made["Message-ID"], made["Auto-Submitted"]) == ("<1@b.example>", "auto-generated")


@pytest.mark.parametrize("bad", ["x\r\nBcc: e@f.example", "x\u2028Bcc: e@f.example", "x\x0bBcc: e@f.example"])
def test_nothing_begins_another_header(bad: str) -> None:
    """Whatever breaks lines becomes a blank."""
    assert (line(bad), written(bad)["Bcc"]) == ("x Bcc: e@f.example", None)


@pytest.mark.parametrize(
    ("text", "good"),
    [("a.b+c@d.example", True), ("a", False), ("a@b@c", False), ("a@b,c@d", False), ("a b@c.d", False),
     (f"{'a' * 65}@b.example", False), (f"a@{'b.' * 130}example", False), ("甲@b.example", False)],
)  # fmt: skip
def test_mailbox_is_one_plain_address(text: str, good: bool) -> None:
    """No lists, no names, nothing that another server may read otherwise."""
    assert is_mailbox(text) is good


def test_way_keeps_its_address_to_itself() -> None:
    """Secrets may stand in it: neither what is printed nor what fails repeats it."""
    way = Way("gateway", "网关", "sms", "http://127.0.0.1:9/x?key=hidden", 1, allow_private=False)
    with pytest.raises(OutsideFailed) as caught:
        way.asked("GET", {})
    assert (caught.value.code, caught.value.permanent) == ("gateway_address", True)
    assert not [text for text in (repr(way), str(caught.value)) if "hidden" in text]
