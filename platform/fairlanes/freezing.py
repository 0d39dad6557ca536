"""FREEZE of srd-1 section 4, compiled: blinded ids, their order, then rows and tiles a portion at a time.

What :func:`fairdraw.snapshot.freeze` answers for the same records, without an object for any of them: for ten million
the largest thing in memory are their blinded ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from fairdraw import snapshot
from fairdraw.failures import require
from fairdraw.fields import is_text
from fairdraw.merkle import leaf_hash, root_of_hashes
from fairdraw.snapshot import TILE, Record, format_row
from fairdraw.suites import hasher
from fairlanes import tickets
from fairlanes.blinding import Ids, blinded
from fairlanes.sha256 import Words

Bytes = NDArray[np.uint8]
Tail = tuple[str, int, str]
"""Stratum, weight and status of a row."""
PORTION = 64 * TILE
"""Rows of a thread at a time."""
DIGITS = np.frombuffer(b"0123456789abcdef", np.uint8)
HEX, LONGEST = 64, 256
"""Signs of a blinded id, bytes of an id."""


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry by columns: ids in UTF-8 padded with zeros, and for each the place of its tail in ``tails``."""

    ids: Ids
    kinds: NDArray[np.uint16]
    tails: Sequence[Tail]

    @classmethod
    def of(cls, records: Sequence[Record]) -> Registry:
        """Of records in memory."""
        kinds: dict[Tail, int] = {}
        places = [kinds.setdefault(record[1:], len(kinds)) for record in records]
        ids = [record.id.encode("utf-8", "surrogatepass") for record in records]
        for one in ids:
            require(b"\0" not in one, "PUBLIC_ID", f"{one!r} is no text")
        return cls(np.array(ids or [b""], np.bytes_)[: len(ids)], np.array(places, np.uint16), list(kinds))


@dataclass(frozen=True, slots=True)
class Frozen:
    """The plan's ``snapshot``, and for each row the place of its id in the registry."""

    summary: dict[str, Any]
    order: NDArray[np.int64]


def freeze(
    registry: Registry, key: bytes | None, suite: str, write: Callable[[memoryview], object], strata: Iterable[str] = ()
) -> Frozen:
    """``write`` gets ``rows.txt`` in pieces, each its own until it returns.

    ``strata`` and failures as in :func:`fairdraw.snapshot.freeze`.
    """
    for at in range(0, len(registry.ids), PORTION):
        _check(registry.ids[at : at + PORTION])
    hidden = blinded(registry.ids, key, suite)
    order = _order(hidden, registry.ids)
    leaves: list[bytes] = []
    for rows, hashes in _portions(hidden, registry, order, suite):
        write(rows)
        leaves += hashes
    require(leaves, "ROW_FORMAT", "no row at all")
    counts = {"root": root_of_hashes(leaves, hasher(suite)).hex(), "n": len(order), **_counts(registry, strata)}
    return Frozen(counts, order)


def frozen(records: Sequence[Record], key: bytes | None, suite: str, strata: Iterable[str] = ()) -> snapshot.Frozen:
    """:func:`fairdraw.snapshot.freeze` itself, for a registry that is in memory anyway."""
    rows = bytearray()
    found = freeze(Registry.of(records), key, suite, rows.extend, strata)
    return snapshot.Frozen(bytes(rows), [records[at].id for at in found.order], found.summary)


def _check(ids: Ids) -> None:
    """What is not plainly printable is looked at one by one."""
    signs = ids.view(np.uint8).reshape(len(ids), -1)
    lengths = np.strings.str_len(ids)
    plain = (signs >= 0x20) & (signs < 0x7F) | (np.arange(signs.shape[1]) >= lengths[:, None])
    for one in ids[~plain.all(axis=1) | (lengths == 0) | (lengths > LONGEST)]:
        require(is_text(one.decode("utf-8", "surrogateescape")), "PUBLIC_ID", f"{one!r} is not 1..256 bytes of text")


