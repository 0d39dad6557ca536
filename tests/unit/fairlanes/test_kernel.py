"""P9 of srd-1 section 16: the compiled kernel answers as the standard library does, bit by bit."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

import fairlanes
from fairdraw.snapshot import Record
from fairdraw.tickets import Kernel, reference_kernel
from shuangsui.draws import kernels

KEY = bytes(range(32))
MANY = 2_000_000
LIGHT, HEAVY = bytes([1]), bytes([1, 2, 4, 8])


def rows(n: int, seed: int = 9) -> bytes:
    return random.Random(seed).randbytes(32 * n)


def both(suite: str, blinded: bytes, weights: bytes) -> tuple[bytes, bytes]:
    return tuple(one.tickets(suite, KEY, blinded, weights) for one in (fairlanes.kernel, reference_kernel))


@pytest.mark.parametrize("suite", ["sha256", "sm3"])
@pytest.mark.parametrize("n", [0, 1, 63, 64, 65, 1_000])
def test_p9_every_weight_and_any_number_of_rows(suite: str, n: int) -> None:
    """Lanes that are filled, half filled and empty; weights 1 to 64."""
    weights = bytes(1 + i * 7 % 64 for i in range(n))
    fast, slow = both(suite, rows(n), weights)
    assert fast == slow


@pytest.mark.parametrize("weights", [LIGHT, HEAVY], ids=["uniform", "weighted"])
@pytest.mark.parametrize("suite", ["sha256", "sm3"])
def test_p9_two_million_tickets(suite: str, weights: bytes) -> None:
    """Half a million of each suite and kind; more than one portion for each thread."""
    fast, slow = both(suite, rows(MANY // 4), weights * (MANY // 4 // len(weights)))
    assert fast == slow


@pytest.mark.parametrize("limit", [1, 2, 499, 500, 501])
def test_9_1_nearest_rows_are_the_same_set(limit: int) -> None:
    """With ties at the bound, which the blinded ids decide later."""
    tickets, blinded = rows(100, 3)[: 8 * 400] + rows(100, 3)[: 8 * 100], rows(500)
    each = sorted((tickets[8 * i : 8 * i + 8], blinded[32 * i : 32 * i + 32]) for i in range(500))
    for kernel in (fairlanes.kernel, reference_kernel):
        found = sorted(kernel.nearest(tickets, blinded, limit))
        assert found == each[: len(found)]
        assert found[-1][0] >= each[min(limit, 500) - 1][0]
        assert len(found) == 500 or found[-1][0] < each[len(found)][0]


def test_kernel_is_chosen_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small registers never load the compiler; what is installed is named."""
    assert kernels.fastest() is fairlanes.kernel
    used: list[str] = []
    spy = Kernel("spy", lambda *_: used.append("tickets") or b"", lambda *_: used.append("nearest") or [])
    monkeypatch.setattr(kernels, "fastest", lambda: spy)
    kernels.kernel.tickets("sha256", KEY, rows(10), bytes([1]) * 10)
    kernels.kernel.nearest(bytes(80), bytes(320), 3)
    assert used == []
    kernels.kernel.tickets("sha256", KEY, b"", bytes(kernels.WORTH))
    kernels.kernel.nearest(bytes(8 * kernels.WORTH), b"", 3)
    assert used == ["tickets", "nearest"]


def test_without_the_extra_the_standard_library_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else changes."""
    monkeypatch.setitem(sys.modules, "fairlanes", None)
    assert kernels.compiled.__wrapped__() is None
    monkeypatch.setattr(kernels, "compiled", lambda: None)
    assert kernels.fastest() is reference_kernel
    monkeypatch.setattr(kernels, "WORTH", 1)
    assert kernels.freeze([Record("one", "A", 1, "-")], None, "sha256").summary["n"] == 1


def test_nothing_but_the_choice_imports_it() -> None:
    """One place in the platform, none in fairdraw."""
    platform = Path(fairlanes.__path__[0]).parent
    files = [file for folder in ("fairdraw", "shuangsui") for file in (platform / folder).rglob("*.py")]
    users = [file.relative_to(platform).as_posix() for file in files if "fairlanes" in file.read_text("utf-8")]
    assert users == ["shuangsui/draws/kernels.py"]
