"""What makes the two chains whole; pure functions over values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from typing import Any, Literal
from uuid import UUID

from fairdraw import checkpoint, log
from fairdraw.canonical import parse
from fairdraw.failures import Failure
from fairdraw.suites import lp

Chain = Literal["ledger", "drawlog", "checkpoint"]
FOLLOW = "disclosure.follow"
"""The work that brings the public pages up to what the ledger says."""
FOLLOWED = (
    "drawlog.", "draw.void", "draw.object", "catalogue.publish", "plan.publish", "plan.terminate_line",
    "plan.decide_unplanned", "override.decide", "exemption.approve", "task.result", "result.finalise", "ruling.decide",
    "correction.publish", "takedown.publish", "rules.approve", "tenure.suspend", "tenure.resume", "tenure.close",
    "tenure.succeed",
)  # fmt: skip
"""Acts, by the beginning of their names, after which the public pages say something else."""


@dataclass(frozen=True, slots=True)
class Act:
    """One ledger row without its hash; the order of the fields is the order in which they are hashed."""

    tenant: str
    id: UUID
    n: int
    time: datetime
    actor: str
    act: str
    subject: str
    payload: str
    drawlog: str | None
    prev: str

    @property
    def hash(self) -> str:
        """SHA-256 over a label and every field behind its length."""
        fields = (_text(value).encode() for value in astuple(self))
        return sha256(b"shuangsui/ledger-1\n" + b"".join(map(lp, fields))).hexdigest()


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the draw log: the line and the columns that repeat parts of it."""

    i: int
    kind: str
    seq: int
    r: int
    line: bytes
    hash: str
    time: datetime
    ledger_n: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain is broken: its entry (ledger from 1, draw log from 0, checkpoint by size) and the field or code."""

    chain: Chain
    at: int
    what: str


def payload_text(payload: Mapping[str, Any]) -> str:
    """One text for one payload: members sorted, no spaces; dates and ids as their text."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def log_time(time: datetime, last: str = "") -> str:
    """Time of the next draw-log entry: whole seconds in UTC, never before the ``last`` one."""
    return max(last, time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def read_lines(lines: Iterable[bytes]) -> log.Reader:
    """Read a log from its first entry; :class:`~fairdraw.failures.Failure` where a verifier would refuse it."""
    reader = log.Reader()
    for line in lines:
        reader.append(line, parse(line))
    return reader


def next_entry(
    lines: Iterable[bytes], *, kind: str, body: Mapping[str, Any], origin: str, suite: str, time: datetime
) -> log.Entry:
    """The entry that follows ``lines``; :class:`~fairdraw.failures.Failure` where a verifier would refuse any of it."""
    reader = read_lines(lines)
    entries = reader.entries
    prev, last = (entries[-1].hash.hex(), entries[-1].time) if entries else (log.ZERO, "")
    line = log.make_line(
        i=len(entries), kind=kind, origin=origin, prev=prev, suite=suite, time=log_time(time, last), body=body
    )
    return reader.append(line, parse(line))


def ledger_faults(rows: Sequence[tuple[Act, str]], last: int) -> Iterator[Fault]:
    """Broken places among the rows, each with its stored hash; ``last`` is the last number that was given out."""
    before, expected = log.ZERO, 1
    for act, stored in rows:
        if act.n != expected:
            yield Fault("ledger", expected, "n")
        if act.prev != before:
            yield Fault("ledger", act.n, "prev")
        if act.hash != stored:
            yield Fault("ledger", act.n, "hash")
        before, expected = stored, act.n + 1
    if last != expected - 1:
        yield Fault("ledger", expected, "n")


def log_faults(rows: Sequence[Line], acts: Sequence[Act]) -> Iterator[Fault]:
    """Broken places of the draw log, and between it and the ledger; the first broken line ends the reading of lines."""
    reader = log.Reader()
    try:
        for row in rows:
            yield from _column_faults(row, reader.append(row.line, parse(row.line)))
    except Failure as failure:
        yield Fault("drawlog", len(reader.entries), failure.code)
    written = {act.n: act.drawlog for act in acts if act.drawlog}
    yield from (Fault("drawlog", row.i, "ledger_n") for row in rows if written.get(row.ledger_n) != row.hash)
    hashes = {row.hash for row in rows}
    yield from (Fault("ledger", n, "drawlog") for n, hash_ in written.items() if hash_ not in hashes)


def checkpoint_faults(notes: Mapping[int, str], lines: Sequence[bytes], trust: checkpoint.Trust) -> Iterator[Fault]:
    """Checkpoints, by size, that do not fit the log or whose signature by a key of ``trust`` is wrong."""
    try:
        first = read_lines(lines[:1])
        origin, suite = first.origin, first.suite or "sha256"
    except Failure:
        origin, suite = "", "sha256"
    for size, text in notes.items():
        try:
            checkpoint.check(text.encode(), f"checkpoint-{size}.txt", origin, lines, suite, trust)
        except Failure as failure:
            yield Fault("checkpoint", size, failure.code)


def is_cosignature(line: str, checkpoint_text: str, witness: str) -> bool:
    """Whether ``line`` is the signature of the vkey ``witness`` under a checkpoint."""
    body = checkpoint_text.partition("\n\n")[0]
    try:
        note = checkpoint.read_note(f"{body}\n\n{line}".encode(), "checkpoint")
        trust = checkpoint.read_trust(f"witness {witness}\n")
        return bool(checkpoint.check_signatures(note, "checkpoint", trust).cosigned)
    except (Failure, ValueError):
        return False


def why_not_cosign(note: checkpoint.Note, lines: Sequence[bytes], *, log_key: str, seen: tuple[int, str]) -> str | None:
    """The code of the refusal of a witness that last cosigned ``seen`` (size, root as hex), None if it may sign.

    In the order of C2SP tlog-witness: signature of the pinned ``log_key``, size, consistency.
    """
    try:
        checkpoint.check_signatures(note, "checkpoint", checkpoint.read_trust(f"log {log_key}\n"))
    except Failure:
        return "witness_signature"
    if note.size < seen[0]:
        return "witness_smaller"
    try:
        read = read_lines(lines[: note.size])
    except Failure:
        return "witness_log_broken"
    if len(read.entries) < note.size:
        return "witness_log_broken"
    if (read.origin, checkpoint.log_root(lines[: note.size], read.suite)) != (note.origin, note.root):
        return "witness_root"
    if seen[0] and checkpoint.log_root(lines[: seen[0]], read.suite).hex() != seen[1]:
        return "witness_fork"
    return None


def all_faults(*parts: Iterable[Fault]) -> tuple[Fault, ...]:
    """Every fault once, in the order found."""
    return tuple(dict.fromkeys(chain(*parts)))


def _column_faults(row: Line, entry: log.Entry) -> Iterator[Fault]:
    said = (entry.i, entry.kind, entry.seq, entry.r, entry.hash.hex(), entry.time)
    kept = (row.i, row.kind, row.seq, row.r, row.hash, log_time(row.time))
    names = ("i", "kind", "seq", "r", "hash", "time")
    yield from (Fault("drawlog", entry.i, name) for name, a, b in zip(names, said, kept, strict=True) if a != b)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return "" if value is None else str(value)