def _order(hidden: Words, ids: Ids) -> NDArray[np.int64]:
    """By the first 16 bytes; eight of them nearly always decide."""
    first = hidden[:, 0].astype(np.uint64) << np.uint64(32) | hidden[:, 1]
    order = np.argsort(first)
    if (equal := np.diff(first[order]) == 0).any():
        second = hidden[:, 2].astype(np.uint64) << np.uint64(32) | hidden[:, 3]
        order = np.lexsort((second, first))
        equal = (np.diff(first[order]) == 0) & (np.diff(second[order]) == 0)
        twice = order[1:][equal]
        require(not len(twice), "ROW_ORDER", f"{ids[twice[:1]].tolist()} occurs twice")
    return order


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where one portion is written, again and again: fresh memory costs more than what is written into it."""

    hidden: Words
    rows: Bytes

    @classmethod
    def of(cls, portion: int, width: int) -> _Desk:
        """For so many rows of at most so many bytes."""
        return cls(np.empty((portion, 8), np.uint32), np.empty(portion * width, np.uint8))


def _portions(
    hidden: Words, registry: Registry, order: NDArray[np.int64], suite: str
) -> Iterator[tuple[memoryview, list[bytes]]]:
    """Rows, which stand until the next are asked for, with the hashes of their tiles."""
    tails, widths, h = *_tails(registry.tails), hasher(suite)
    desks = [_Desk.of(PORTION, HEX + tails.shape[1]) for _ in range(2 * tickets.THREADS)]

    def work(at: int, desk: _Desk) -> tuple[memoryview, list[bytes]]:
        part = order[at : at + PORTION]
        kinds, taken = registry.kinds[part], desk.hidden[: len(part)]
        np.take(hidden, part, axis=0, out=taken, mode="clip")
        ends = np.cumsum(HEX + widths[kinds])
        _write(taken, tails, widths, kinds, desk.rows)
        rows, cuts = desk.rows[: ends[-1]].data, [0, *ends[TILE - 1 : -1 : TILE].tolist(), int(ends[-1])]
        return rows, [leaf_hash(rows[a:b], h) for a, b in pairwise(cuts)]

    step = PORTION * len(desks)
    with ThreadPoolExecutor(tickets.THREADS) as pool:
        for at in range(0, len(order), step):
            yield from pool.map(work, range(at, min(at + step, len(order)), PORTION), desks)


def _tails(tails: Sequence[Tail]) -> tuple[Bytes, NDArray[np.int64]]:
    """What each kind of row has behind its blinded id, padded, and how many bytes that is."""
    texts = [format_row(bytes(32), Record("", *tail))[HEX:] for tail in tails]
    width = max(map(len, texts), default=0)
    padded = np.frombuffer(b"".join(text.ljust(width) for text in texts), np.uint8)
    return padded.reshape(len(texts), width), np.array([len(text) for text in texts], np.int64)


@numba.njit(nogil=True, cache=True)
def _write(hidden: Words, tails: Bytes, widths: NDArray[np.int64], kinds: NDArray[np.uint16], out: Bytes) -> None:
    at = 0
    for row in range(len(kinds)):
        for k in range(8):
            word = hidden[row, k]
            for digit in range(8):
                out[at + 8 * k + digit] = DIGITS[(word >> np.uint32(28 - 4 * digit)) & np.uint32(15)]
        at += HEX
        kind = kinds[row]
        for i in range(widths[kind]):
            out[at + i] = tails[kind, i]
        at += widths[kind]


def _counts(registry: Registry, strata: Iterable[str]) -> dict[str, dict[str, int]]:
    eligible, excluded = dict.fromkeys(strata, 0), dict[str, int]()
    many = np.bincount(registry.kinds, minlength=len(registry.tails)).tolist()
    for (stratum, _, status), count in zip(registry.tails, many, strict=True):
        if count:
            eligible.setdefault(stratum, 0)
            into, name = (eligible, stratum) if status == "-" else (excluded, status)
            into[name] = into.get(name, 0) + count
    return {"eligible": eligible, "excluded": excluded}
