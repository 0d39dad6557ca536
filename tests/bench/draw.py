"""`make bench-draw`: a million-object draw and its full verification on the standard library alone."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from fairdraw import seed, snapshot
from fairdraw.canonical import canon
from fairdraw.draw import Draw, conduct, draw_seed
from fairdraw.log import ZERO, Reader
from fairdraw.plan import Plan
from fairdraw.plan import read as read_plan
from fairdraw.quota import quotas
from fairdraw.snapshot import Record
from fairdraw.suites import hasher
from fairdraw.transcript import build_openings
from fairdraw.verification import Verification

N = 1_000_000
KEY = bytes(32)
SECRETS = {"operator": bytes(range(32)), "supervisor": bytes(range(32, 64))}
DIGITS = "31415926535897932384"
STRATA = {"A": "3/100", "B": "4/100", "C": "5/100", "D": "6/100"}


def records(n: int, heaviest: int) -> Iterator[Record]:
    """Synthetic registry: ids of 18 characters, four strata, weights 1, 2, 4, … up to ``heaviest``."""
    weights = [w for w in (1, 2, 4, 8) if w <= heaviest]
    for i in range(n):
        yield Record(f"9150{i:014d}", "ABCD"[i % 4], weights[i % len(weights)], "-")


def make_plan(frozen: snapshot.Frozen, suite: str, mode: str) -> Plan:
    """A plan over the frozen rows with two contributors and one ceremony."""
    rules = {"mode": "ratio", "total": None}
    rules["strata"] = {s: {"ratio": r, "floor": 0, "cap": None} for s, r in STRATA.items()}
    h = hasher(suite)
    commits = {who: h(seed.commitment_input("bench/log", 1, who, c)).hex() for who, c in SECRETS.items()}
    contributors = [{"who": who, "commit": c, "escrow": None, "sig": None} for who, c in commits.items()]
    event = {"name": "ceremony", "kind": "ceremony", "at": "2026-12-01T03:00:00Z", "digits": 20}
    members = {
        "v": "srd-1", "suite": suite, "origin": "bench/log", "seq": 1, "tenant": "bench", "item": "X", "basis": "X",
        "policy": None, "mode": mode, "snapshot": frozen.summary, "rules": rules,
        "quota": quotas(rules, frozen.summary["eligible"]), "batch": 0, "alternates": 2, "replacements": 0,
        "contributors": contributors, "events": [event], "reveal_by": "2026-12-01T04:00:00Z",
        "teams": None, "experts": None, "ext": {},
    }  # fmt: skip
    return read_plan(canon(members))


def write_log(reader: Reader, kind: str, at: str, body: dict[str, object]) -> None:
    """Append one entry to the benchmark's log."""
    entries = reader.entries
    prev = entries[-1].hash.hex() if entries else ZERO
    members = {"i": len(entries), "kind": kind, "origin": "bench/log", "prev": prev, "suite": "sha256"}
    members |= {"time": f"2026-12-01T{at}Z", "body": body}
    reader.append(canon(members), members)


def run(n: int, heaviest: int) -> dict[str, float]:
    """Seconds per step for one size."""
    figures: dict[str, float] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        figures[name] = round(time.perf_counter() - start, 3)

    files = drawn_files(n, heaviest, timed)
    with timed("verify"):
        v = Verification(files)
        for _ in v.run():
            pass
        verdict = v.verdict()
    assert verdict == "VERIFIED unwitnessed", verdict
    return figures


Timed = Callable[[str], AbstractContextManager[None]]


def drawn_files(
    n: int, heaviest: int, timed: Timed, *, suite: str = "sha256", mode: str = "salted"
) -> dict[str, bytes]:
    """The transcript of a draw of ``n`` objects, every drawn one opened; ``timed`` hears of each step."""
    key = KEY if mode == "salted" else None
    with timed("freeze"):
        frozen = snapshot.freeze(records(n, heaviest), key, suite, STRATA)
    plan = make_plan(frozen, suite, mode)
    with timed("load snapshot"):
        rows = snapshot.read(frozen.rows, plan.members)
    reader = Reader()
    plan_body = {"seq": 1, "plan_hash": plan.hash.hex(), "item": "X", "reveal_by": plan["reveal_by"]}
    write_log(reader, "PLAN", "02:00:00", plan_body)
    write_log(reader, "EVENT", "03:00:00", {"seq": 1, "name": "ceremony", "value": DIGITS})
    for who, c in SECRETS.items():
        write_log(reader, "REVEAL", "03:01:00", {"seq": 1, "r": 0, "who": who, "value": c.hex()})
    found = draw_seed(plan, reader.entries[0].hash, SECRETS, [DIGITS])
    with timed("draw"):
        drawn = conduct(plan, rows, found)
    write_log(reader, "RESULT", "03:02:00", drawn.body())
    files = {"plan.json": plan.data, "rows.txt": frozen.rows, "result.json": drawn.result_bytes()}
    files["log.jsonl"] = b"".join(e.line + b"\n" for e in reader.entries)
    files["openings.json"] = build_openings(_drawn_ids(drawn, frozen), key, hasher(suite))
    if key is None:
        files["ids.txt"] = "".join(f"{id_}\n" for id_ in frozen.ids).encode()
    return files


def _drawn_ids(drawn: Draw, frozen: snapshot.Frozen) -> list[str]:
    """All drawn ids, so that the verification opens every one."""
    ids = {line[:64]: id_ for line, id_ in zip(frozen.rows.split(b"\n"), frozen.ids, strict=False)}
    return [ids[task.b.hex().encode()] for task in drawn.selection.order]


def main() -> int:
    """Print the table, write the report, fail above the stated bounds."""
    bounds = {"draw": 3.0, "verify": 15.0}
    figures, failures = {}, 0
    for name, heaviest in (("weights 1", 1), ("weights 1-8", 8)):
        figures[name] = run(N, heaviest)
        for step, seconds in figures[name].items():
            over = heaviest == 1 and seconds > bounds.get(step, float("inf"))
            failures += over
            sys.stdout.write(f"{name:12} {step:14} {seconds:8.3f} s{'  OVER' if over else ''}\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{N:,} objects, peak memory {peak} MiB\n")
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    report = {"target": "bench-draw", "commit": commit, "checks": len(bounds), "failures": failures, "skipped": []}
    out = Path("var/reports/bench-draw.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(report | {"figures": figures | {"peak_mib": peak}}, indent=1))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
