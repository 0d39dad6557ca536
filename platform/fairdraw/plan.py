"""The plan of a draw (srd-1 section 5): everything that is fixed before any randomness is known."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from fairdraw.canonical import parse
from fairdraw.failures import require
from fairdraw.fields import (
    LARGEST,
    U32,
    all_distinct,
    has_members,
    is_code,
    is_hex64,
    is_int,
    is_name,
    is_printable,
    is_text,
    is_time,
)
from fairdraw.suites import SUITES, hasher

MEMBERS = (
    "v", "suite", "origin", "seq", "tenant", "item", "basis", "policy", "mode", "snapshot", "rules", "quota",
    "batch", "alternates", "replacements", "contributors", "events", "reveal_by", "teams", "experts", "ext",
)  # fmt: skip
POOLS = ("teams", "experts")

DRAND_CHAINS = {
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": (1692803367, 3),
    "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce": (1595431050, 30),
}
"""Chain hash to genesis (Unix seconds) and period (seconds), section 5.3."""

_RATIO = re.compile(r"(0|[1-9][0-9]*)/([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked plan: its bytes, its members as parsed JSON, its hash."""

    data: bytes
    members: Mapping[str, Any]
    hash: bytes

    def __getitem__(self, member: str) -> Any:
        """A member of ``plan.json``."""
        return self.members[member]

    @property
    def salted(self) -> bool:
        """Whether ids are blinded with a salt each."""
        return bool(self.members["mode"] == "salted")

    @property
    def first_event(self) -> str:
        """The smallest ``at``: before it the plan must be logged and cosigned."""
        return str(min(event["at"] for event in self.members["events"]))

    @property
    def contributors(self) -> list[str]:
        """``who`` of each contributor, in plan order."""
        return [c["who"] for c in self.members["contributors"]]


def read(data: bytes) -> Plan:
    """Check ``plan.json``; :class:`~fairdraw.failures.Failure` ``NOT_CANONICAL`` or ``PLAN_FIELD``."""
    members = parse(data, "plan.json")
    check(members)
    return Plan(data, members, plan_hash(data, members["suite"]))


def plan_hash(data: bytes, suite: str) -> bytes:
    """``H("srd1/plan\\n" || bytes)``."""
    return hasher(suite)(b"srd1/plan\n" + data)


def _need(condition: object, where: str) -> None:
    require(condition, "PLAN_FIELD", where)


def check(plan: Any) -> None:
    """All rules of section 5 over the parsed plan; the detail of a failure names the member."""
    _need(has_members(plan, *MEMBERS), "members")
    _need(plan["v"] == "srd-1" and plan["suite"] in SUITES, "v, suite")
    for member in ("origin", "tenant", "item", "basis"):
        _need(is_text(plan[member]), member)
    _need(is_int(plan["seq"], 1), "seq")
    _need(plan["policy"] is None or is_hex64(plan["policy"]), "policy")
    _need(plan["mode"] in ("public", "salted"), "mode")
    for member in ("batch", "alternates"):
        _need(is_int(plan[member]), member)
    _need(is_int(plan["replacements"], 0, 1000), "replacements")
    _need(isinstance(plan["ext"], dict), "ext")
    _check_snapshot(plan["snapshot"])
    _check_rules(plan)
    _check_contributors(plan["contributors"])
    check_events(plan)
    _check_pools(plan)


def _check_snapshot(snapshot: Any) -> None:
    _need(has_members(snapshot, "root", "n", "eligible", "excluded"), "snapshot")
    _need(is_hex64(snapshot["root"]) and is_int(snapshot["n"], 1), "snapshot.root, snapshot.n")
    _need(_counts(snapshot["eligible"], is_name, 0), "snapshot.eligible")
    _need(_counts(snapshot["excluded"], is_code, 1, LARGEST), "snapshot.excluded")


def _counts(x: Any, is_key: Any, low: int, high: int = U32) -> bool:
    return isinstance(x, dict) and all(is_key(key) and is_int(value, low, high) for key, value in x.items())


def _check_rules(plan: Mapping[str, Any]) -> None:
    rules = plan["rules"]
    _need(has_members(rules, "mode", "total", "strata"), "rules")
    _need(rules["mode"] in ("ratio", "total"), "rules.mode")
    _need(rules["total"] is None if rules["mode"] == "ratio" else is_int(rules["total"]), "rules.total")
    strata = rules["strata"]
    _need(isinstance(strata, dict) and strata and all(map(is_name, strata)), "rules.strata")
    for name, rule in strata.items():
        _need(_is_stratum_rule(rule, rules["mode"]), f"rules.strata.{name}")
    _need(_counts(plan["quota"], is_name, 0), "quota")
    _need(strata.keys() == plan["quota"].keys() == plan["snapshot"]["eligible"].keys(), "names of strata")


def _is_stratum_rule(rule: Any, mode: str) -> bool:
    share = "ratio" if mode == "ratio" else "share"
    if not has_members(rule, share, "floor", "cap") or not is_int(rule["floor"]):
        return False
    if rule["cap"] is not None and not is_int(rule["cap"], rule["floor"]):
        return False
    return _is_ratio(rule["ratio"]) if mode == "ratio" else is_int(rule["share"], 1, 1_000_000)


def _is_ratio(x: Any) -> bool:
    match = _RATIO.fullmatch(x) if isinstance(x, str) and len(x) <= 15 else None
    return match is not None and int(match[1]) <= int(match[2]) <= 1_000_000


