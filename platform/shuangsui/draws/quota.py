"""The plan's ``rules`` (srd-1 5.1) from a line's ratios and the item's cap (R5.5), in exact arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any

from shuangsui.errors import RuleRefused
from shuangsui.planning.policy import ratio_text

NONE: Mapping[str, Fraction] = {}


def sampling_rules(
    ratios: Mapping[str, Fraction],
    eligible: Mapping[str, int],
    *,
    left: int | None,
    item: str,
    least: Mapping[str, Fraction] = NONE,
) -> dict[str, Any]:
    """``ratio`` mode while the rounded-up quotas fit into ``left``, else ``total`` mode with exactly ``left``.

    ``left`` is None for a key item; ``least`` are ratios that a stratum keeps whatever is left.
    :class:`RuleRefused` ``over_cap_this_year`` when nothing is left, ``least_over_cap`` when too little is.
    """
    wanted = sum(ceil(eligible[name] * ratio) for name, ratio in ratios.items())
    if left is None or wanted <= left:
        strata = {name: {"ratio": ratio_text(ratio), "floor": 0, "cap": None} for name, ratio in ratios.items()}
        return {"mode": "ratio", "total": None, "strata": strata}
    if left <= 0:
        raise RuleRefused("over_cap_this_year", article="第五条", item=item, wanted=wanted)
    common = lcm(*(ratio.denominator for ratio in ratios.values()))
    floors = {name: ceil(eligible[name] * least.get(name, 0)) for name in ratios}
    if sum(floors.values()) > left:
        raise RuleRefused("least_over_cap", article="第五条", item=item, wanted=sum(floors.values()), left=left)
    shares = {name: _share(int(ratio * common), floors[name]) for name, ratio in ratios.items()}
    return {"mode": "total", "total": left, "strata": shares}


def _share(share: int, least: int) -> dict[str, Any]:
    """A stratum with ratio 0 takes part with a cap of 0: a share is at least 1."""
    return {"share": share or 1, "floor": least, "cap": None if share else 0}


def left_of_cap(cap: Fraction | None, base: int, drawn: int, *, min_one: bool) -> int | None:
    """``floor(cap × N) − drawn this year`` (R5.5), at least one where the tenant's rule says so; None: no cap."""
    if cap is None:
        return None
    most = floor(cap * base)
    return max(most, 1 if min_one else 0) - drawn


def batch_size(n: int, batches: int) -> int:
    """Objects per batch so that ``batches`` hold ``n`` (R5.6); 0 without batches."""
    return ceil(n / batches) if batches else 0
