"""Transcripts for tests: composed from inputs in the vectors' form, then cut, re-linked, re-signed and judged."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fairdraw import checkpoint, ed25519, log, plan
from fairdraw.canonical import canon, parse
from fairdraw.checkpoint import COSIGNATURE_KEY, LOG_KEY
from fairdraw.rebuild import Rebuild
from fairdraw.report import counts
from fairdraw.selection import Task
from fairdraw.teams import Pool
from fairdraw.vectors import judge
from fairdraw.verification import Verification, unix

VECTORS = Path(__file__).parents[1] / "vectors"
ORIGIN = "draws.test.gov.cn/log"
SALT_KEY = "5a" * 32
WITNESSES = ("w1.test/witness", "w2.test/witness", "w3.test/witness")
SECRETS = {"综合处": "11" * 32, "纪检监察组": "22" * 32, "公证处": "33" * 32}
DIGITS = "31415926535897932384"
AT = "2026-12-01T03:00:00Z"
REVEAL_BY = "2026-12-01T06:00:00Z"
SEEDS = {("log", ORIGIN): "a0", **{("witness", w): f"c{i}" for i, w in enumerate(WITNESSES)}}
SEEDS |= {("contributor", who): f"e{i}" for i, who in enumerate(SECRETS)}

Files = dict[str, bytes]
Json = dict[str, Any]
Edit = Callable[[list[Json]], object]


@cache
def _vector(number: int) -> str:
    return (VECTORS / f"v{number}.json").read_text("utf-8")


def vector(number: int) -> Json:
    """A fresh copy of a test vector."""
    value: Json = json.loads(_vector(number))
    return value


def vector_files(number: int) -> Files:
    """The published files of a vector."""
    return {name: text.encode() for name, text in vector(number)["files"].items()}


# keys and the reader's trust list


def private(role: str, name: str) -> bytes:
    """The private seed of a test key."""
    return bytes.fromhex(SEEDS[role, name] * 32)


def vkey_line(role: str, name: str, seed: bytes | None = None) -> str:
    """A line of a trust list."""
    public = ed25519.public_key(seed or private(role, name))
    return f"{role} {checkpoint.vkey(name, checkpoint.ROLES[role], public)}\n"


TRUST = "".join(vkey_line(role, name) for role, name in SEEDS)
"""Log key, three witnesses (quorum 2), three contributors."""
KEYS = [{"role": role, "name": name, "seed": byte * 32} for (role, name), byte in SEEDS.items()]


# inputs in the vectors' form


def at(minute: int) -> str:
    """A protocol time so many minutes after 02:00 of the day of the draw."""
    return f"2026-12-01T{2 + minute // 60:02}:{minute % 60:02}:00Z"


def entry(kind: str, minute: int, **body: Any) -> Json:
    """A log entry of the draw (seq 1), derived members left out."""
    return {"kind": kind, "time": at(minute), "body": {"seq": body.pop("seq", 1), **body}}


def reveals(minute: int, r: int = 0, who: Iterable[str] = SECRETS) -> list[Json]:
    """One REVEAL per contributor."""
    return [entry("REVEAL", minute, r=r, who=name) for name in who]


def records(n: int) -> list[list[Any]]:
    """A registry: ids in Chinese and ASCII, three strata, weights 1, 2, 4, every twentieth row excluded."""
    rows: list[list[Any]] = []
    for i in range(n):
        id_ = f"渝企{i:04d}" if i % 7 == 0 else f"91500{i:012d}X"
        rows.append([id_, "ABC"[i % 3], (1, 2, 4)[i % 5 % 3], "X10-1" if i % 20 == 19 else "-"])
    return rows


def people(count: int, prefix: str) -> list[Json]:
    """Inspectors of three offices: every second may lead, every third is an electrician."""
    return [
        {"id": f"{prefix}{i:02d}", "office": f"o{i % 3}", "quals": ["电气"] if i % 3 == 0 else [], "lead": i % 2 == 0}
        for i in range(count)
    ]


def pool(size: int, members: list[Json], **changes: Any) -> Json:
    """A people's pool without recusals."""
    rules = {"size": size, "cap": 6, "day_cap": 2, "per_day": 6, "two_offices": size > 1, "attempts": 4}
    return {**rules, "need": {"A": "电气"}, "people": members, "recuse": [], **changes}


