"""A :class:`fairdraw.tickets.Kernel` of compiled lanes; bit by bit the answers of the reference kernel."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from numpy.typing import NDArray

from fairdraw.tickets import Kernel
from fairlanes import sha256, sm3
from fairlanes.sha256 import LANES, Words

THREADS = 2
PORTION = 1 << 16
"""Rows of a thread at a time."""
Tickets = NDArray[np.uint64]
LARGEST = np.uint64(0xFFFFFFFFFFFFFFFF)
SUITES = {"sha256": 0, "sm3": 1}
BITS = 52 * 8
"""Of a message: key, b[:16], counter."""


@numba.njit(nogil=True, cache=True)
def _fill(block: Words, key: Words, counter: int) -> None:
    """What is the same in every lane: key, counter, padding."""
    for i in range(LANES):
        for k in range(8):
            block[k, i] = key[k]
        block[12, i], block[13, i] = np.uint32(counter), np.uint32(0x80000000)
        block[14, i], block[15, i] = np.uint32(0), np.uint32(BITS)


@numba.njit(nogil=True, cache=True)
def _digest(suite: int, block: Words, state: Words) -> None:
    start = sha256.START if suite == 0 else sm3.START
    for k in range(8):
        for i in range(LANES):
            state[k, i] = start[k]
    if suite == 0:
        sha256.compress(block, state)
    else:
        sm3.compress(block, state)


@numba.njit(nogil=True, cache=True)
def _least(suite: int, rows: Words, weights: NDArray[np.uint8], key: Words, out: Tickets) -> None:
    """``out[i]``: the least of the first ``weights[i]`` words of row ``i``; ``rows`` are four words each."""
    block, state = np.empty((sm3.WORDS, LANES), np.uint32), np.empty((8, LANES), np.uint32)
    places, held = np.empty(LANES, np.int64), 0
    heaviest = 0
    for weight in weights:
        heaviest = max(heaviest, weight)
    for counter in range((heaviest + 3) // 4):
        for row in range(len(weights)):
            if weights[row] > 4 * counter:
                places[held] = row
                held += 1
            if held == LANES or (held and row + 1 == len(weights)):
                _fill(block, key, counter)
                for i in range(held):
                    for k in range(4):
                        block[8 + k, i] = rows[places[i], k]
                _digest(suite, block, state)
                for i in range(held):
                    place = places[i]
                    for j in range(min(4, weights[place] - 4 * counter)):
                        word = np.uint64(state[2 * j, i]) << np.uint64(32) | np.uint64(state[2 * j + 1, i])
                        out[place] = min(out[place], word)
                held = 0


def tickets(suite: str, key: bytes, blinded: bytes, weights: bytes) -> bytes:
    """In two threads, which need no lock of the interpreter."""
    rows = np.frombuffer(blinded, ">u4").reshape(-1, 8)[:, :4].astype(np.uint32)
    many, words = np.frombuffer(weights, np.uint8), np.frombuffer(key, ">u4").astype(np.uint32)
    out = np.full(len(many), LARGEST, np.uint64)
    portions = [slice(at, at + PORTION) for at in range(0, len(many), PORTION)]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda part: _least(SUITES[suite], rows[part], many[part], words, out[part]), portions))
    return out.astype(">u8").tobytes()


def nearest(tickets: bytes, limit: int) -> Sequence[int]:
    """By partition: nothing is sorted."""
    each = np.frombuffer(tickets, ">u8").astype(np.uint64)
    if limit >= len(each):
        return range(len(each))
    bound = np.partition(each, limit - 1)[limit - 1] if limit else 0
    return np.flatnonzero(each <= bound).tolist()


kernel = Kernel("64 compiled lanes", tickets, nearest)
