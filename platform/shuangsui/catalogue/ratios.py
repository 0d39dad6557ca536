"""One clause of a ratio's wording: 市级不超过3% or 不少于20户."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from shuangsui.catalogue.amounts import share
from shuangsui.catalogue.phrases import (
    AFTER,
    BEFORE,
    HEDGE,
    LEVELS,
    NUMBER,
    WINDOW_AFTER,
    WINDOW_BEFORE,
    Level,
    Window,
    bounds,
    levels_of,
    window_of,
)

Unit = Literal["percent", "permille", "count"]

_UNITS: dict[str, Unit] = {"%": "percent", "‰": "permille"}
_CLAUSE = re.compile(
    rf"(?P<level>{LEVELS})?(?P<window>{WINDOW_BEFORE})?(?:的?抽查比例|比例)?[为:]?(?P<hedge>{HEDGE})?(?P<before>{BEFORE})?"
    rf"(?:总数的|总量的|总户数的)?(?P<low>{NUMBER})(?P<low_unit>[%‰])?(?:-(?P<high>{NUMBER}))?(?P<unit>[%‰家户台])"
    rf"(?P<after>{AFTER})?(?P<window2>{WINDOW_AFTER})?"
)


@dataclass(frozen=True, slots=True)
class RatioClause:
    """``min`` and ``max``: exact fractions of the pool as text (``3/100``), whole numbers where ``unit`` is count.

    A bare figure is both. ``level`` None means every level; ``approximate`` keeps 一般, which binds like the figure.
    """

    min: str | None
    max: str | None
    unit: Unit
    level: Level | None = None
    window: Window | None = None
    approximate: bool = False


def read_ratio(part: str) -> tuple[RatioClause, ...]:
    """The clause, once for every level it names; nothing if it is not wholly understood."""
    match = _CLAUSE.fullmatch(part)
    if match is None or _is_contradictory(match):
        return ()
    low, high = _figure(match["low"], match["unit"]), _figure(match["high"], match["unit"])
    found = bounds(match["before"], low, high, match["after"]) if low and (high or not match["high"]) else None
    if found is None:
        return ()
    least, most = (None if end is None else str(end) for end in found)
    clause = RatioClause(
        least,
        most,
        _UNITS.get(match["unit"], "count"),
        window=window_of(match["window"] or match["window2"]),
        approximate=bool(match["hedge"]),
    )
    return tuple(replace(clause, level=level) for level in levels_of(match["level"]) or (None,))


def _is_contradictory(match: re.Match[str]) -> bool:
    """Two windows, or a range whose ends have different units."""
    mixed = match["low_unit"] and (match["low_unit"] != match["unit"] or not match["high"])
    return bool(mixed or (match["window"] and match["window2"]))


def joined(clauses: list[RatioClause]) -> tuple[RatioClause, ...] | None:
    """不低于3%，不超过10% as one clause; nothing if figures contradict or only some name a level."""
    if len({clause.level is None for clause in clauses}) > 1:
        return None
    by_level: dict[Level | None, RatioClause] = {}
    for clause in clauses:
        earlier = by_level.get(clause.level)
        both = clause if earlier is None else _both(earlier, clause)
        if both is None:
            return None
        by_level[clause.level] = both
    return tuple(by_level.values())


def _both(first: RatioClause, second: RatioClause) -> RatioClause | None:
    """A floor and a ceiling of one level and unit as one clause."""
    if (first.unit, first.window) != (second.unit, second.window) or (first.max or second.min):
        return None
    if first.min is None or second.max is None or Fraction(first.min) > Fraction(second.max):
        return None
    return replace(first, max=second.max, approximate=first.approximate or second.approximate)


def _figure(figure: str | None, unit: str) -> Fraction | None:
    """A share of the pool above none and at most the whole, or a whole number of objects."""
    if figure is None:
        return None
    value = share(figure, unit) if unit in _UNITS else Fraction(figure)
    whole = value <= 1 if unit in _UNITS else value.denominator == 1
    return value if value > 0 and whole else None
