"""srd-1 section 16: fixed seeds, R = 2 000; every statistic is a constant and must come out to three decimals."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cache
from math import sqrt
from typing import Any

import pytest

from fairdraw.seed import seed_input
from fairdraw.selection import Task
from fairdraw.suites import hasher, u32
from fairdraw.teams import Pool, seat
from fairdraw.tickets import derive_key, reference_kernel

R = 2_000
SHA256 = hasher("sha256")


def cand(i: int) -> bytes:
    return hashlib.sha256(b"srd1/test/cand\n" + u32(i)).digest()


def seed(test: str, r: int) -> bytes:
    return hashlib.sha256(b"srd1/test/seed\n" + test.encode() + b"\n" + u32(r)).digest()


def drawn(of_seed: bytes, n: int, k: int, weights: bytes) -> list[int]:
    """Candidates 0..n-1 of the first ``k`` tickets, in ticket order."""
    key = derive_key(of_seed, "objects/ALL", SHA256)
    tickets = reference_kernel.tickets("sha256", key, _blinded(n), weights)
    return sorted(range(n), key=lambda i: tickets[8 * i : 8 * i + 8])[:k]


@cache
def _blinded(n: int) -> bytes:
    return b"".join(map(cand, range(n)))


@cache
def s1() -> list[list[int]]:
    return [drawn(seed("S1", r), 200, 10, bytes([1]) * 200) for r in range(R)]


@cache
def s5() -> list[list[int]]:
    return [drawn(seed("S5", r), 20, 4, bytes([1, 2, 4, 8]) * 5) for r in range(R)]


def chi_square(observed: list[int], expected: list[float]) -> float:
    return sum((o - e) ** 2 / e for o, e in zip(observed, expected, strict=True))


def counts(draws: list[list[int]], n: int, first: int) -> list[int]:
    """How often each candidate is among the first ``first`` drawn."""
    found = Counter(i for draw in draws for i in draw[:first])
    return [found[i] for i in range(n)]


def test_s1_inclusion() -> None:
    """Everybody is drawn equally often."""
    n, k = 200, 10
    p = k / n
    statistic = sum((c - R * p) ** 2 for c in counts(s1(), n, k)) / (R * p * (1 - p)) * (n - 1) / n
    assert round(statistic, 3) == 206.457
    assert statistic < 281.87


def test_s2_first_drawn() -> None:
    """And equally often first."""
    statistic = chi_square(counts(s1(), 200, 1), [R / 200] * 200)
    assert round(statistic, 3) == 181.800
    assert statistic < 281.87


def test_s4_successive_draws() -> None:
    """Being drawn last time says nothing about this time."""
    n, k = 200, 10
    overlap = sum(len(set(a) & set(b)) for a, b in zip(s1(), s1()[1:], strict=False))
    z = (overlap - (R - 1) * k**2 / n) / sqrt((R - 1) * (k**2 / n) * (1 - k / n) ** 2 * n / (n - 1))
    assert round(z, 3) == -0.249
    assert abs(z) < 3.891


def test_s5_weighted_first() -> None:
    """Chances are the weights' shares."""
    expected = [R * w / 75 for w in [1, 2, 4, 8] * 5]
    statistic = chi_square(counts(s5(), 20, 1), expected)
    assert round(statistic, 3) == 22.211
    assert statistic < 50.80


def test_s6_weighted_inclusion() -> None:
    """Four of twenty drawn: mean inclusion per weight class against the exact values."""
    found = counts(s5(), 20, 4)
    for c, exact in enumerate([0.05947, 0.11636, 0.22223, 0.40195]):
        mean = sum(found[c::4]) / (5 * R)
        assert abs(mean - exact) / sqrt(exact * (1 - exact) / (5 * R)) < 3.891


def test_s7_ticket_bits() -> None:
    """Top 12 bits of two million words fill 4096 bins evenly."""
    n, bins = 2_000_000, 4096
    key, zero = derive_key(seed("S7", 0), "objects/ALL", SHA256), bytes(4)
    start = key + bytes(8)
    words = (hashlib.sha256(start + i.to_bytes(8, "big") + zero).digest() for i in range(n))
    found = Counter((w[0] << 4) | (w[1] >> 4) for w in words)
    statistic = chi_square([found[b] for b in range(bins)], [n / bins] * bins)
    assert round(statistic, 3) == 4100.145
    assert statistic < 4440.15


def test_s8_avalanche() -> None:
    """One flipped bit of one secret: an unrelated sample."""
    entry = hashlib.sha256(b"srd1/test/entry\n").digest()
    value = hashlib.sha256(b"srd1/test/secret\n").digest()

    def sample(v: bytes) -> set[int]:
        of = seed_input(entry, [("operator", v), ("supervisor", bytes(32))], [("e", "31415926535897932384")])
        return set(drawn(SHA256(of), 200, 20, bytes([1]) * 200))

    flips = [value[: j // 8] + bytes([value[j // 8] ^ 1 << j % 8]) + value[j // 8 + 1 :] for j in range(256)]
    mean = sum(len(sample(value) & sample(v)) for v in flips) / 256
    assert mean == 1.94140625
    variance = 20 * 0.1 * 0.9 * 180 / 199
    assert abs(mean - 2.0) / sqrt(variance / 256) < 3.891


def _s9_rules() -> dict[str, Any]:
    people = [{"id": f"P{i:02}", "office": f"o{i % 5}", "quals": [], "lead": i < 25} for i in range(50)]
    rules = {"size": 2, "cap": 10, "day_cap": 2, "per_day": 20, "two_offices": True, "attempts": 8}
    return {**rules, "need": {}, "people": people, "recuse": []}


@pytest.fixture(scope="module")
def loads() -> list[list[int]]:
    """Seats per person of the 200 draws of S9, all complete."""
    tasks, made = [Task(cand(t), "ALL") for t in range(200)], []
    for r in range(200):
        found = seat(Pool("teams", _s9_rules()), tasks, seed("S9", r), "sha256")
        assert found.board.unfilled() == 0
        made.append([len(held) for held in found.board.held])
    return made


def test_s9_team_fairness(loads: list[list[int]]) -> None:
    """Mean load per person 7.975 to 8.020, spread within a draw at most 2."""
    means = [sum(column) / 200 for column in zip(*loads, strict=True)]
    assert (round(min(means), 3), round(max(means), 3)) == (7.975, 8.02)
    assert max(max(load) - min(load) for load in loads) == 2
