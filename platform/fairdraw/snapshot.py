"""The frozen registry of a draw (srd-1 section 4): blinded rows, tiles, root."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from fairdraw.failures import require
from fairdraw.fields import CODE, NAME, is_text
from fairdraw.merkle import leaf_hash, root_of_hashes
from fairdraw.suites import Hash, hasher

TILE = 256
CODES = ("X10-1", "X9", "XSP", "XCLOSED", "XSCOPE")
"""Exclusion codes whose meaning section 4.2 gives; ``XL-…`` names a rule of the tenant."""

_ROW = re.compile(rf"([0-9a-f]{{64}}) ({NAME}) ([1-9][0-9]?) (-|{CODE})\n".encode())


class Record(NamedTuple):
    """One registry entry as it enters a draw: its id, stratum, weight 1..64 and status (``-`` or a code)."""

    id: str
    stratum: str
    weight: int
    status: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """A registry frozen into rows: the bytes of ``rows.txt``, the ids in row order, the plan's ``snapshot``."""

    rows: bytes
    ids: list[str]
    summary: dict[str, Any]


@dataclass(slots=True)
class Stratum:
    """Eligible rows of one stratum in row order: 32 bytes each in ``blinded``, one weight byte each."""

    blinded: bytearray = field(default_factory=bytearray)
    weights: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Checked rows of a transcript, ready to draw from."""

    rows: bytes
    n: int
    strata: Mapping[str, Stratum]
    excluded: Mapping[str, int]
    root: bytes

    @property
    def eligible(self) -> dict[str, int]:
        """Eligible rows per stratum."""
        return {name: len(stratum.weights) for name, stratum in self.strata.items()}

    def row(self, b: bytes) -> Row | None:
        """The row of a blinded id, None if there is none."""
        at = self.rows.find(b.hex().encode() + b" ")
        return None if at < 0 else parse_row(self.rows[at : self.rows.index(b"\n", at) + 1])


class Row(NamedTuple):
    """One parsed line of ``rows.txt``."""

    b: bytes
    stratum: str
    weight: int
    status: str


def salt_of(key: bytes, id_: str, h: Hash) -> bytes:
    """The 16-byte salt of an object in salted mode; ``key`` is the 32-byte K of the draw (4.1)."""
    return h(key + id_.encode())[:16]


def blind(id_: str, salt: bytes, h: Hash) -> bytes:
    """The 32-byte blinded id; ``salt`` is empty in public mode (4.1)."""
    return h(b"srd1/id\n" + salt + id_.encode())


def blind_with(key: bytes | None, id_: str, h: Hash) -> bytes:
    """The blinded id under ``K``, or of public mode when ``key`` is None."""
    return blind(id_, b"" if key is None else salt_of(key, id_, h), h)


def freeze(records: Iterable[Record], key: bytes | None, suite: str, strata: Iterable[str] = ()) -> Frozen:
    """Blind, sort and count ``records``; ``strata`` names strata that must appear even without rows.

    :class:`~fairdraw.failures.Failure` ``PUBLIC_ID`` for an id that is no text, ``ROW_ORDER`` for one id twice,
    ``ROW_FORMAT`` for a record that makes no valid row.
    """
    h = hasher(suite)
    blinded = sorted((blind_with(key, r.id, h), r) for r in map(_checked, records))
    for (a, _), (b, r) in pairwise(blinded):
        require(a[:16] < b[:16], "ROW_ORDER", f"{r.id} occurs twice")
    lines = [format_row(b, r) for b, r in blinded]
    eligible, excluded = Counter(dict.fromkeys(strata, 0)), Counter[str]()
    for _, r in blinded:
        eligible[r.stratum] += r.status == "-"
        excluded[r.status] += r.status != "-"
    summary = {
        "root": root_of_lines(lines, h).hex(),
        "n": len(lines),
        "eligible": dict(eligible),
        "excluded": {code: count for code, count in excluded.items() if count},
    }
    return Frozen(b"".join(lines), [r.id for _, r in blinded], summary)


def _checked(record: Record) -> Record:
    require(is_text(record.id), "PUBLIC_ID", f"{record.id!r} is not 1..256 bytes of text")
    return record


def format_row(b: bytes, record: Record) -> bytes:
    """The line of ``rows.txt`` for a record, checked against its own grammar."""
    line = f"{b.hex()} {record.stratum} {record.weight} {record.status}\n".encode("utf-8", "replace")
    require(_ROW.fullmatch(line) and record.weight <= 64, "ROW_FORMAT", f"{record.id}: {line!r}")
    return line


def parse_row(line: bytes) -> Row:
    """One line with its LF; :class:`~fairdraw.failures.Failure` ``ROW_FORMAT``."""
    match = _ROW.fullmatch(line)
    require(match and int(match[3]) <= 64, "ROW_FORMAT", repr(line[:100]))
    assert match is not None
    return Row(bytes.fromhex(match[1].decode()), match[2].decode(), int(match[3]), match[4].decode())


def tile_hashes(lines: Sequence[bytes], h: Hash) -> list[bytes]:
    """Leaf hashes of the tiles of 256 lines (4.3)."""
    return [leaf_hash(b"".join(lines[i : i + TILE]), h) for i in range(0, len(lines), TILE)]


def root_of_lines(lines: Sequence[bytes], h: Hash) -> bytes:
    """The snapshot root over all lines, each with its LF; at least one line."""
    require(lines, "ROW_FORMAT", "no row at all")
    return root_of_hashes(tile_hashes(lines, h), h)


def split_lines(data: bytes, code: str, what: str) -> list[bytes]:
    """Lines with their LF; the last one must have it too."""
    require(data.endswith(b"\n"), code, f"{what} does not end with a line feed")
    return [line + b"\n" for line in data[:-1].split(b"\n")]


def read(data: bytes, plan: Mapping[str, Any]) -> Snapshot:
    """Check ``rows.txt`` against the plan's suite, strata, counts and root (12.1 step 3)."""
    scan = _Scan({name: Stratum() for name in plan["snapshot"]["eligible"]})
    scan.read(data)
    require(scan.unsorted is None, "ROW_ORDER", f"row {scan.unsorted} does not follow the row before it")
    require(scan.unknown is None, "ROW_STRATUM", f"{scan.unknown} is no stratum of the plan")
    expected = plan["snapshot"]
    eligible = {name: len(stratum.weights) for name, stratum in scan.strata.items()}
    found: dict[str, Any] = {"n": scan.n, "eligible": eligible, "excluded": dict(scan.excluded)}
    for member, value in found.items():
        require(value == expected[member], "SNAPSHOT_COUNT", f"{member}: {value} instead of {expected[member]}")
    h = hasher(plan["suite"])
    root = root_of_hashes([leaf_hash(data[a:b], h) for a, b in pairwise(scan.tiles)], h)
    require(root.hex() == expected["root"], "SNAPSHOT_ROOT", f"root is {root.hex()}")
    return Snapshot(data, scan.n, scan.strata, found["excluded"], root)


