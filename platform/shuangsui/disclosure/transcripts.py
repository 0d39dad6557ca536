"""A draw's public page, read out of its transcript: what the page says is what a verifier finds (R8.6).

A transcript that our own verifier refuses is never published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import Any

from fairdraw.failures import Failure
from fairdraw.log import Entry
from fairdraw.transcript import Files
from fairdraw.verification import ABANDONED, AFTER, BEFORE, DRAWN, Verification
from shuangsui.draws.kernels import kernel
from shuangsui.draws.standing import proof_name
from shuangsui.errors import RuleRefused
from shuangsui.rules.keys import KEYS
from shuangsui.rules.policy import amount

BLINDED = 16
"""So many digits of a blinded id stand for an object that was not opened."""

Step = Callable[[Verification], str]

FROZEN: tuple[Step, ...] = (
    Verification.check_files, Verification.check_plan, Verification.check_snapshot,
    Verification.check_quotas, Verification.check_log, Verification.check_plan_entry,
)  # fmt: skip
"""What can be checked before the event; the other steps need the draw to have ended."""


@dataclass(frozen=True, slots=True)
class About:
    """What people call things that the transcript knows by code: the draw, its item, opened objects."""

    no: str
    title: str
    item_name: str
    objects: Mapping[str, str]
    objections: Sequence[Mapping[str, Any]] = ()
    """What those who watched objected, with its time; it is in the ledger and in no transcript."""


def draw_page(files: Files, about: About) -> dict[str, Any]:
    """The values of ``public/draw.html``, but for ``files``; :class:`RuleRefused` ``transcript_invalid``."""
    v = verified(files, about.no)
    plan, logged = v.plan, v.of_kind("PLAN")[0]
    return {
        "no": about.no,
        "title": about.title,
        "item": {"code": plan["item"], "name": about.item_name},
        **{name: plan[name] for name in ("basis", "mode", "suite", "seq", "origin", "reveal_by")},
        "state": "abandoned" if v.abandon() else "drawn" if v.state else "committed",
        "plan_hash": plan.hash.hex(),
        "planned_at": logged.time,
        "contributors": list(_contributors(v)),
        "events": list(_events(v)),
        "pools": {pool: len(plan[pool]["people"]) for pool in ("teams", "experts") if plan[pool]},
        "cause": plan["ext"].get("cause", "line"),
        "parent": plan["ext"].get("parent"),
        "eligibility": plan["ext"].get("eligibility"),
        "unplanned": plan["ext"].get("unplanned"),
        "amendments": [_amendment(one) for one in plan["ext"].get("amendments", [])],
        "registry_changes": plan["ext"].get("registry_changes"),
        "expert_pools": plan["ext"].get("expert_pools"),
        "snapshot": _snapshot(v),
        "result": _result(v, about),
        "abandon": _abandon(v),
        "objections": list(about.objections),
        "replacements": [_replacement(v, entry) for entry in v.of_kind("REPLACE")],
        "checkpoints": len(v.checkpoints),
    }


def _amendment(said: Mapping[str, Any]) -> dict[str, Any]:
    """A rule that a plugin of the authority set, in words; a key that this version no longer has stays as it is."""
    spec, value = KEYS.get(said["key"]), said["value"]
    meaning, unit = (spec.description, spec.unit) if spec else ("", "")
    return {**said, "value": amount(tuple(value) if isinstance(value, list) else value, unit), "meaning": meaning}


def listed(files: Files) -> list[dict[str, Any]]:
    """Name, size and digest of every file, by name."""
    return [
        {"name": name, "size": len(data), "sha256": sha256(data).hexdigest()} for name, data in sorted(files.items())
    ]


def verified(files: Files, no: str) -> Verification:
    """Every check of srd-1 12.1 that the draw's progress allows."""
    v = Verification(files, kernel=kernel)
    try:
        for step in chain(FROZEN, _rest(v)):
            step(v)
    except Failure as failure:
        raise RuleRefused("transcript_invalid", draw=no, failure=failure.code, detail=failure.detail) from failure
    return v


def _rest(v: Verification) -> Iterator[Step]:
    """Asked for once the steps of :data:`FROZEN` have run."""
    if v.abandon() or v.of_kind("RESULT", 0):
        yield from (step for _, step in BEFORE if step not in FROZEN)
        yield from (step for _, step in (ABANDONED if v.abandon() else DRAWN))
    yield from (step for _, step in AFTER)


def _contributors(v: Verification) -> Iterator[dict[str, Any]]:
    revealed = {entry.body["who"]: entry.time for entry in v.of_kind("REVEAL", 0)}
    for party in v.plan["contributors"]:
        yield {
            "who": party["who"],
            "commit": party["commit"],
            "escrow": party["escrow"]["to"] if party["escrow"] else None,
            "signed": party["sig"] is not None,
            "revealed_at": revealed.get(party["who"]),
        }


