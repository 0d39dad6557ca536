"""SHA-256 of one block in 64 lanes at once, compiled: what a ticket of srd-1 8.3 needs and nothing more (FIPS 180-4).

Lanes are one flat array of 24 rows of 64 words: the state, then the message. In one array, at distances that the
compiler knows, no row can overlap another, so that each loop over the lanes becomes vectors, and sixteen rounds in one
loop keep the state in registers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

Words = NDArray[np.uint32]
State = tuple[np.uint32, np.uint32, np.uint32, np.uint32, np.uint32, np.uint32, np.uint32, np.uint32]

LANES = 64
MESSAGE = 8
"""The row of the first word of the message."""
ROWS = MESSAGE + 16
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


def _rotation(_context: Any, _x: types.Type, _n: types.Type) -> Any:
    """One instruction of the compiler instead of three of ours."""

    def code(_context: Any, builder: Any, _signature: Any, given: Sequence[Any]) -> Any:
        word = ir.IntType(32)
        rotate = builder.module.declare_intrinsic("llvm.fshr", [word], ir.FunctionType(word, [word] * 3))
        return builder.call(rotate, [given[0], given[0], given[1]])

    return types.uint32(types.uint32, types.uint32), code


turn = cast("Callable[[np.uint32, int], np.uint32]", intrinsic(_rotation))
"""32 bits to the right."""


@numba.njit(inline="always")
def load(lanes: Words, i: int) -> State:
    """The state of lane ``i``."""
    return (
        lanes[i], lanes[LANES + i], lanes[2 * LANES + i], lanes[3 * LANES + i],
        lanes[4 * LANES + i], lanes[5 * LANES + i], lanes[6 * LANES + i], lanes[7 * LANES + i],
    )  # fmt: skip


@numba.njit(inline="always")
def store(lanes: Words, i: int, state: State) -> None:
    """The state of lane ``i``."""
    lanes[i], lanes[LANES + i], lanes[2 * LANES + i], lanes[3 * LANES + i] = state[:4]
    lanes[4 * LANES + i], lanes[5 * LANES + i], lanes[6 * LANES + i], lanes[7 * LANES + i] = state[4:]


@numba.njit(inline="always")
def _step(
    a: np.uint32, b: np.uint32, c: np.uint32, d: np.uint32, e: np.uint32, f: np.uint32, g: np.uint32, h: np.uint32,
    word: np.uint32,
) -> tuple[np.uint32, np.uint32]:  # fmt: skip
    """What ``d`` and ``h`` become; the other six only change roles."""
    first = np.uint32(h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + word)
    other = np.uint32((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c)))
    return np.uint32(d + first), np.uint32(first + other)


@numba.njit(inline="always")
def _word(lanes: Words, i: int, at: int, j: int) -> np.uint32:
    """Word ``j`` of the sixteen with the constant of round ``at + j``."""
    return np.uint32(lanes[(MESSAGE + j) * LANES + i] + ROUNDS[at + j])


@numba.njit(inline="always")
def _eight(lanes: Words, i: int, at: int, j: int, state: State) -> State:
    """Eight rounds, after which everybody is back in his role."""
    a, b, c, d, e, f, g, h = state
    d, h = _step(a, b, c, d, e, f, g, h, _word(lanes, i, at, j))
    c, g = _step(h, a, b, c, d, e, f, g, _word(lanes, i, at, j + 1))
    b, f = _step(g, h, a, b, c, d, e, f, _word(lanes, i, at, j + 2))
    a, e = _step(f, g, h, a, b, c, d, e, _word(lanes, i, at, j + 3))
    h, d = _step(e, f, g, h, a, b, c, d, _word(lanes, i, at, j + 4))
    g, c = _step(d, e, f, g, h, a, b, c, _word(lanes, i, at, j + 5))
    f, b = _step(c, d, e, f, g, h, a, b, _word(lanes, i, at, j + 6))
    e, a = _step(b, c, d, e, f, g, h, a, _word(lanes, i, at, j + 7))
    return a, b, c, d, e, f, g, h


@numba.njit(nogil=True, cache=True)
def _sixteen(lanes: Words, at: int) -> None:
    """Rounds ``at`` to ``at + 15``."""
    for i in range(LANES):
        store(lanes, i, _eight(lanes, i, at, 8, _eight(lanes, i, at, 0, load(lanes, i))))


@numba.njit(inline="always")
def _expand(lanes: Words, i: int, j: int) -> None:
    """Message word ``j + 16`` in the place of word ``j``."""
    early, late = lanes[(MESSAGE + (j + 1) % 16) * LANES + i], lanes[(MESSAGE + (j + 14) % 16) * LANES + i]
    low = turn(early, 7) ^ turn(early, 18) ^ (early >> np.uint32(3))
    high = turn(late, 17) ^ turn(late, 19) ^ (late >> np.uint32(10))
    lanes[(MESSAGE + j) * LANES + i] += low + lanes[(MESSAGE + (j + 9) % 16) * LANES + i] + high


@numba.njit(nogil=True, cache=True)
def _next_sixteen(lanes: Words) -> None:
    """The next sixteen words; one after the other, for each needs those before it."""
    for i in range(LANES):
        _expand(lanes, i, 0), _expand(lanes, i, 1), _expand(lanes, i, 2), _expand(lanes, i, 3)
        _expand(lanes, i, 4), _expand(lanes, i, 5), _expand(lanes, i, 6), _expand(lanes, i, 7)
        _expand(lanes, i, 8), _expand(lanes, i, 9), _expand(lanes, i, 10), _expand(lanes, i, 11)
        _expand(lanes, i, 12), _expand(lanes, i, 13), _expand(lanes, i, 14), _expand(lanes, i, 15)


@numba.njit(nogil=True, cache=True)
def digest(lanes: Words) -> None:
    """The hash of each lane's message in place of its state; the message is used up."""
    for k in range(8):
        lanes[k * LANES : (k + 1) * LANES] = START[k]
    for at in range(0, 64, 16):
        if at:
            _next_sixteen(lanes)
        _sixteen(lanes, at)
    for k in range(8):
        for i in range(LANES):
            lanes[k * LANES + i] += START[k]