def plan_given(**changes: Any) -> Json:
    """A plan, derived members left out."""
    strata = {s: {"ratio": r, "floor": 1, "cap": 8} for s, r in {"A": "1/10", "B": "1/20", "C": "1/5"}.items()}
    given = {
        "v": "srd-1", "suite": "sha256", "origin": ORIGIN, "seq": 1, "tenant": "test", "item": "JXW-001",
        "basis": "渝经信发〔2021〕6号", "policy": None, "mode": "salted", "snapshot": None, "quota": None,
        "rules": {"mode": "ratio", "total": None, "strata": strata}, "batch": 0, "alternates": 2, "replacements": 3,
        "contributors": [{"who": who, "commit": None, "escrow": None, "sig": None} for who in SECRETS],
        "events": [{"name": "摇号", "kind": "ceremony", "at": AT, "digits": 20}], "reveal_by": REVEAL_BY,
        "teams": pool(2, people(12, "P")), "experts": pool(1, people(5, "X"), two_offices=False), "ext": {},
    }  # fmt: skip
    return given | changes


def drawn_log() -> list[Json]:
    """PLAN, event, three reveals, result."""
    event = entry("EVENT", 61, name="摇号", value=DIGITS)
    return [entry("PLAN", 1), event, *reveals(62), entry("RESULT", 63, r=0)]


def person_request(r: int, minute: int, **body: Any) -> list[Json]:
    """A person REPLACE with its links and its outcome."""
    request = {"what": "person", "pool": "teams", "task": 0, "slot": 0, "scope": "task", "reason": "recusal", **body}
    return [entry("REPLACE", minute, r=r, **request), *reveals(minute + 1, r), entry("RESULT", minute + 2, r=r)]


def object_request(r: int, minute: int, task: int) -> list[Json]:
    """An object REPLACE with its outcome."""
    body = {"what": "object", "task": task, "reason": "object-invalid"}
    return [entry("REPLACE", minute, r=r, **body), entry("RESULT", minute + 1, r=r)]


def full_log() -> list[Json]:
    """A draw with four replacements: object, leader of a task, expert of the whole draw, team member."""
    log_given = [*drawn_log(), *object_request(1, 70, 2)]
    log_given += person_request(2, 75, task=1)
    log_given += person_request(3, 80, pool="experts", task=0, scope="draw", reason="unavailable")
    return log_given + person_request(4, 85, task=3, slot=1, reason="unavailable")


def inputs(**changes: Any) -> Json:
    """Inputs of a salted draw over 120 rows without people, checkpoints or receipts."""
    made = {
        "records": records(120), "K": SALT_KEY, "secrets": SECRETS, "keys": KEYS, "log_suite": "sha256",
        "plan_given": plan_given(teams=None, experts=None), "log_given": drawn_log(),
        "openings": [], "receipts": [], "checkpoints": [],
    }  # fmt: skip
    return made | changes


def cosigned(size: int, time: str, witnesses: Sequence[str] = WITNESSES[:2]) -> Json:
    """A checkpoint of the log's key and some witnesses, by default exactly a quorum."""
    return {"size": size, "log": ORIGIN, "cosignatures": [[name, int(unix(time))] for name in witnesses]}


@dataclass(frozen=True)
class Example:
    """A transcript with what it was made from."""

    made: Rebuild
    files: Files

    @property
    def drawn_ids(self) -> list[str]:
        """Ids ever drawn, in row order."""
        state = self.made.state
        assert state is not None
        lines = self.made.frozen.rows.split(b"\n")
        drawn = {b.hex().encode() for b in state.drawn}
        return [id_ for id_, line in zip(self.made.frozen.ids, lines, strict=False) if line[:64] in drawn]


