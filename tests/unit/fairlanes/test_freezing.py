"""Freezing in compiled lanes answers as the standard library does, byte by byte (srd-1 section 4)."""

from __future__ import annotations

import random
import string

import numpy as np
import pytest

import fairlanes
from fairdraw.failures import Failure
from fairdraw.snapshot import Record, freeze
from shuangsui.draws import kernels

KEY = bytes(range(32))
MODES = pytest.mark.parametrize("key", [None, KEY], ids=["public", "salted"])


def registry(n: int, longest: int = 60, seed: int = 4) -> list[Record]:
    """Codes of a few letters to some that fill more than one block, some of them in Chinese."""
    dice = random.Random(seed)

    def one(i: int) -> Record:
        code = "".join(dice.choices(string.ascii_letters, k=dice.randint(0, longest)))
        status = dice.choice(["-", "-", "X9", "XL-1"])
        return Record(f"{dice.choice(['9150', '渝中', ''])}{code}{i}", dice.choice("AB"), dice.randint(1, 64), status)

    return [one(i) for i in range(n)]


@MODES
@pytest.mark.parametrize("suite", ["sha256", "sm3"])
@pytest.mark.parametrize("n", [1, 63, 64, 65, 256, 257, 1_000])
def test_4_same_rows_order_counts_and_root(n: int, suite: str, key: bytes | None) -> None:
    """Lanes and tiles that are full, and those that are not; a stratum without any row."""
    records = registry(n)
    assert fairlanes.frozen(records, key, suite, ["A", "Z"]) == freeze(records, key, suite, ["A", "Z"])


def test_4_same_over_many_portions() -> None:
    """More than all threads have in hand at once."""
    records = registry(140_000, longest=14)
    assert fairlanes.frozen(records, KEY, "sha256") == freeze(records, KEY, "sha256")


def test_4_rows_come_in_pieces() -> None:
    """Whoever writes them never holds them all."""
    records = registry(70_000, longest=14)
    sizes: list[int] = []
    fairlanes.freeze(fairlanes.Registry.of(records), KEY, "sha256", lambda rows: sizes.append(len(rows)))
    whole = len(freeze(records, KEY, "sha256").rows)
    assert sum(sizes) == whole
    assert max(sizes) < whole / 4


def test_4_equal_beginnings_are_decided_by_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first eight bytes of two blinded ids may be the same."""
    hidden = np.array([[1, 1, 5, 0, 0, 0, 0, 0], [1, 1, 4, 9, 0, 0, 0, 0], [0, 9, 9, 9, 0, 0, 0, 0]], np.uint32)
    monkeypatch.setattr(fairlanes.freezing, "blinded", lambda *_: hidden)
    made = fairlanes.freeze(fairlanes.Registry.of(registry(3)), None, "sha256", lambda _: None)
    assert made.order.tolist() == [2, 1, 0]


WRONG = {
    "PUBLIC_ID": [Record("a", "A", 1, "-"), Record("b\n", "A", 1, "-")],
    "PUBLIC_ID ": [Record("a", "A", 1, "-"), Record("", "A", 1, "-")],
    "PUBLIC_ID  ": [Record("a" * 257, "A", 1, "-")],
    "PUBLIC_ID   ": [Record("\ud800", "A", 1, "-")],
    "PUBLIC_ID    ": [Record("a\0", "A", 1, "-")],
    "ROW_ORDER": [Record("a", "A", 1, "-"), Record("b", "A", 1, "-"), Record("a", "B", 2, "-")],
    "ROW_FORMAT": [Record("a", "no name", 1, "-")],
    "ROW_FORMAT ": [Record("a", "A", 65, "-")],
    "ROW_FORMAT  ": [Record("a", "A", 1, "x9")],
    "ROW_FORMAT   ": [],
}


@MODES
@pytest.mark.parametrize(("code", "records"), WRONG.items())
def test_4_what_is_refused(code: str, records: list[Record], key: bytes | None) -> None:
    """With the codes of the standard library."""
    for way in (fairlanes.frozen, freeze):
        with pytest.raises(Failure) as caught:
            way(records, key, "sha256")
        assert caught.value.code == code.strip()


def test_large_registers_are_frozen_in_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    """By size, as draws are."""
    used: list[int] = []
    monkeypatch.setattr(fairlanes, "frozen", lambda records, *_: used.append(len(records)))
    monkeypatch.setattr(kernels, "WORTH", 3)
    kernels.freeze(registry(2), None, "sha256")
    kernels.freeze(registry(3), None, "sha256")
    assert used == [3]
