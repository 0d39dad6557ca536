"""SM3 of one block in 64 lanes at once, compiled; the same message as in :mod:`fairlanes.sha256` (GB/T 32905-2016)."""

from __future__ import annotations

import numba
import numpy as np

from fairlanes.sha256 import LANES, Words, turn

WORDS = 68
START = np.array(
    [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E], np.uint32
)
EARLY = 16
"""Rounds of the first kind."""


def _turned(constant: int, n: int) -> int:
    n %= 32
    return (constant << n | constant >> (32 - n)) & 0xFFFFFFFF


ROUNDS = np.array([_turned(0x79CC4519 if j < EARLY else 0x7A879D8A, j) for j in range(64)], np.uint32)


@numba.njit(nogil=True, cache=True)
def _expand(block: Words) -> None:
    """Message words 16 to 67 in every lane."""
    for at in range(16, WORDS):
        w16, w13, w9, w6, w3 = block[at - 16], block[at - 13], block[at - 9], block[at - 6], block[at - 3]
        word = block[at]
        for i in range(LANES):
            mixed = w16[i] ^ w9[i] ^ turn(w3[i], 17)
            word[i] = mixed ^ turn(mixed, 17) ^ turn(mixed, 9) ^ turn(w13[i], 25) ^ w6[i]


@numba.njit(nogil=True, cache=True)
def _round(state: Words, at: int, word: Words, later: Words, constant: np.uint32) -> None:
    """Round ``at`` in every lane; the rows of ``state`` change roles, the first and the last four among themselves."""
    a, b, c, d = state[-at & 3], state[1 - at & 3], state[2 - at & 3], state[3 - at & 3]
    e, f, g, h = state[4 + (-at & 3)], state[4 + (1 - at & 3)], state[4 + (2 - at & 3)], state[4 + (3 - at & 3)]
    for i in range(LANES):
        ai, bi, ci, ei, fi, gi = a[i], b[i], c[i], e[i], f[i], g[i]
        twelve = turn(ai, 20)
        one = turn(np.uint32(twelve + ei + constant), 25)
        if at < EARLY:
            first, second = ai ^ bi ^ ci, ei ^ fi ^ gi
        else:
            first, second = (ai & bi) | (ai & ci) | (bi & ci), (ei & fi) | (~ei & gi)
        d[i] += first + (one ^ twelve) + (word[i] ^ later[i])
        mixed = np.uint32(h[i] + second + one + word[i])
        h[i] = mixed ^ turn(mixed, 23) ^ turn(mixed, 15)
        b[i], f[i] = turn(bi, 23), turn(fi, 13)


@numba.njit(nogil=True, cache=True)
def compress(block: Words, state: Words) -> None:
    """``block`` (68, LANES), of which 16 words are given, into ``state`` (8, LANES), which begins with the start."""
    _expand(block)
    for at in range(64):
        _round(state, at, block[at], block[at + 4], ROUNDS[at])
    for k in range(8):
        for i in range(LANES):
            state[k, i] ^= START[k]
