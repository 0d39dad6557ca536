"""Exact quotas of srd-1 section 6; no floating point anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any


@dataclass(frozen=True, slots=True)
class Bounds:
    """``lo`` and ``hi`` of one stratum with ``n`` eligible rows."""

    n: int
    lo: int
    hi: int


def _bounds(rule: Mapping[str, Any], n: int) -> Bounds:
    cap = rule["cap"]
    return Bounds(n, min(n, rule["floor"]), n if cap is None else min(n, cap))


def quotas(rules: Mapping[str, Any], eligible: Mapping[str, int]) -> dict[str, int]:
    """Rows to draw per stratum from ``rules`` (5.1) and eligible counts."""
    bounds = {s: _bounds(rule, eligible[s]) for s, rule in rules["strata"].items()}
    if rules["mode"] == "ratio":
        return {s: _ratio(rules["strata"][s]["ratio"], b) for s, b in bounds.items()}
    shares = {s: b.n * rules["strata"][s]["share"] for s, b in bounds.items()}
    return _largest_remainder(rules["total"], shares, bounds)


def _ratio(ratio: str, b: Bounds) -> int:
    """6.1: round up, within the bounds."""
    p, q = map(int, ratio.split("/"))
    return max(b.lo, min(b.hi, -(-b.n * p // q)))


def _largest_remainder(total: int, shares: Mapping[str, int], bounds: Mapping[str, Bounds]) -> dict[str, int]:
    """6.2: fix strata at a bound until the exact shares of the rest fit, then hand out the remainders."""
    target = min(max(total, sum(b.lo for b in bounds.values())), sum(b.hi for b in bounds.values()))
    fixed: dict[str, int] = {}
    free = set(shares)
    while free:
        exact = _exact_shares(target - sum(fixed.values()), {s: shares[s] for s in free})
        above = {s for s in free if exact[s] > bounds[s].hi}
        below = {s for s in free if exact[s] < bounds[s].lo}
        if not above and not below:
            return fixed | _hand_out(target - sum(fixed.values()), exact)
        excess = sum((exact[s] - bounds[s].hi for s in above), Fraction(0))
        shortage = sum((bounds[s].lo - exact[s] for s in below), Fraction(0))
        if excess >= shortage:
            fixed |= {s: bounds[s].hi for s in above}
        else:
            fixed |= {s: bounds[s].lo for s in below}
        free -= fixed.keys()
    return fixed


def _exact_shares(rest: int, shares: Mapping[str, int]) -> dict[str, Fraction]:
    weight = sum(shares.values())
    return {s: Fraction(rest * share, weight) if weight else Fraction(0) for s, share in shares.items()}


def _hand_out(rest: int, exact: Mapping[str, Fraction]) -> dict[str, int]:
    """6.2 step 6: one more to the largest remainders, ties by name ascending by bytes."""
    quota = {s: floor(x) for s, x in exact.items()}
    ranked = sorted(exact, key=lambda s: (quota[s] - exact[s], s))
    for s in ranked[: rest - sum(quota.values())]:
        quota[s] += 1
    return quota
