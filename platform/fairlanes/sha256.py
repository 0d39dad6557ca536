"""SHA-256 of one block in 64 lanes at once, compiled: what a ticket of srd-1 8.3 needs and nothing more (FIPS 180-4).

The message is ``key(32) || b[:16] || u32(counter)``, 52 bytes, hence one block of which only five words differ from
row to row or from group to group. The inner loops run over the lanes, so that the compiler turns them into vectors.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]

LANES = 64
BITS = 52 * 8
START = np.array(
    [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19], np.uint32
)
ROUNDS = np.array(
    [
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
        0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
        0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
        0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
        0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
        0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
        0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
    ],
    np.uint32,
)  # fmt: skip


@numba.njit(inline="always")
def turn(x: np.uint32, n: int) -> np.uint32:
    """To the right, by 1 to 31 places."""
    return np.uint32((x >> np.uint32(n)) | (x << np.uint32(32 - n)))


@numba.njit(nogil=True, cache=True)
def _round(state: Words, at: int, word: Words, constant: np.uint32) -> None:
    """Round ``at`` in every lane; the eight rows of ``state`` change roles instead of places."""
    a, b, c, d = state[-at & 7], state[1 - at & 7], state[2 - at & 7], state[3 - at & 7]
    e, f, g, h = state[4 - at & 7], state[5 - at & 7], state[6 - at & 7], state[7 - at & 7]
    for i in range(LANES):
        ei, ai = e[i], a[i]
        mixed = turn(ei, 6) ^ turn(ei, 11) ^ turn(ei, 25)
        first = h[i] + mixed + ((ei & f[i]) ^ (~ei & g[i])) + constant + word[i]
        other = turn(ai, 2) ^ turn(ai, 13) ^ turn(ai, 22)
        d[i] += first
        h[i] = first + other + ((ai & b[i]) ^ (ai & c[i]) ^ (b[i] & c[i]))


@numba.njit(nogil=True, cache=True)
def _expand(block: Words, at: int) -> None:
    """Message word ``at`` in every lane, in the place of the one sixteen before."""
    w16, w15, w7, w2 = block[at & 15], block[at - 15 & 15], block[at - 7 & 15], block[at - 2 & 15]
    for i in range(LANES):
        early, late = w15[i], w2[i]
        low = turn(early, 7) ^ turn(early, 18) ^ (early >> np.uint32(3))
        high = turn(late, 17) ^ turn(late, 19) ^ (late >> np.uint32(10))
        w16[i] += low + w7[i] + high


@numba.njit(nogil=True, cache=True)
def compress(block: Words, state: Words) -> None:
    """``block`` (16, LANES) into ``state`` (8, LANES), which begins with :data:`START`; the block is used up."""
    for at in range(64):
        if at >= 16:
            _expand(block, at)
        _round(state, at, block[at & 15], ROUNDS[at])
    for k in range(8):
        for i in range(LANES):
            state[k, i] += START[k]
