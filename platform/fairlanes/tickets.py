"""A :class:`fairdraw.tickets.Kernel` of compiled lanes; bit by bit the answers of the reference kernel."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from struct import iter_unpack

import numba
import numpy as np
from numpy.typing import NDArray

from fairdraw.tickets import Kernel, Ranked, Rows
from fairlanes import sha256, sm3
from fairlanes.sha256 import LANES, MESSAGE, ROWS, Words

THREADS = 2
PORTION = 1 << 16
"""Rows of a thread at a time."""
Tickets = NDArray[np.uint64]
LARGEST = np.uint64(0xFFFFFFFFFFFFFFFF)
SUITES = {"sha256": 0, "sm3": 1}
BITS = 52 * 8
"""Of a message: key, b[:16], counter."""


@numba.njit(nogil=True, cache=True)
def digest(suite: int, lanes: Words) -> None:
    """Of the messages in the lanes, by one of :data:`SUITES`."""
    if suite == 0:
        sha256.digest(lanes)
    else:
        sm3.digest(lanes)


@numba.njit(nogil=True, cache=True)
def _fill(lanes: Words, key: Words, counter: int) -> None:
    """What is the same in every lane: key, counter, padding."""
    for k in range(8):
        put(lanes, k, key[k])
    put(lanes, 12, np.uint32(counter))
    put(lanes, 13, np.uint32(0x80000000))
    put(lanes, 14, np.uint32(0))
    put(lanes, 15, np.uint32(BITS))


@numba.njit(nogil=True, cache=True)
def put(lanes: Words, word: int, value: np.uint32) -> None:
    """The same word of the message into every lane."""
    lanes[(MESSAGE + word) * LANES : (MESSAGE + word + 1) * LANES] = value


@numba.njit(nogil=True, cache=True)
def _least(suite: int, rows: Words, weights: NDArray[np.uint8], key: Words, out: Tickets) -> None:
    """``out[i]``: the least of the first ``weights[i]`` words of row ``i``; ``rows`` are four words each."""
    lanes, places, held = np.empty(ROWS * LANES, np.uint32), np.empty(LANES, np.int64), 0
    for counter in range((weights.max() + 3) // 4):
        for row in range(len(weights)):
            if weights[row] > 4 * counter:
                places[held] = row
                held += 1
            if held == LANES or (held and row + 1 == len(weights)):
                _fill(lanes, key, counter)
                _lay(lanes, rows, places[:held])
                digest(suite, lanes)
                _take(lanes, weights, counter, places[:held], out)
                held = 0


@numba.njit(nogil=True, cache=True)
def _lay(lanes: Words, rows: Words, places: NDArray[np.int64]) -> None:
    """Each row's four words into its lane."""
    for i in range(len(places)):
        for k in range(4):
            lanes[(MESSAGE + 8 + k) * LANES + i] = rows[places[i], k]


@numba.njit(nogil=True, cache=True)
def _take(lanes: Words, weights: NDArray[np.uint8], counter: int, places: NDArray[np.int64], out: Tickets) -> None:
    """The words of each lane's hash that its weight asks for."""
    for i in range(len(places)):
        place = places[i]
        for j in range(min(4, weights[place] - 4 * counter)):
            high, low = np.uint64(lanes[2 * j * LANES + i]), np.uint64(lanes[(2 * j + 1) * LANES + i])
            out[place] = min(out[place], high << np.uint64(32) | low)


def tickets(suite: str, key: bytes, blinded: Rows, weights: Rows) -> bytes:
    """In two threads, which need no lock of the interpreter."""
    rows = np.frombuffer(blinded, ">u4").reshape(-1, 8)
    many = np.frombuffer(memoryview(weights).toreadonly(), np.uint8)  # read-only or not is a type of its own to numba
    words = np.frombuffer(key, ">u4").astype(np.uint32)
    out = np.full(len(many), LARGEST, np.uint64)

    def work(at: int) -> None:
        part = slice(at, at + PORTION)
        _least(SUITES[suite], rows[part, :4].astype(np.uint32), many[part], words, out[part])

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(0, len(many), PORTION)))
    return out.astype(">u8").tobytes()


def nearest(tickets: bytes, blinded: Rows, limit: int) -> list[Ranked]:
    """By partition; only what is chosen is sorted, nearly as the caller will."""
    each = np.frombuffer(tickets, ">u8").astype(np.uint64)
    few = min(limit, len(each))
    bound = np.partition(each, few - 1)[few - 1] if few else np.uint64(0)
    places = np.flatnonzero(each <= bound)
    places = places[np.argsort(each[places])]
    rows = np.empty(len(places), [("ticket", "V8"), ("b", "V32")])
    rows["ticket"], rows["b"] = np.frombuffer(tickets, "V8")[places], np.frombuffer(blinded, "V32")[places]
    return list(iter_unpack("8s32s", rows.data))


kernel = Kernel("64 compiled lanes", tickets, nearest)
