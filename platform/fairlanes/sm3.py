"""SM3 of one block in 64 lanes at once, compiled; lanes as in :mod:`fairlanes.sha256` (GB/T 32905-2016)."""

from __future__ import annotations

import numba
import numpy as np

from fairlanes.sha256 import LANES, MESSAGE, State, Words, load, store, turn

START = np.array(
    [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E], np.uint32
)
EARLY = 16
"""Rounds of the first kind."""


def _turned(constant: int, n: int) -> int:
    n %= 32
    return (constant << n | constant >> (32 - n)) & 0xFFFFFFFF


ROUNDS = np.array([_turned(0x79CC4519 if j < EARLY else 0x7A879D8A, j) for j in range(64)], np.uint32)


@numba.njit(inline="always")
def _left(x: np.uint32, n: int) -> np.uint32:
    return turn(x, 32 - n)


@numba.njit(inline="always")
def _step(
    a: np.uint32, b: np.uint32, c: np.uint32, d: np.uint32, e: np.uint32, f: np.uint32, g: np.uint32, h: np.uint32,
    lanes: Words, i: int, at: int, j: int, late: np.uint32,
) -> tuple[np.uint32, np.uint32, np.uint32, np.uint32]:  # fmt: skip
    """What ``b``, ``d``, ``f`` and ``h`` become in round ``at + j``, whose word makes room for a later one."""
    word, later = lanes[(MESSAGE + j) * LANES + i], lanes[(MESSAGE + (j + 4) % 16) * LANES + i]
    twelve = _left(a, 12)
    one = _left(np.uint32(twelve + e + ROUNDS[at + j]), 7)
    odd, even = a ^ b ^ c, e ^ f ^ g
    first = odd ^ ((odd ^ ((a & b) | (a & c) | (b & c))) & late)
    second = even ^ ((even ^ ((e & f) | (~e & g))) & late)
    upper = np.uint32(d + first + (one ^ twelve) + (word ^ later))
    lower = np.uint32(h + second + one + word)
    _expand(lanes, i, j)
    return _left(b, 9), upper, _left(f, 19), lower ^ _left(lower, 9) ^ _left(lower, 17)


@numba.njit(inline="always")
def _expand(lanes: Words, i: int, j: int) -> None:
    """Message word ``j + 16`` in the place of word ``j``."""
    w13, w10 = lanes[(MESSAGE + (j + 3) % 16) * LANES + i], lanes[(MESSAGE + (j + 10) % 16) * LANES + i]
    w9, w3 = lanes[(MESSAGE + (j + 7) % 16) * LANES + i], lanes[(MESSAGE + (j + 13) % 16) * LANES + i]
    mixed = lanes[(MESSAGE + j) * LANES + i] ^ w9 ^ _left(w3, 15)
    lanes[(MESSAGE + j) * LANES + i] = mixed ^ _left(mixed, 15) ^ _left(mixed, 23) ^ _left(w13, 7) ^ w10


@numba.njit(inline="always")
def _four(lanes: Words, i: int, at: int, j: int, late: np.uint32, state: State) -> State:
    """Four rounds, after which everybody is back in his role."""
    a, b, c, d, e, f, g, h = state
    b, d, f, h = _step(a, b, c, d, e, f, g, h, lanes, i, at, j, late)
    a, c, e, g = _step(d, a, b, c, h, e, f, g, lanes, i, at, j + 1, late)
    d, b, h, f = _step(c, d, a, b, g, h, e, f, lanes, i, at, j + 2, late)
    c, a, g, e = _step(b, c, d, a, f, g, h, e, lanes, i, at, j + 3, late)
    return a, b, c, d, e, f, g, h


@numba.njit(nogil=True, cache=True)
def _sixteen(lanes: Words, at: int) -> None:
    """Rounds ``at`` to ``at + 15``."""
    late = np.uint32(0 if at < EARLY else 0xFFFFFFFF)
    for i in range(LANES):
        half = _four(lanes, i, at, 4, late, _four(lanes, i, at, 0, late, load(lanes, i)))
        store(lanes, i, _four(lanes, i, at, 12, late, _four(lanes, i, at, 8, late, half)))


@numba.njit(nogil=True, cache=True)
def digest(lanes: Words) -> None:
    """The hash of each lane's message in place of its state; the message is used up."""
    for k in range(8):
        lanes[k * LANES : (k + 1) * LANES] = START[k]
    for at in range(0, 64, 16):
        _sixteen(lanes, at)
    for k in range(8):
        for i in range(LANES):
            lanes[k * LANES + i] ^= START[k]
