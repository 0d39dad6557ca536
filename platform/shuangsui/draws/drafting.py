"""The draft of a plan (srd-1 section 5): every member but the commitments, as secret holders get to see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from fairdraw import plan as plans
from fairdraw.canonical import canon
from fairdraw.plan import Plan
from fairdraw.quota import quotas
from fairdraw.snapshot import Frozen, blind_with
from fairdraw.suites import hasher
from shuangsui.draws.panels import Panel
from shuangsui.draws.people import Crew, pool
from shuangsui.draws.quota import NONE, batch_size, sampling_rules
from shuangsui.planning.policy import Terms

SUITE = "sha256"


@dataclass(frozen=True, slots=True)
class Heading:
    """Members of a plan that name things."""

    origin: str
    seq: int
    tenant: str
    item: str
    basis: str
    policy: str


@dataclass(frozen=True, slots=True)
class Timing:
    """The public events as the plan has them, in its order, and the last moment to reveal, UTC."""

    events: Sequence[Mapping[str, Any]]
    reveal_by: datetime


@dataclass(frozen=True, slots=True)
class Staff:
    """Crews and recusals for both pools; None: none of them are drawn."""

    teams: Crew | None
    experts: Crew | None
    recused: Mapping[str, Mapping[str, set[str]]]
    """Pool name → object code → ids."""
    two_offices: bool
    rule: Mapping[str, Any] | None = None
    """The eligibility rule that chose the crew (R6.3)."""
    panels: Sequence[Panel] = ()
    """What each expert pool answered."""


@dataclass(frozen=True, slots=True)
class Reserve:
    """How many object and person replacements are prepared."""

    alternates: int
    replacements: int


def protocol_time(moment: datetime) -> str:
    """A moment as srd-1 section 3 writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def draft(
    heading: Heading,
    frozen: Frozen,
    key: bytes | None,
    terms: Terms,
    timing: Timing,
    staff: Staff,
    reserve: Reserve,
    holders: Sequence[str],
    *,
    left: int | None,
    ext: Mapping[str, Any],
    least: Mapping[str, Fraction] = NONE,
) -> dict[str, Any]:
    """``plan.json`` as a value; each contributor's ``commit`` and ``sig`` are null."""
    eligible = frozen.summary["eligible"]
    rules = sampling_rules(terms.ratios, eligible, left=left, item=heading.item, least=least)
    quota = quotas(rules, eligible)
    return {
        "v": "srd-1", "suite": SUITE, "origin": heading.origin, "seq": heading.seq, "tenant": heading.tenant,
        "item": heading.item, "basis": heading.basis, "policy": heading.policy,
        "mode": "public" if key is None else "salted",
        "snapshot": frozen.summary, "rules": rules, "quota": quota,
        "batch": batch_size(sum(quota.values()), terms.batches),
        "alternates": 0 if terms.batches else reserve.alternates, "replacements": reserve.replacements,
        "contributors": [{"who": who, "commit": None, "escrow": None, "sig": None} for who in holders],
        "events": [dict(event) for event in timing.events], "reveal_by": protocol_time(timing.reveal_by),
        **_pools(terms, staff, sum(quota.values()), frozen, key),
        "ext": dict(ext),
    }  # fmt: skip


def _pools(terms: Terms, staff: Staff, tasks: int, frozen: Frozen, key: bytes | None) -> dict[str, Any]:
    options: dict[str, Any] = {"per_day": terms.per_day, "strata": list(terms.ratios)}
    teams = experts = None
    if staff.teams:
        teams = pool(staff.teams, terms.team, tasks, two_offices=staff.two_offices, **options)
        teams["recuse"] = _pairs(staff.recused["teams"], frozen, key)
    if terms.experts and staff.experts:
        experts = pool(staff.experts, terms.experts, tasks, two_offices=False, **options)
        experts["recuse"] = _pairs(staff.recused["experts"], frozen, key)
    return {"teams": teams, "experts": experts}


def _pairs(recused: Mapping[str, set[str]], frozen: Frozen, key: bytes | None) -> list[list[str]]:
    """``[person, hex b]`` for objects of the snapshot, in the plan's order."""
    h, frame = hasher(SUITE), set(frozen.ids)
    blinded = {code: blind_with(key, code, h).hex() for code in recused if code in frame}
    pairs = [[person, b] for code, b in blinded.items() for person in recused[code]]
    return sorted(pairs, key=lambda pair: (pair[0].encode(), pair[1]))


def seal(draft: Mapping[str, Any], commitments: Mapping[str, tuple[str, str | None]]) -> Plan:
    """The finished plan; ``commitments`` maps who to (commit, sig)."""
    contributors = [
        {**c, "commit": commitments[c["who"]][0], "sig": commitments[c["who"]][1]} for c in draft["contributors"]
    ]
    return plans.read(canon({**draft, "contributors": contributors}))
