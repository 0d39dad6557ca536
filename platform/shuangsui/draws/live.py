"""What the hall sees of a draw: numbered events read out of the published transcript and nothing else (srd-1 12).

Pure, and a longer transcript of the same draw only ever adds events: what was shown is never taken back, and a viewer
who has seen event n goes on at n + 1 after any interruption. Nothing here can differ from what everybody can recompute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fairdraw.canonical import parse
from fairdraw.log import Entry
from fairdraw.suites import hasher
from fairdraw.tickets import derive_key
from fairdraw.transcript import Files
from fairdraw.verification import Verification
from shuangsui.draws.kernels import kernel

Event = dict[str, Any]

BINS = 48
"""Bars of the histogram of all tickets."""
SHOWN = 8
"""Hex digits of a blinded id; what it opens to stands in ``openings.json`` from the day it may be told (srd-1 14)."""


def events(files: Files, names: Mapping[str, str]) -> list[Event]:
    """Events ``{"n": from 1, "type": …}`` of a transcript that holds a plan; ``done`` is the last of a draw that ended.

    ``names`` gives companies by code and is used in public mode only, where ``ids.txt`` names every row.
    :class:`~fairdraw.failures.Failure` if plan, rows or log are none.
    """
    return [{"n": n, **event} for n, event in enumerate(_events(_opened(files), names), 1)]


def _opened(files: Files) -> Verification:
    v = Verification(files)
    for step in (v.check_plan, v.check_snapshot, v.check_log, v.check_plan_entry):
        step()
    return v


def _events(v: Verification, names: Mapping[str, str]) -> Iterator[Event]:
    yield _stage("lock")
    yield _lock(v)
    yield from _commits(v)
    yield _stage("entropy")
    yield from _entropy(v)
    if len(v.of_kind("EVENT")) == len(v.plan["events"]):
        yield _stage("reveal")
        yield from ({"type": "reveal", **_said(e, "who", "value")} for e in v.of_kind("REVEAL", 0))
    if result := next(iter(v.of_kind("RESULT", 0)), None):
        yield from _drawn(v, result, names)
    elif abandon := v.abandon():
        yield {**_stage("done"), "ending": "abandoned"}
        yield {"type": "done", "ending": "abandoned", **_said(abandon, "reason")}


def _stage(name: str) -> Event:
    """lock, entropy, reveal, tickets, pick, done: the six steps."""
    return {"type": "stage", "stage": name}


def _said(entry: Entry, *members: str) -> Event:
    """Members of an entry's body, and when it was logged."""
    return {**{name: entry.body[name] for name in members}, "at": entry.time}


def _lock(v: Verification) -> Event:
    plan, frozen = v.plan, v.plan["snapshot"]
    return {
        "type": "lock", "at": v.of_kind("PLAN")[0].time, "rows": frozen["n"], "root": frozen["root"],
        "eligible": frozen["eligible"], "excluded": frozen["excluded"], "quota": plan["quota"],
        "picks": sum(plan["quota"].values()), "plan": plan.hash.hex(), "suite": plan["suite"], "mode": plan["mode"],
        "batch": plan["batch"],
        "events": [{name: event[name] for name in ("name", "kind", "at")} for event in plan["events"]],
        "cause": plan["ext"].get("cause", "line"), "holders": list(plan.contributors), "reveal_by": plan["reveal_by"],
        "even": all(set(stratum.weights) <= {1} for stratum in v.snapshot.strata.values()),
    }  # fmt: skip


def _commits(v: Verification) -> Iterator[Event]:
    at = v.of_kind("PLAN")[0].time
    for one in v.plan["contributors"]:
        yield {"type": "commit", "who": one["who"], "commit": one["commit"], "signed": one["sig"] is not None, "at": at}


def _entropy(v: Verification) -> Iterator[Event]:
    kinds = {event["name"]: event["kind"] for event in v.plan["events"]}
    for entry in v.of_kind("EVENT"):
        yield {"type": "entropy", "kind": kinds[entry.body["name"]], **_said(entry, "name", "value")}


def _drawn(v: Verification, result: Entry, names: Mapping[str, str]) -> Iterator[Event]:
    yield {"type": "seed", **_said(result, "seed")}
    yield _stage("tickets")
    seed = bytes.fromhex(result.body["seed"])
    cut = {name: pair[1] if pair else None for name, pair in result.body["cut"].items()}
    yield {"type": "tickets", "bins": histogram(v, seed), "cut": cut}
    yield _stage("pick")
    yield from _picks(v, names)
    yield _stage("done")
    yield {"type": "done", "ending": "drawn", **_said(result, "hash")}


def histogram(v: Verification, seed: bytes) -> list[int]:
    """How many tickets fall into each of :data:`BINS` equal parts of their range, over all strata."""
    bins = [0] * BINS
    for name, stratum in v.snapshot.strata.items():
        key = derive_key(seed, f"objects/{name}", hasher(v.plan["suite"]))
        tickets = kernel.tickets(v.plan["suite"], key, bytes(stratum.blinded), bytes(stratum.weights))
        for p in range(0, len(tickets), 8):
            bins[((tickets[p] << 8 | tickets[p + 1]) * BINS) >> 16] += 1
    return bins


def _picks(v: Verification, names: Mapping[str, str]) -> Iterator[Event]:
    """In work order, as the result drew them: replacements are later acts and stand on the draw's own page."""
    result = parse(v.files["result.json"], "result.json")
    tickets = {b: (ticket, name) for name, rows in result["objects"].items() for b, ticket in rows}
    where, batch = _places(v, tickets), v.plan["batch"]
    recused = _recused(v, tickets)
    for t, b in enumerate(result["order"]):
        ticket, stratum = tickets[b]
        row, id_ = where[b]
        seats = {pool: result[pool]["slots"][t] if result[pool] else [] for pool in ("teams", "experts")}
        company = {"company": {"code": id_, "name": names.get(id_, "")}} if id_ else {}
        yield {
            "type": "pick", "task": t + 1, "row": row, "b": b[:SHOWN], "stratum": stratum, "ticket": ticket,
            "batch": t // batch + 1 if batch else 0, **seats, "recused": recused.get(b, []), **company,
        }  # fmt: skip


def _places(v: Verification, drawn: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """Row from 1 and, in public mode alone, the code of every drawn object."""
    rows = v.snapshot.rows.splitlines()
    found = ((i, row[:64].decode()) for i, row in enumerate(rows))
    return {b: (i + 1, v.ids[i] if v.ids else "") for i, b in found if b in drawn}


def _recused(v: Verification, drawn: Mapping[str, Any]) -> dict[str, list[str]]:
    """Whom the plan kept away from a drawn object, under their published codes."""
    found: dict[str, list[str]] = {}
    for pool in ("teams", "experts"):
        for who, b in v.plan[pool]["recuse"] if v.plan[pool] else ():
            if b in drawn:
                found.setdefault(b, []).append(who)
    return found
