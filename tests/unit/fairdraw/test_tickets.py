"""srd-1 section 8: keys, words, tickets."""

from __future__ import annotations

import hashlib
import random

import pytest

from fairdraw import tickets
from fairdraw.suites import hasher

KEY, B = b"k" * 32, bytes(range(32))


def test_8_2_key_hashes_seed_and_purpose() -> None:
    """Purposes may be of any stratum name."""
    expected = hashlib.sha256(b"srd1/key\n" + bytes(32) + b"objects/A.1").digest()
    assert tickets.derive_key(bytes(32), "objects/A.1", hasher("sha256")) == expected


def test_8_3_four_words_per_hash() -> None:
    """52 bytes in; ``b`` counts with its first half only."""
    h = hasher("sha256")
    first = hashlib.sha256(KEY + B[:16] + b"\0\0\0\0").digest()
    second = hashlib.sha256(KEY + B[:16] + b"\0\0\0\x01").digest()
    words = [tickets.word(KEY, B, j, h) for j in range(8)]
    assert b"".join(words) == first + second
    assert tickets.words(KEY, B, 8, h) == words
    assert tickets.words(KEY, B, 5, h) == words[:5]
    assert tickets.word(KEY, B[:16] + bytes(16), 3, h) == words[3]


@pytest.mark.parametrize("suite", ["sha256", "sm3"])
def test_8_4_ticket_is_the_least_word_for_every_weight(suite: str) -> None:
    """Weights 1 to 64."""
    h = hasher(suite)
    for weight in range(1, 65):
        assert tickets.ticket(KEY, B, weight, h) == min(tickets.word(KEY, B, j, h) for j in range(weight))


@pytest.mark.parametrize("suite", ["sha256", "sm3"])
@pytest.mark.parametrize("heaviest", [1, 64])
def test_8_4_reference_kernel_equals_single_tickets(suite: str, heaviest: int) -> None:
    """Both paths of the kernel, over random rows."""
    rng, h = random.Random(8), hasher(suite)
    rows = [rng.randbytes(32) for _ in range(300)]
    weights = bytes(rng.randint(1, heaviest) for _ in rows)
    found = tickets.reference_kernel.tickets(suite, KEY, b"".join(rows), weights)
    assert found == b"".join(tickets.ticket(KEY, b, w, h) for b, w in zip(rows, weights, strict=True))


def test_8_4_reference_kernel_over_no_rows() -> None:
    """A stratum may be empty."""
    assert tickets.reference_kernel.tickets("sha256", KEY, b"", b"") == b""


@pytest.mark.parametrize("limit", [0, 1, 500, 9_999, 10_000])
def test_9_1_reference_kernel_finds_the_nearest_rows(limit: int) -> None:
    """All those with the least tickets, and few besides."""
    rng = random.Random(9)
    each, blinded = [rng.randbytes(8) for _ in range(10_000)], rng.randbytes(32 * 10_000)
    found = sorted(tickets.reference_kernel.nearest(b"".join(each), blinded, limit))
    ranked = sorted((one, blinded[32 * at : 32 * at + 32]) for at, one in enumerate(each))
    assert limit <= len(found) < limit * 5 // 4 + 500
    assert found == ranked[: len(found)]
