"""P9 of srd-1 section 16: the compiled kernel answers as the standard library does, bit by bit."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

import fairlanes
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
    tickets = rows(100, 3)[: 8 * 400] + rows(100, 3)[: 8 * 100]
    least = sorted(tickets[8 * i : 8 * i + 8] for i in range(500))[:limit]
    for kernel in (fairlanes.kernel, reference_kernel):
        found = list(kernel.nearest(tickets, limit))
        assert sorted(tickets[8 * i : 8 * i + 8] for i in found)[:limit] == least
        assert found == sorted(found)
        assert {i for i in range(500) if tickets[8 * i : 8 * i + 8] <= least[-1]} <= set(found)


def test_kernel_is_chosen_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small registers never load the compiler; what is installed is named."""
    assert kernels.fastest() is fairlanes.kernel
    used: list[str] = []
    spy = Kernel("spy", lambda *_: used.append("tickets") or b"", lambda *_: used.append("nearest") or [])
    monkeypatch.setattr(kernels, "fastest", lambda: spy)
    kernels.kernel.tickets("sha256", KEY, rows(10), bytes([1]) * 10)
    kernels.kernel.nearest(bytes(80), 3)
    assert used == []
    kernels.kernel.tickets("sha256", KEY, b"", bytes(kernels.WORTH))
    kernels.kernel.nearest(bytes(8 * kernels.WORTH), 3)
    assert used == ["tickets", "nearest"]


def test_without_the_extra_the_standard_library_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else changes."""
    monkeypatch.setitem(sys.modules, "fairlanes", None)
    assert kernels.fastest.__wrapped__() is reference_kernel


def test_nothing_but_the_choice_imports_it() -> None:
    """One place in the platform, none in fairdraw."""
    platform = Path(fairlanes.__path__[0]).parent
    files = [file for folder in ("fairdraw", "shuangsui") for file in (platform / folder).rglob("*.py")]
    users = [file.relative_to(platform).as_posix() for file in files if "fairlanes" in file.read_text("utf-8")]
    assert users == ["shuangsui/draws/kernels.py"]