@dataclass(slots=True)
class _Scan:
    """One pass over the rows; format errors end it, the first error of each later check is kept."""

    strata: dict[str, Stratum]
    excluded: Counter[str] = field(default_factory=Counter)
    tiles: list[int] = field(default_factory=list)
    """Byte offsets of the tiles, the end of the last one included."""
    n: int = 0
    unsorted: int | None = None
    unknown: str | None = None

    def read(self, data: bytes) -> None:
        end, last = 0, b""
        for match in _ROW.finditer(data):
            hex_b, stratum, weight, status = match.groups()
            if match.start() != end or int(weight) > 64:
                break
            if hex_b[:32] <= last[:32] and self.unsorted is None:
                self.unsorted = self.n
            if not self.n % TILE:
                self.tiles.append(end)
            self._count(hex_b, stratum.decode(), int(weight), status.decode())
            end, last, self.n = match.end(), hex_b, self.n + 1
        self.tiles.append(end)
        require(self.n and end == len(data), "ROW_FORMAT", f"row {self.n}: {data[end : end + 100]!r}")

    def _count(self, hex_b: bytes, name: str, weight: int, status: str) -> None:
        stratum = self.strata.get(name)
        if stratum is None:
            self.unknown = self.unknown or name
        elif status == "-":
            stratum.blinded += bytes.fromhex(hex_b.decode())
            stratum.weights.append(weight)
        else:
            self.excluded[status] += 1


def check_ids(data: bytes, snapshot: Snapshot, suite: str) -> list[str]:
    """``ids.txt`` of public mode: one valid text per row, each hashing to its row; ``PUBLIC_ID``."""
    h = hasher(suite)
    lines = split_lines(data, "PUBLIC_ID", "ids.txt")
    require(len(lines) == snapshot.n, "PUBLIC_ID", f"{len(lines)} ids for {snapshot.n} rows")
    ids = []
    for line, row in zip(lines, snapshot.rows.split(b"\n"), strict=False):
        try:
            id_ = line[:-1].decode()
        except UnicodeDecodeError:
            id_ = ""
        require(is_text(id_), "PUBLIC_ID", f"{line!r} is no valid text")
        require(row.startswith(blind(id_, b"", h).hex().encode() + b" "), "PUBLIC_ID", f"{id_} is not its row")
        ids.append(id_)
    return ids
