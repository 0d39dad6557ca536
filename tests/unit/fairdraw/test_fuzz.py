"""Whatever a transcript holds, a verification ends with a verdict: never with any exception but a Failure."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import transcripts
from fairdraw import plan as plans
from fairdraw.canonical import canon, parse
from fairdraw.draw import result_hash
from fairdraw.failures import Failure
from fairdraw.report import counts, warnings
from transcripts import TRUST, Files, object_request, person_request

Json = dict[str, Any]
FULL = transcripts.full().files
FUZZ = settings(derandomize=True, max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))

ODD = ["", "\x00", "\ud800", "A" * 64, "0" * 64, "1/1", "9999-12-31T23:59:59Z", "渝", "\u2028", "sm3", "person", "P00"]
NUMBERS = [0, 1, -1, True, False, 2**32 - 1, 2**32, 2**53 - 1, 2**53, 2**64, 10**400, 0.5, 1e300, float("inf")]
LEAVES = st.sampled_from([None, *ODD, *NUMBERS]) | st.text(max_size=8) | st.integers(-3, 70)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "n", "r", "A", ""]), inner, max_size=3)
    ),
    max_leaves=5,
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, child in children for path in paths(child, (*at, key)))]


def mutated(value: Any, data: st.DataObject) -> Any:
    """The value with something else, nothing, or one thing twice at one place."""
    value, path = transcripts.copy(value), data.draw(st.sampled_from(paths(value)))
    if not path:
        return data.draw(JSON)
    target = value
    for step in path[:-1]:
        target = target[step]
    how = data.draw(st.sampled_from(["put", "put", "put", "drop", "more"]))
    if how == "put":
        target[path[-1]] = data.draw(JSON)
    elif how == "drop":
        del target[path[-1]]
    elif isinstance(target, list):
        target.insert(path[-1], transcripts.copy(target[path[-1]]))
    else:
        target[data.draw(st.text(max_size=3))] = target[path[-1]]
    return value


def dump(value: Any) -> bytes:
    """Canonical bytes where there are any, else the nearest JSON."""
    try:
        return canon(value)
    except Failure:
        return json.dumps(value).encode("utf-8", "surrogatepass")


def ends(files: Files) -> str:
    """The verdict; counts and warnings are made for what passes."""
    verdict = transcripts.verdict(files, TRUST)
    if not verdict.startswith("FAIL"):
        v = transcripts.checked(files, TRUST)
        assert counts(v)
        assert isinstance(warnings(v), list)
    return verdict


@FUZZ
@given(st.data())
def test_mutated_plan_ends_with_a_verdict(data: st.DataObject) -> None:
    """Its hash logged anew, so that everything behind the plan is reached."""
    changed = dump(mutated(parse(FULL["plan.json"]), data))
    digest = plans.plan_hash(changed, "sha256").hex()
    files = transcripts.relog(FULL, lambda m: m[0]["body"].update(plan_hash=digest))
    ends(files | {"plan.json": changed})


@FUZZ
@given(st.data())
def test_mutated_log_ends_with_a_verdict(data: st.DataObject) -> None:
    """Any entry, the chain repaired behind it."""
    members = transcripts.entries(FULL)
    at = data.draw(st.integers(0, len(members) - 1))
    members[at] = mutated(members[at], data)
    try:
        log = transcripts.log_bytes(members)
    except (Failure, KeyError, TypeError):  # no entry any more, or no canonical one
        log = b"".join(dump(member) + b"\n" for member in members)
    ends({name: x for name, x in FULL.items() if not name.startswith("checkpoint-")} | {"log.jsonl": log})


@FUZZ
@given(st.data())
def test_mutated_result_ends_with_a_verdict(data: st.DataObject) -> None:
    """Its hash logged anew."""
    changed = dump(mutated(parse(FULL["result.json"]), data))
    digest = result_hash(changed, "sha256").hex()
    files = transcripts.relog(FULL, lambda m: m[5]["body"].update(hash=digest))
    ends(files | {"result.json": changed})


@FUZZ
@given(st.data(), st.sampled_from(["openings.json", "receipt-1.json"]))
def test_mutated_openings_and_receipts_end_with_a_verdict(data: st.DataObject, name: str) -> None:
    """Nothing hashes them."""
    ends(FULL | {name: dump(mutated(parse(FULL[name]), data))})


@FUZZ
@given(st.binary(max_size=200), st.sampled_from(sorted(FULL)), st.integers(0, 3000))
def test_any_bytes_end_with_a_verdict(rubbish: bytes, name: str, at: int) -> None:
    """Put into any file anywhere, or in its place."""
    data = FULL[name]
    ends(FULL | {name: data[:at] + rubbish + data[at:]})
    ends(FULL | {name: rubbish})


def random_inputs(rng: random.Random) -> Json:
    """A draw of random shape: rules, weights, people, replacements, suites, mode."""
    salted, total = rng.random() < 0.5, rng.random() < 0.5
    strata = {
        s: {"floor": rng.randint(1, 3), "cap": rng.choice([None, 9])}
        | ({"share": rng.randint(1, 9)} if total else {"ratio": f"{rng.randint(0, 5)}/5"})
        for s in "ABC"
    }
    rules = {"mode": "total" if total else "ratio", "total": rng.randint(3, 12) if total else None, "strata": strata}
    pools = {"teams": _pool(rng, "P", 3), "experts": _pool(rng, "X", 1)}
    shape = {"rules": rules, "batch": rng.randint(0, 3), "alternates": rng.randint(0, 2), **pools}
    plan = transcripts.plan_given(mode="salted" if salted else "public", suite=rng.choice(["sha256", "sm3"]), **shape)
    requests = _requests(rng, [name for name, pool in pools.items() if pool])
    return transcripts.inputs(
        records=transcripts.records(rng.randint(24, 60)), plan_given=plan, K=transcripts.SALT_KEY if salted else None,
        log_suite=rng.choice(["sha256", "sm3"]), log_given=[*transcripts.drawn_log(), *requests],
    )  # fmt: skip


def _pool(rng: random.Random, prefix: str, most: int) -> Json | None:
    size = rng.randint(1, most)
    rules = transcripts.pool(size, transcripts.people(rng.randint(3, 9), prefix), cap=rng.randint(1, 9))
    return rng.choice([None, rules | {"two_offices": size > 1 and rng.random() < 0.5}])


def _requests(rng: random.Random, pools: list[str]) -> list[Json]:
    out: list[Json] = []
    for r in range(1, rng.randint(1, 4)):
        task = rng.randint(0, 2)
        if pools and rng.random() < 0.6:
            scope = rng.choice(["task", "draw"])
            out += person_request(r, 60 + 10 * r, pool=rng.choice(pools), task=task, scope=scope)
        else:
            out += object_request(r, 60 + 10 * r, task)
    return out


def test_random_draws_verify() -> None:
    """What is built from any inputs that can be logged passes every check."""
    rng, verified, refused = random.Random(12), 0, set[str]()
    for _ in range(60):
        given = random_inputs(rng)
        try:
            files = transcripts.build(given).files
        except Failure as failure:  # a request for an empty seat, or the third for a task
            refused.add(failure.code)
            continue
        verified += ends(files) == "VERIFIED unwitnessed"
    assert verified > 25
    assert refused <= {"REPLACE_OBJECT", "LOG_FORMAT"}
