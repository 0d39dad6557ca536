"""Keys, words and tickets of srd-1 section 8. Pure; a faster ticket kernel is handed in as a value."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from fairdraw.suites import Hash, hasher, u32

Ranked = tuple[bytes, bytes]
"""A row in ticket order: its ticket (8 bytes) and its blinded id (32 bytes)."""
Rows = bytes | bytearray
"""What a stratum holds, of which no copy is made."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """The two steps of a draw that are repeated for every row; each kernel answers as :data:`reference_kernel` does.

    ``tickets(suite, key, blinded, weights)``: 32 bytes ``b`` and one weight byte 1..64 per row in, 8 bytes big-endian
    per row out. ``nearest(tickets, blinded, limit)``: ticket and ``b`` of some rows, among them every one whose ticket
    is no larger than the ``limit``-th least; in any order.
    """

    name: str
    tickets: Callable[[str, bytes, Rows, Rows], bytes]
    nearest: Callable[[bytes, Rows, int], list[Ranked]]


def derive_key(seed: bytes, purpose: str, h: Hash) -> bytes:
    """``key(purpose)`` of 8.2, 32 bytes."""
    return h(b"srd1/key\n" + seed + purpose.encode())


def word(key: bytes, b: bytes, j: int, h: Hash) -> bytes:
    """``word(key, b, j)`` of 8.3 as 8 bytes; bytes compare as the unsigned integers they print."""
    at = 8 * (j % 4)
    return h(key + b[:16] + u32(j // 4))[at : at + 8]


def four_words(key: bytes, b: bytes, group: int, h: Hash) -> list[bytes]:
    """``word(key, b, 4·group … 4·group + 3)``: what one hash gives."""
    digest = h(key + b[:16] + u32(group))
    return [digest[:8], digest[8:16], digest[16:24], digest[24:]]


def words(key: bytes, b: bytes, count: int, h: Hash) -> list[bytes]:
    """``word(key, b, 0..count-1)``."""
    return [w for group in range((count + 3) // 4) for w in four_words(key, b, group, h)][:count]


def ticket(key: bytes, b: bytes, weight: int, h: Hash) -> bytes:
    """``ticket(key, b, w)`` of 8.4 as 8 bytes: the least of the first ``w`` words."""
    return min(words(key, b, weight, h))


_COUNTERS = [u32(i) for i in range(16)]
_SLICES = [[slice(8 * j, 8 * j + 8) for j in range(w)] for w in range(65)]


def _tickets(suite: str, key: bytes, blinded: Rows, weights: Rows) -> bytes:
    h, first = hasher(suite), _COUNTERS[0]
    starts = [key + blinded[p : p + 16] for p in range(0, len(blinded), 32)]
    if suite == "sha256":
        sha256 = hashlib.sha256
        digests = [sha256(start + first).digest() for start in starts]
    else:
        digests = [h(start + first) for start in starts]
    if weights.count(1) == len(weights):
        return b"".join([digest[:8] for digest in digests])
    rows = zip(starts, digests, weights, strict=True)
    return b"".join([d[:8] if w == 1 else _least(h, start, d, w) for start, d, w in rows])


def _least(h: Hash, start: bytes, digest: bytes, weight: int) -> bytes:
    """The least of ``weight`` words, whose first four are in ``digest``."""
    for counter in _COUNTERS[1 : (weight + 3) // 4]:
        digest += h(start + counter)
    return min([digest[at] for at in _SLICES[weight]])


def _nearest(tickets: bytes, blinded: Rows, limit: int) -> list[Ranked]:
    """By a bound that a sample suggests: a few are found without sorting all."""
    each = [tickets[p : p + 8] for p in range(0, len(tickets), 8)]
    step = 1 + len(each) // 4096
    sample = sorted(each[::step])
    near = min(len(sample) - 1, (limit // step) * 5 // 4 + 64) if step > 1 else -1
    few = [(one, bytes(blinded[32 * at : 32 * at + 32])) for at, one in enumerate(each) if one <= sample[near]]
    if len(few) >= limit:
        return few
    return [(one, bytes(blinded[32 * at : 32 * at + 32])) for at, one in enumerate(each)]


reference_kernel = Kernel("standard library", _tickets, _nearest)
"""The :class:`Kernel` of the standard library."""
