"""The channel of the portal: receipts that say what the disk holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from shuangsui import Bundle, Context, DisclosureChannel, Health, OutsideFailed, PublicFile, Receipt
from shuangsui_channel_portal import Options, register_disclosure_channels

FILES = tuple(
    PublicFile(path, path.encode(), "text/plain") for path in ("draws/甲 1/index.html", "draws/甲 1/plan.json")
)
BUNDLE = Bundle("moushi", "draw", "甲 1", FILES)


def portal(root: Path, address: str = "https://a.example/gs/") -> DisclosureChannel:
    (made,) = register_disclosure_channels(Context("moushi", Options(address=address), root))
    return made


def test_publish_is_not_a_confirmation(tmp_path):
    """Only reading back is."""
    receipt = portal(tmp_path).publish(BUNDLE)
    address = "https://a.example/gs/moushi/draws/%E7%94%B2%201/"
    assert receipt == Receipt("portal", address, BUNDLE.digest, confirmed=False)


def test_read_back_confirms_the_same_bytes(tmp_path):
    """Byte for byte, as the digest of the whole bundle."""
    channel = portal(tmp_path)
    published = channel.publish(BUNDLE)
    assert channel.read_back(BUNDLE) == replace(published, confirmed=True)


@pytest.mark.parametrize("damage", ["changed", "missing", "nothing"])
def test_read_back_does_not_confirm_anything_else(tmp_path, damage):
    """A file was changed behind our back, or is gone, or nothing was ever written."""
    channel = portal(tmp_path)
    if damage != "nothing":
        channel.publish(BUNDLE)
        file = tmp_path / "moushi" / FILES[1].path
        file.write_bytes(b"other") if damage == "changed" else file.unlink()
    receipt = channel.read_back(BUNDLE)
    assert (receipt.confirmed, receipt.digest == BUNDLE.digest) == (False, False)


def test_reference_without_address_is_the_path(tmp_path):
    """Nobody said where the tree is published."""
    assert portal(tmp_path, "").publish(BUNDLE).reference == "/moushi/draws/%E7%94%B2%201/"


def test_full_disk_is_one_chinese_sentence(tmp_path):
    """A file stands where the folder should be; the error may go away, so it is not permanent."""
    (tmp_path / "moushi").write_bytes(b"")
    with pytest.raises(OutsideFailed) as caught:
        portal(tmp_path).publish(BUNDLE)
    assert (caught.value.code, caught.value.permanent) == ("portal_unusable", False)
    assert caught.value.params["problem"].startswith("写入 ")


def test_check_leaves_nothing_behind(tmp_path):
    """A probe, not a publication."""
    health = portal(tmp_path / "public").check()
    assert (health.ok, [path.name for path in (tmp_path / "public").iterdir()]) == (True, [".lock"])


def test_check_of_an_unusable_folder(tmp_path):
    """It says why instead of raising."""
    (tmp_path / "public").write_bytes(b"")
    health = portal(tmp_path / "public").check()
    assert (type(health), health.ok, health.message.startswith("写入 ")) == (Health, False, True)


@pytest.mark.parametrize("address", ["a.example", "ftp://a.example", "https://a.example/?x=1", "https://"])
def test_address_that_is_none_is_refused(address):
    """It would stand in every receipt."""
    with pytest.raises(ValidationError, match="应为以 http"):
        Options(address=address)
