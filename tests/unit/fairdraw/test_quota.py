"""srd-1 section 6: exact quotas."""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from fairdraw.quota import quotas

Rules = dict[str, Any]


def ratio(**strata: tuple[str, int, int | None]) -> Rules:
    rules = {name: {"ratio": r, "floor": floor, "cap": cap} for name, (r, floor, cap) in strata.items()}
    return {"mode": "ratio", "total": None, "strata": rules}


def total(amount: int, **strata: tuple[int, int, int | None]) -> Rules:
    rules = {name: {"share": share, "floor": floor, "cap": cap} for name, (share, floor, cap) in strata.items()}
    return {"mode": "total", "total": amount, "strata": rules}


def oracle(rules: Rules, eligible: Mapping[str, int]) -> dict[str, int]:
    """Section 6.2 once more, step by step as written."""
    n, strata = eligible, rules["strata"]
    lo = {s: min(n[s], strata[s]["floor"]) for s in strata}
    hi = {s: n[s] if strata[s]["cap"] is None else min(n[s], strata[s]["cap"]) for s in strata}
    target = min(max(rules["total"], sum(lo.values())), sum(hi.values()))
    free, fixed, x = sorted(strata), dict[str, int](), dict[str, Fraction]()
    while free:
        rest = target - sum(fixed.values())
        weight = sum(n[s] * strata[s]["share"] for s in free)
        x = {s: Fraction(rest * n[s] * strata[s]["share"], weight) if weight else Fraction(0) for s in free}
        above, below = [s for s in free if x[s] > hi[s]], [s for s in free if x[s] < lo[s]]
        if not above and not below:
            break
        if sum(x[s] - hi[s] for s in above) >= sum(lo[s] - x[s] for s in below):
            fixed |= {s: hi[s] for s in above}
        else:
            fixed |= {s: lo[s] for s in below}
        free = [s for s in free if s not in fixed]
    quota = {s: x[s].numerator // x[s].denominator for s in free}
    rest = target - sum(fixed.values()) - sum(quota.values()) if free else 0
    for s in sorted(free, key=lambda s: (-(x[s] - quota[s]), s.encode()))[:rest]:
        quota[s] += 1
    return fixed | quota


def test_6_1_ratio_rounds_up() -> None:
    """One eligible row of a drawn stratum is drawn."""
    rules = ratio(A=("1/20", 0, None), B=("1/20", 0, None), C=("3/100", 0, None), D=("0/1", 0, None))
    assert quotas(rules, {"A": 1, "B": 20, "C": 101, "D": 50}) == {"A": 1, "B": 1, "C": 4, "D": 0}


def test_6_1_ratio_keeps_floor_and_cap() -> None:
    """The floor never exceeds the rows there are."""
    rules = ratio(A=("1/20", 3, None), B=("1/2", 0, 4), C=("1/20", 9, None), D=("1/1", 0, None))
    assert quotas(rules, {"A": 20, "B": 100, "C": 5, "D": 7}) == {"A": 3, "B": 4, "C": 5, "D": 7}


def test_6_1_ratio_is_exact_beyond_floating_point() -> None:
    """2^32-1 rows and a million parts."""
    assert quotas(ratio(A=("999999/1000000", 0, None)), {"A": 2**32 - 1}) == {"A": 4294963001}


def test_6_2_largest_remainder_ties_go_to_the_first_name() -> None:
    """Upper case before lower case: by bytes."""
    eligible = {"a": 10, "B": 10, "A": 10}
    assert quotas(total(4, a=(1, 0, None), B=(1, 0, None), A=(1, 0, None)), eligible) == {"A": 2, "B": 1, "a": 1}


def test_6_2_largest_remainder_takes_the_largest() -> None:
    """Shares multiply eligible counts."""
    eligible = {"A": 10, "B": 20, "C": 30}
    assert quotas(total(7, A=(3, 0, None), B=(1, 0, None), C=(1, 0, None)), eligible) == {"A": 3, "B": 2, "C": 2}


def test_6_2_total_below_the_floors_is_raised() -> None:
    """T is at least the floors' sum."""
    assert quotas(total(1, A=(1, 2, None), B=(1, 3, None)), {"A": 9, "B": 9}) == {"A": 2, "B": 3}


def test_6_2_total_above_the_pool_selects_everything_allowed() -> None:
    """T is at most the caps' sum."""
    assert quotas(total(99, A=(1, 0, 4), B=(1, 0, None)), {"A": 9, "B": 9}) == {"A": 4, "B": 9}


def test_6_2_empty_strata_get_nothing() -> None:
    """W = 0 too."""
    assert quotas(total(5, A=(1, 2, None), B=(1, 0, None)), {"A": 0, "B": 9}) == {"A": 0, "B": 5}
    assert quotas(total(5, A=(1, 2, None)), {"A": 0}) == {"A": 0}


def test_6_2_excess_equal_to_shortage_fixes_the_caps_first() -> None:
    """Step 5 with equality."""
    eligible, rules = {"A": 10, "B": 10, "C": 10}, total(12, A=(2, 0, 5), B=(1, 4, None), C=(1, 3, None))
    assert quotas(rules, eligible) == oracle(rules, eligible) == {"A": 5, "B": 4, "C": 3}


def _random_case(rng: random.Random) -> tuple[Rules, dict[str, int]]:
    names = rng.sample(["A", "B", "C", "D", "a", "10", "9", "x-y", "x.y", "Z_"], rng.randint(1, 7))
    strata = {}
    for name in names:
        floor = rng.choice([0, 0, 1, rng.randint(0, 40)])
        cap = rng.choice([None, None, floor + rng.randint(0, 30)])
        strata[name] = (rng.choice([1, 1, 2, rng.randint(1, 1_000_000)]), floor, cap)
    eligible = {name: rng.choice([0, 1, rng.randint(0, 60), rng.randint(0, 5000)]) for name in names}
    return total(rng.randint(0, rng.choice([5, 60, 3000])), **strata), eligible


def test_p4_twenty_thousand_random_quotas() -> None:
    """Sum, floor and cap hold, raising the total by one breaks no bound, and a second reading of the text agrees."""
    rng = random.Random(4)
    for _ in range(20_000):
        rules, eligible = _random_case(rng)
        found = quotas(rules, eligible)
        assert found == oracle(rules, eligible)
        assert _within(found, rules, eligible)
        assert _within(quotas(rules | {"total": rules["total"] + 1}, eligible), rules, eligible, more=1)


def _within(found: Mapping[str, int], rules: Rules, eligible: Mapping[str, int], more: int = 0) -> bool:
    lo = {s: min(eligible[s], rule["floor"]) for s, rule in rules["strata"].items()}
    caps = {s: rule["cap"] for s, rule in rules["strata"].items()}
    hi = {s: eligible[s] if cap is None else min(eligible[s], cap) for s, cap in caps.items()}
    target = min(max(rules["total"] + more, sum(lo.values())), sum(hi.values()))
    return sum(found.values()) == target and all(lo[s] <= found[s] <= hi[s] for s in found)


@pytest.mark.parametrize("strata", [1, 200])
def test_6_2_many_strata_fixed_one_by_one_end(strata: int) -> None:
    """Every round fixes at least one stratum."""
    names = [f"S{i:03}" for i in range(strata)]
    rules = total(10**6, **{name: (1 + i, 0, 1 + i % 7) for i, name in enumerate(names)})
    found = quotas(rules, dict.fromkeys(names, 1000))
    assert found == {name: 1 + i % 7 for i, name in enumerate(names)}
