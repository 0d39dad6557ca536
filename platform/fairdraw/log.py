"""The draw log (srd-1 section 7): entries, their hash chain, and the phases a draw may go through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fairdraw.canonical import LIMIT, canon, parse
from fairdraw.failures import Failure, require
from fairdraw.fields import all_distinct, has_members, is_hex64, is_int, is_printable, is_text, is_time
from fairdraw.suites import SUITES, hasher

ZERO = "0" * 64
"""``prev`` of the first entry."""
KINDS = ("PLAN", "EVENT", "REVEAL", "RESULT", "REPLACE", "ABANDON")
ABANDON_REASONS = ("event-failed", "reveal-missing", "plan-error", "freeze-error", "legal-order", "data-fault")
REPLACE_REASONS = ("recusal", "unavailable", "object-invalid", "unfilled")


@dataclass(frozen=True, slots=True)
class Entry:
    """One checked entry: its members, its line without LF, its hash."""

    i: int
    kind: str
    time: str
    body: Mapping[str, Any]
    line: bytes
    hash: bytes

    @property
    def seq(self) -> int:
        """The draw it belongs to."""
        return int(self.body["seq"])

    @property
    def r(self) -> int:
        """0 for the draw itself, else the number of the replacement."""
        return int(self.body.get("r", 0))


@dataclass(frozen=True, slots=True)
class Log:
    """A checked log from entry 0."""

    origin: str
    suite: str
    entries: list[Entry]
    draws: Mapping[int, list[Entry]]

    def of(self, seq: int) -> list[Entry]:
        """The entries of one draw, in order."""
        return self.draws.get(seq, [])


def entry_hash(line: bytes, suite: str) -> bytes:
    """``H_log("srd1/log\\n" || line without LF)``."""
    return hasher(suite)(b"srd1/log\n" + line)


def make_line(*, i: int, kind: str, origin: str, prev: str, suite: str, time: str, body: Mapping[str, Any]) -> bytes:
    """The canonical line of an entry, without LF."""
    entry = {"i": i, "kind": kind, "origin": origin, "prev": prev, "suite": suite, "time": time, "body": body}
    return canon(entry)


def read(data: bytes) -> Log:
    """Check ``log.jsonl`` whole (12.1 step 5).

    :class:`~fairdraw.failures.Failure` ``NOT_CANONICAL``, ``LOG_FORMAT``, ``LOG_CHAIN``, ``LOG_TIME``,
    ``REVEAL_REUSED`` or ``LOG_STATE``; parse errors of any line come first.
    """
    require(data.endswith(b"\n"), "NOT_CANONICAL", "log.jsonl does not end with a line feed")
    lines = data[:-1].split(b"\n")
    parsed = [parse(line, f"log.jsonl line {i}") for i, line in enumerate(lines)]
    return read_lines(lines, parsed)


def read_lines(lines: list[bytes], parsed: list[Any]) -> Log:
    """Check parsed entries with their lines, entry by entry, in the order of section 7.2."""
    reader = Reader()
    for line, members in zip(lines, parsed, strict=True):
        reader.append(line, members)
    return reader.log()


# phases of 7.2


@dataclass(slots=True)
class Phase:
    """Where one draw stands: ``planned``, ``revealing``, ``drawn`` or ``abandoned``; its open replacement."""

    name: str = "planned"
    r: int = 0
    open: str | None = None
    chain_broken: bool = False


@dataclass(slots=True)
class Phases:
    """The state machine over all draws of a log; anything it does not know is ``LOG_STATE``."""

    draws: dict[int, Phase] = field(default_factory=dict)

    def step(self, kind: str, body: Mapping[str, Any], where: str = "") -> None:
        """Take one entry."""
        seq, r = body["seq"], body.get("r", 0)
        if kind == "PLAN":
            require(seq == len(self.draws) + 1, "LOG_STATE", f"{where}: seq {seq} is not the next")
            self.draws[seq] = Phase()
            return
        phase = self.draws.get(seq)
        if phase is None or not _allowed(phase, kind, body, r):
            raise Failure("LOG_STATE", f"{where}: {kind} r={r} is not allowed now")
        _enter(phase, kind, body, r)


def _allowed(phase: Phase, kind: str, body: Mapping[str, Any], r: int) -> bool:
    if kind == "REPLACE":
        ready = phase.name == "drawn" and phase.open is None and r == phase.r + 1
        return ready and not (body["what"] == "person" and phase.chain_broken)
    if r:
        closes = ("object", "person") if kind == "RESULT" else ("person",)
        return phase.open in closes and r == phase.r
    allowed = {"EVENT": ("planned",), "RESULT": ("revealing",)}
    return phase.name in allowed.get(kind, ("planned", "revealing"))


def _enter(phase: Phase, kind: str, body: Mapping[str, Any], r: int) -> None:
    if kind == "REPLACE":
        phase.r, phase.open = r, body["what"]
    elif r:
        if kind != "REVEAL":
            phase.open = None
        phase.chain_broken |= kind == "ABANDON"
    else:
        phase.name = {"REVEAL": "revealing", "RESULT": "drawn", "ABANDON": "abandoned"}.get(kind, phase.name)


# reading


@dataclass(slots=True)
class Reader:
    """Reads entry after entry and keeps what the next one must fit to."""

    entries: list[Entry] = field(default_factory=list)
    draws: dict[int, list[Entry]] = field(default_factory=dict)
    origin: str = ""
    suite: str = ""
    phases: Phases = field(default_factory=Phases)
    _values: set[str] = field(default_factory=set)

    def log(self) -> Log:
        """What has been read."""
        return Log(self.origin, self.suite, self.entries, self.draws)

    def append(self, line: bytes, members: Any) -> Entry:
        """Check one more entry against everything before it."""
        where = f"entry {len(self.entries)}"
        require(_has_entry_types(members), "LOG_FORMAT", where)
        self._check_chain(members, where)
        last = self.entries[-1].time if self.entries else ""
        require(members["time"] >= last, "LOG_TIME", f"{where} is earlier than the one before it")
        kind, body = members["kind"], members["body"]
        require(BODIES[kind](body), "LOG_FORMAT", f"{where}: body of {kind}")
        if kind == "REVEAL":
            require(body["value"] not in self._values, "REVEAL_REUSED", where)
            self._values.add(body["value"])
        self.phases.step(kind, body, where)
        entry = Entry(members["i"], kind, members["time"], body, line, entry_hash(line, self.suite))
        self.entries.append(entry)
        self.draws.setdefault(entry.seq, []).append(entry)
        return entry

    def _check_chain(self, members: Mapping[str, Any], where: str) -> None:
        if not self.entries:
            self.origin, self.suite = members["origin"], members["suite"]
        prev = self.entries[-1].hash.hex() if self.entries else ZERO
        same = members["origin"] == self.origin and members["suite"] == self.suite and self.suite in SUITES
        linked = members["i"] == len(self.entries) and members["prev"] == prev
        require(same and linked, "LOG_CHAIN", f"{where} does not follow the one before it")


def _has_entry_types(x: Any) -> bool:
    if not has_members(x, "i", "kind", "origin", "prev", "suite", "time", "body"):
        return False
    strings = all(isinstance(x[member], str) for member in ("prev", "suite"))
    typed = is_int(x["i"], -LIMIT, LIMIT) and x["kind"] in KINDS and is_text(x["origin"]) and is_time(x["time"])
    return strings and typed and isinstance(x["body"], dict)


# bodies of 7.2


def _is_plan(b: Any) -> bool:
    if not has_members(b, "seq", "plan_hash", "item", "reveal_by"):
        return False
    return is_int(b["seq"], 1) and is_hex64(b["plan_hash"]) and is_text(b["item"]) and is_time(b["reveal_by"])


def _is_event(b: Any) -> bool:
    if not has_members(b, "seq", "name", "value"):
        return False
    return is_int(b["seq"], 1) and is_text(b["name"]) and is_printable(b["value"], 1, 256)


def _is_reveal(b: Any) -> bool:
    if not has_members(b, "seq", "r", "who", "value"):
        return False
    return is_int(b["seq"], 1) and is_int(b["r"]) and is_text(b["who"]) and is_hex64(b["value"])


def _is_result(b: Any) -> bool:
    if has_members(b, "seq", "r", "seed", "hash", "cut"):
        numbers = is_int(b["seq"], 1) and is_int(b["r"], 0, 0)
        return numbers and is_hex64(b["seed"]) and is_hex64(b["hash"]) and isinstance(b["cut"], dict)
    return has_members(b, "seq", "r", "in") and is_int(b["seq"], 1) and is_int(b["r"], 1) and _is_in(b["in"])


def _is_in(x: Any) -> bool:
    """``in`` of an object's outcome (hex64 or null) or of a person's."""
    return x is None or is_hex64(x) or (isinstance(x, list) and all(map(_is_placed, x)))


def _is_placed(x: Any) -> bool:
    if not (isinstance(x, list) and len(x) == 3):
        return False
    return is_int(x[0]) and is_int(x[1], 0, 15) and (x[2] is None or is_text(x[2]))


def _is_replace(b: Any) -> bool:
    common = ("seq", "r", "what", "task", "out", "reason")
    if has_members(b, *common) and b["what"] == "object":
        return _is_request(b) and isinstance(b["out"], str) and b["reason"] == "object-invalid"
    if not has_members(b, *common, "pool", "slot", "scope") or b["what"] != "person":
        return False
    placed = b["pool"] in ("teams", "experts") and is_int(b["slot"], 0, 15) and b["scope"] in ("task", "draw")
    empty = b["out"] is None
    fits = empty == (b["reason"] == "unfilled") and (not empty or b["scope"] == "task")
    return _is_request(b) and placed and fits and (empty or isinstance(b["out"], str))


def _is_request(b: Mapping[str, Any]) -> bool:
    return is_int(b["seq"], 1) and is_int(b["r"], 1) and is_int(b["task"]) and b["reason"] in REPLACE_REASONS


def _is_abandon(b: Any) -> bool:
    if not has_members(b, "seq", "r", "reason", "by"):
        return False
    by = b["by"]
    roles = isinstance(by, list) and 2 <= len(by) <= 16 and all(map(is_text, by)) and all_distinct(by)
    return is_int(b["seq"], 1) and is_int(b["r"]) and b["reason"] in ABANDON_REASONS and roles


BODIES: Mapping[str, Callable[[Any], bool]] = {
    "PLAN": _is_plan,
    "EVENT": _is_event,
    "REVEAL": _is_reveal,
    "RESULT": _is_result,
    "REPLACE": _is_replace,
    "ABANDON": _is_abandon,
}
