"""What a sealed text looks like, and what it is bound to."""

from __future__ import annotations

from uuid import UUID

import pytest

from shuangsui.db import Sealed
from shuangsui.errors import Misconfigured
from shuangsui.vault.policy import KeyName, Place, is_plain, read, written

KEY = KeyName("keys-file/files", "0001-00112233aabbccdd")
PLACE = Place("signature_contact", "contact", UUID(int=7), "phone")


def test_text_names_its_key() -> None:
    """Whoever looks at the column sees which key is needed, and nothing else."""
    assert written(KEY, b"\x00\xff").text == "sealed:1:keys-file/files:0001-00112233aabbccdd:AP8="
    assert read(written(KEY, b"\x00\xff")) == (KEY, b"\x00\xff")


@pytest.mark.parametrize("text", ["", "13900000000", "sealed", "sealed:2:a/b:k:AAAA"])
def test_everything_else_is_plain(text: str) -> None:
    """An earlier version kept it so."""
    assert is_plain(Sealed(text))


@pytest.mark.parametrize("text", ["sealed:1:", "sealed:1:a/b:k", "sealed:1:a/b:k:AAAA:x", "sealed:1:a/b:k:A"])
def test_text_that_was_cut_is_broken_and_not_plain(text: str) -> None:
    """It must never be shown as it is."""
    assert not is_plain(Sealed(text))
    with pytest.raises(Misconfigured, match="sealed_broken"):
        read(Sealed(text))


def test_place_is_the_whole_address_of_a_cell() -> None:
    """With the key itself: a text cannot be told to be under another one."""
    assert PLACE.names("chongqing", KEY) == (
        "sealed:1", "chongqing", "signature_contact", "contact", str(UUID(int=7)), "phone", KEY.store, KEY.key,
    )  # fmt: skip
    assert PLACE.purpose == "signature_contact.contact"


def test_sealed_text_is_not_printed() -> None:
    """A row of an earlier version may still be plain."""
    assert "13900000000" not in repr(Sealed("13900000000"))