def _events(v: Verification) -> Iterator[dict[str, Any]]:
    values = {entry.body["name"]: entry.body["value"] for entry in v.of_kind("EVENT")}
    for position, event in enumerate(v.plan["events"]):
        told = {name: event.get(name) for name in ("name", "kind", "at", "chain", "round")}
        proof = proof_name(position)
        yield {**told, "value": values.get(event["name"]), "proof": proof if proof in v.files else None}


def _snapshot(v: Verification) -> dict[str, Any]:
    """Codes of exclusion keep the meaning that the protocol gives them; the page knows the words."""
    facts, rules = v.plan["snapshot"], v.plan["rules"]
    strata = [
        {
            "name": name,
            "eligible": n,
            "quota": v.plan["quota"][name],
            "rule": rule_text(rules, name),
            "terms": rule_terms(rules, name),
        }
        for name, n in sorted(facts["eligible"].items())
    ]
    excluded = [{"code": code, "count": count, "meaning": None} for code, count in sorted(facts["excluded"].items())]
    return {"n": facts["n"], "root": facts["root"], "strata": strata, "excluded": excluded}


TERMS = {
    "total": "合计 {} 家", "share": "按家数乘权重 {} 分配", "all": "全部抽取", "ratio": "按 {} 抽取",
    "floor": "不少于 {} 家", "cap": "不超过 {} 家",
}  # fmt: skip


def rule_text(rules: Mapping[str, Any], name: str) -> str:
    """The rule of one stratum (srd-1 5.1) in words."""
    return "，".join(TERMS[term["kind"]].format(term["value"]) for term in rule_terms(rules, name))


def rule_terms(rules: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The same for a page in another language: kinds of :data:`TERMS`, each with its value."""
    rule = rules["strata"][name]
    if rules["mode"] == "total":
        terms = [("total", rules["total"]), ("share", rule["share"])]
    elif rule["ratio"] == "1/1":
        terms = [("all", None)]
    else:
        terms = [("ratio", _percent(rule["ratio"]))]
    terms += [("floor", rule["floor"])] if rule["floor"] else []
    terms += [("cap", rule["cap"])] if rule["cap"] is not None else []
    return [{"kind": kind, "value": value} for kind, value in terms]


def _percent(ratio: str) -> str:
    """``1/20`` as ``5%``; what has no short percentage stays a fraction."""
    p, q = map(int, ratio.split("/"))
    return f"{p * 10000 // q / 100:g}%" if p * 10000 % q == 0 else ratio


def _result(v: Verification, about: About) -> dict[str, Any] | None:
    if v.state is None:
        return None
    entry = v.of_kind("RESULT", 0)[0]
    return {
        "at": entry.time,
        "seed": entry.body["seed"],
        "batches": bool(v.plan["batch"]),
        "empty_seats": sum(map(len, v.state.empty_seats().values())),
        "tasks": list(_tasks(v, about)),
    }


def _tasks(v: Verification, about: About) -> Iterator[dict[str, Any]]:
    """As replacements left them."""
    assert v.state is not None
    ids, batch = _public_ids(v), v.plan["batch"]
    seats = {pool: board.slots_json() for pool, board in v.state.boards.items()}
    for t, task in enumerate(v.state.tasks):
        id_ = ids.get(task.b.hex())
        yield {
            "number": t + 1,
            "batch": t // batch + 1 if batch else None,
            "b": task.b.hex(),
            "stratum": None if id_ else task.stratum,
            "cancelled": t in v.state.cancelled,
            "company": {"id": id_, "name": about.objects.get(id_)} if id_ else None,
            "officers": seats["teams"][t] if "teams" in seats else [],
            "experts": seats["experts"][t] if "experts" in seats else [],
        }


def _public_ids(v: Verification) -> dict[str, str]:
    """Hex blinded id → id of drawn objects: the opened ones, and in public mode all of them."""
    assert v.state is not None
    drawn = {b.hex() for b in v.state.drawn}
    rows = (row[:64].decode() for row in v.snapshot.rows.splitlines()) if v.ids else ()
    return {b: id_ for b, id_ in zip(rows, v.ids, strict=False) if b in drawn} | v.openings


def _abandon(v: Verification) -> dict[str, Any] | None:
    entry = v.abandon()
    return {"at": entry.time, "reason": entry.body["reason"], "by": entry.body["by"]} if entry else None


def _replacement(v: Verification, request: Entry) -> dict[str, Any]:
    body = request.body
    ends = v.of_kind("RESULT", request.r) or v.of_kind("ABANDON", request.r)
    digits = BLINDED if body["what"] == "object" else None
    return {
        "r": request.r,
        "at": request.time,
        "what": body["what"],
        "pool": body.get("pool"),
        "task": body["task"] + 1,
        "out": body["out"] and body["out"][:digits],
        "came": [id_[:digits] for id_ in _came(ends[0].body.get("in") if ends else None)],
        "done": bool(ends),
        "reason": body["reason"],
    }


def _came(placed: str | list[list[Any]] | None) -> list[str]:
    """``in`` of a replacement's RESULT: one object, or ``[task, slot, id]`` of people; empty seats are left out."""
    if isinstance(placed, str):
        return [placed]
    return [id_ for _, _, id_ in placed or () if id_]