def build(given: Mapping[str, Any]) -> Example:
    """The transcript of some inputs."""
    made = Rebuild(given)
    return Example(made, made.files())


@cache
def _full(suite: str, mode: str) -> Example:
    key = SALT_KEY if mode == "salted" else None
    planned = plan_given(suite=suite, mode=mode)
    given = inputs(plan_given=planned, log_given=full_log(), log_suite=suite, K=key)
    opened = build(given).drawn_ids
    checkpoints = [cosigned(1, at(30)), cosigned(len(given["log_given"]), at(95))]
    receipts = [{"file": "receipt-1.json", "id": opened[0]}]
    return build(given | {"openings": opened, "checkpoints": checkpoints, "receipts": receipts})


def full(suite: str = "sha256", mode: str = "salted") -> Example:
    """Teams and experts, four replacements, signed, a receipt, a checkpoint after PLAN and one over the last entry."""
    example = _full(suite, mode)
    return Example(example.made, dict(example.files))


@cache
def _plain(mode: str) -> Example:
    salted = mode == "salted"
    given = inputs(K=SALT_KEY if salted else None)
    given["plan_given"]["mode"] = mode
    return build(given)


def plain(mode: str = "salted") -> Example:
    """A draw of objects only, nothing opened, no checkpoint."""
    example = _plain(mode)
    return Example(example.made, dict(example.files))


# people without a transcript


def tasks(count: int, strata: str = "A") -> list[Task]:
    """Tasks over made-up objects, strata in turn."""
    return [Task(i.to_bytes(16, "big") + bytes(16), strata[i % len(strata)]) for i in range(count)]


def person(i: int, office: str = "o", lead: bool = True, quals: tuple[str, ...] = ()) -> Json:
    """One person of a pool."""
    return {"id": f"P{i:03}", "office": office, "quals": list(quals), "lead": lead}


def rules(people: list[Json], **changes: Any) -> Json:
    """A pool of pairs without any limit."""
    base = {"size": 2, "cap": 100, "day_cap": 100, "per_day": 100, "two_offices": False, "attempts": 1}
    return base | {"need": {}, "people": people, "recuse": []} | changes


def random_pool(rng: random.Random) -> tuple[Pool, list[Task]]:
    """A small pool with every rule in play."""
    some = tasks(rng.randint(1, 9), "ABC"[: rng.randint(1, 3)])
    people = [
        person(i, f"o{rng.randrange(3)}", rng.random() < 0.5, tuple(q for q in "xy" if rng.random() < 0.4))
        for i in range(rng.randint(1, 10))
    ]
    name = rng.choice(["teams", "teams", "experts"])
    size = rng.randint(1, 4)
    pairs = [(p["id"], t.b.hex()) for p in people for t in some if rng.random() < 0.15]
    changes = {
        "size": size, "cap": rng.randint(1, 6), "day_cap": rng.randint(1, 3), "per_day": rng.randint(1, 5),
        "two_offices": name == "teams" and size > 1 and rng.random() < 0.7, "attempts": rng.randint(1, 3),
        "need": {s: rng.choice("xy") for s in "ABC" if rng.random() < 0.5}, "recuse": [list(p) for p in sorted(pairs)],
    }  # fmt: skip
    return Pool(name, rules(people, **changes)), some


# changes


def entries(files: Mapping[str, bytes]) -> list[Json]:
    """The parsed log."""
    return [parse(line) for line in files["log.jsonl"].split(b"\n")[:-1]]


def log_bytes(members: Iterable[Json], *, linked: bool = True) -> bytes:
    """``log.jsonl`` of entries, by default numbered and chained anew, otherwise as they are."""
    lines: list[bytes] = []
    for i, member in enumerate(members):
        if linked:
            member["i"] = i
            member["prev"] = log.entry_hash(lines[-1], member["suite"]).hex() if lines else log.ZERO
        lines.append(canon(member))
    return b"".join(line + b"\n" for line in lines)