def _check_contributors(contributors: Any) -> None:
    _need(isinstance(contributors, list) and 2 <= len(contributors) <= 16, "contributors")
    for c in contributors:
        _need(has_members(c, "who", "commit", "escrow", "sig"), "contributors")
        _need(is_text(c["who"]) and is_hex64(c["commit"]), "contributors.who, contributors.commit")
        _need(c["escrow"] is None or _is_escrow(c["escrow"]), "contributors.escrow")
        _need(c["sig"] is None or signature(c["sig"]) is not None, "contributors.sig")
    for member in ("who", "commit"):
        _need(all_distinct([c[member] for c in contributors]), f"contributors.{member} distinct")


def _is_escrow(x: Any) -> bool:
    return (
        has_members(x, "to", "alg", "ct") and is_text(x["to"]) and is_text(x["alg"]) and is_printable(x["ct"], 0, 8192)
    )


def signature(x: Any) -> bytes | None:
    """The 64 bytes of a base64 signature, None for anything else."""
    raw = decode_base64(x) if isinstance(x, str) else None
    return raw if raw is not None and len(raw) == 64 else None


def decode_base64(x: str) -> bytes | None:
    """Bytes of canonical base64 with padding (section 3), None for any other text."""
    try:
        raw = base64.b64decode(x, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == x else None


def check_events(plan: Mapping[str, Any]) -> None:
    """The rules of section 5.3 over ``events`` and ``reveal_by``; ``PLAN_FIELD``."""
    events = plan["events"]
    _need(isinstance(events, list) and 1 <= len(events) <= 4, "events")
    for event in events:
        _need(isinstance(event, dict) and _is_event(event), "events")
    _need(all_distinct([e["name"] for e in events]), "events.name distinct")
    _need(any(e["kind"] != "quote" for e in events), "events: at least one that is not a quote")
    _need(is_time(plan["reveal_by"]), "reveal_by")
    _need(plan["reveal_by"] > max(e["at"] for e in events), "reveal_by later than every event")


def _is_event(event: dict[str, Any]) -> bool:
    if not (is_text(event.get("name")) and is_time(event.get("at"))):
        return False
    kind = event.get("kind")
    if kind == "ceremony":
        return has_members(event, "name", "kind", "at", "digits") and is_int(event["digits"], 20, 256)
    if kind == "drand":
        return has_members(event, "name", "kind", "at", "chain", "round") and _is_round(event)
    return kind == "quote" and has_members(event, "name", "kind", "at")


def _is_round(event: Mapping[str, Any]) -> bool:
    """The chain is known and the round not earlier than ``at`` (5.3)."""
    if not is_int(event["round"], 1, 2**53 - 1) or not isinstance(event["chain"], str):
        return False
    chain = DRAND_CHAINS.get(event["chain"])
    if chain is None:
        return False
    genesis, period = chain
    at = datetime.strptime(event["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    return bool(genesis + (event["round"] - 1) * period >= at)


def is_event_value(event: Mapping[str, Any], value: str) -> bool:
    """Whether ``value`` has the form that the kind of ``event`` asks for."""
    if event["kind"] == "ceremony":
        return re.fullmatch(r"[0-9]+", value, re.ASCII) is not None and len(value) == event["digits"]
    return is_hex64(value) if event["kind"] == "drand" else is_printable(value, 1, 256)


def _check_pools(plan: Mapping[str, Any]) -> None:
    for pool in POOLS:
        if plan[pool] is not None:
            _check_pool(plan[pool], pool, plan["quota"])
    if plan["teams"] and plan["experts"]:
        ids = [person["id"] for pool in POOLS for person in plan[pool]["people"]]
        _need(all_distinct(ids), "an id in both pools")


def _check_pool(pool: Any, where: str, strata: Mapping[str, int]) -> None:
    members = ("size", "cap", "day_cap", "per_day", "two_offices", "attempts", "need", "people", "recuse")
    _need(has_members(pool, *members), where)
    _need(is_int(pool["size"], 1, 16) and is_int(pool["attempts"], 1, 64), f"{where}.size, {where}.attempts")
    _need(all(is_int(pool[m], 1, LARGEST) for m in ("cap", "day_cap", "per_day")), f"{where}.cap, day_cap, per_day")
    _need(isinstance(pool["two_offices"], bool), f"{where}.two_offices")
    _need(not pool["two_offices"] or (where == "teams" and pool["size"] >= 2), f"{where}.two_offices")
    need = pool["need"]
    _need(isinstance(need, dict) and need.keys() <= strata.keys(), f"{where}.need")
    _need(all(map(is_text, need.values())), f"{where}.need")
    _check_people(pool["people"], where)
    _check_recuse(pool, where)


def _check_people(people: Any, where: str) -> None:
    _need(isinstance(people, list) and people, f"{where}.people")
    for person in people:
        _need(has_members(person, "id", "office", "quals", "lead"), f"{where}.people")
        _need(is_text(person["id"]) and is_text(person["office"]), f"{where}.people")
        quals = person["quals"]
        _need(isinstance(quals, list) and all(map(is_text, quals)) and all_distinct(quals), f"{where}.people.quals")
        _need(isinstance(person["lead"], bool), f"{where}.people.lead")
    _need(_ascending([p["id"].encode() for p in people]), f"{where}.people ascending")


def _check_recuse(pool: Mapping[str, Any], where: str) -> None:
    pairs, ids = pool["recuse"], {p["id"] for p in pool["people"]}
    _need(isinstance(pairs, list), f"{where}.recuse")
    for pair in pairs:
        _need(isinstance(pair, list) and len(pair) == 2 and is_text(pair[0]), f"{where}.recuse")
        _need(pair[0] in ids and is_hex64(pair[1]), f"{where}.recuse")
    _need(_ascending([(p[0].encode(), p[1]) for p in pairs]), f"{where}.recuse ascending")


def _ascending(keys: Sequence[Any]) -> bool:
    return all(a < b for a, b in pairwise(keys))
