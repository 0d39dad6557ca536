"""Blinded ids of srd-1 4.1 in compiled lanes; an id too long for one block is hashed by the standard library."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from numpy.typing import NDArray

from fairdraw.snapshot import blind_with
from fairdraw.suites import hasher
from fairlanes import tickets
from fairlanes.sha256 import LANES, MESSAGE, ROWS, Words
from fairlanes.tickets import SUITES, digest, put

Ids = NDArray[np.bytes_]
PREFIX = np.frombuffer(b"srd1/id\n", ">u4").astype(np.uint32)
SALTED, PUBLIC = 23, 47
"""Bytes of an id with which each message is one block: ``K || id`` and ``prefix || salt || id``; ``prefix || id``."""


def blinded(ids: Ids, key: bytes | None, suite: str) -> Words:
    """Eight words for each id; ``ids`` are UTF-8 padded with zeros, ``key`` is K of the draw or None in public mode."""
    out = np.empty((len(ids), 8), np.uint32)

    def work(at: int) -> None:
        part = slice(at, at + tickets.PORTION)
        _portion(ids[part], key, suite, out[part])

    with ThreadPoolExecutor(tickets.THREADS) as pool:
        list(pool.map(work, range(0, len(ids), tickets.PORTION)))
    return out


def _portion(ids: Ids, key: bytes | None, suite: str, out: Words) -> None:
    lengths, longest = np.strings.str_len(ids), PUBLIC if key is None else SALTED
    words = np.frombuffer(key, ">u4").astype(np.uint32) if key else np.empty(0, np.uint32)
    _blind(SUITES[suite], _padded(ids, lengths, longest), lengths, words, out)
    for i in np.flatnonzero(lengths > longest):
        out[i] = np.frombuffer(blind_with(key, ids[i].decode(), hasher(suite)), ">u4")


def _padded(ids: Ids, lengths: NDArray[np.int64], longest: int) -> Words:
    """Ids as words with the bit that ends a message; nonsense for what is too long."""
    width = min(ids.dtype.itemsize, longest)
    padded = np.zeros((len(ids), (width + 4) // 4 * 4), np.uint8)
    padded[:, :width] = ids.view(np.uint8).reshape(len(ids), -1)[:, :width]
    padded[np.arange(len(ids)), np.minimum(lengths, width)] = 0x80
    return padded.view(">u4").astype(np.uint32)


@numba.njit(nogil=True, cache=True)
def _blind(suite: int, ids: Words, lengths: NDArray[np.int64], key: Words, out: Words) -> None:
    """Salts first, if there is a ``key`` of eight words, else none."""
    lanes, salts = np.empty(ROWS * LANES, np.uint32), np.empty(4 * LANES, np.uint32)
    before = 2 + 4 * (len(key) > 0)
    for at in range(0, len(ids), LANES):
        held = min(LANES, len(ids) - at)
        if len(key):
            for k in range(8):
                put(lanes, k, key[k])
            _lay(lanes, ids, lengths, at, held, 8)
            digest(suite, lanes)
            salts[:] = lanes[: 4 * LANES]
            lanes[(MESSAGE + 2) * LANES : (MESSAGE + 6) * LANES] = salts
        put(lanes, 0, PREFIX[0])
        put(lanes, 1, PREFIX[1])
        _lay(lanes, ids, lengths, at, held, before)
        digest(suite, lanes)
        for i in range(held):
            for k in range(8):
                out[at + i, k] = lanes[k * LANES + i]


@numba.njit(nogil=True, cache=True)
def _lay(lanes: Words, ids: Words, lengths: NDArray[np.int64], at: int, held: int, before: int) -> None:
    """Each id behind ``before`` words, zeros after it, and the length of the message."""
    lanes[(MESSAGE + before) * LANES :] = np.uint32(0)
    for i in range(held):
        for k in range(ids.shape[1]):
            lanes[(MESSAGE + before + k) * LANES + i] = ids[at + i, k]
        lanes[(MESSAGE + 15) * LANES + i] = np.uint32((4 * before + lengths[at + i]) * 8)