def relog(files: Mapping[str, bytes], edit: Edit, *, linked: bool = True) -> Files:
    """The transcript with an edited log, chained anew; its checkpoints are left out, they would not fit."""
    members = entries(files)
    edit(members)
    kept = {name: data for name, data in files.items() if not name.startswith("checkpoint-")}
    return kept | {"log.jsonl": log_bytes(members, linked=linked)}


def replan(files: Mapping[str, bytes], edit: Callable[[Json], object]) -> Files:
    """The transcript with an edited plan whose new hash is logged."""
    members = parse(files["plan.json"])
    edit(members)
    data = canon(members)
    suite = members["suite"] if members.get("suite") in ("sha256", "sm3") else "sha256"

    def log_plan(log_entries: list[Json]) -> None:
        own = next(e for e in log_entries if e["kind"] == "PLAN" and e["body"]["seq"] == 1)
        own["body"]["plan_hash"] = plan.plan_hash(data, suite).hex()

    return relog(files, log_plan) | {"plan.json": data}


def edited(files: Mapping[str, bytes], name: str, edit: Callable[[Any], object]) -> Files:
    """The transcript with one JSON file edited in place."""
    value = parse(files[name])
    edit(value)
    return {**files, name: canon(value)}


def note(files: Mapping[str, bytes], size: int, *signers: tuple[str, str, int], origin: str = ORIGIN) -> bytes:
    """A checkpoint over the first ``size`` lines, signed by ``(role, name, Unix time)`` in turn."""
    lines = files["log.jsonl"].split(b"\n")[:-1]
    text = checkpoint.note_text(origin, size, checkpoint.log_root(lines[:size], "sha256"))
    return (text + "\n" + "".join(signature(text, *signer) for signer in signers)).encode()


def signature(text: str, role: str, name: str, time: int, seed: bytes | None = None) -> str:
    """A signature line of the log or of a witness."""
    key = seed or private(role, name)
    public = ed25519.public_key(key)
    if role == "log":
        return checkpoint.signature_line(name, LOG_KEY, public, ed25519.sign(key, text.encode()))
    payload = checkpoint.cosign_payload(time, ed25519.sign(key, checkpoint.cosign_message(text, time)))
    return checkpoint.signature_line(name, COSIGNATURE_KEY, public, payload)


# judging


@dataclass(frozen=True)
class Ran:
    """What a command-line tool answered."""

    status: int
    lines: list[str]
    errors: str

    @property
    def last(self) -> str:
        """The last line of output."""
        return self.lines[-1]


def verdict(files: Mapping[str, bytes], trust: str | None = None) -> str:
    """The verdict line."""
    return judge(files, trust)[0]


def code(files: Mapping[str, bytes], trust: str | None = None) -> str:
    """The failure code, or the whole verdict of what does not fail."""
    line = verdict(files, trust)
    return line.split(" ")[1] if line.startswith("FAIL ") else line


def checked(files: Mapping[str, bytes], trust: str | None = None) -> Verification:
    """A verification whose checks have all passed."""
    v = Verification(files, checkpoint.read_trust(trust) if trust else checkpoint.Trust())
    for _ in v.run():
        pass
    return v


def counts_of(files: Mapping[str, bytes], trust: str | None = None) -> list[str]:
    """The figures a verifier shows."""
    return counts(checked(files, trust))


def run(module: str, *arguments: object, cwd: Path | None = None, **environment: str) -> Ran:
    """A command-line tool of the kernel in a process of its own."""
    command = [sys.executable, "-m", f"fairdraw.{module}", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, cwd=cwd, env=os.environ | environment, check=False)
    return Ran(done.returncode, done.stdout.decode().splitlines(), done.stderr.decode())


def write(files: Mapping[str, bytes], folder: Path) -> Path:
    """The transcript as a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def copy(value: Any) -> Any:
    """A deep copy for edits."""
    return deepcopy(value)
