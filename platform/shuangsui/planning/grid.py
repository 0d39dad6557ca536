"""The year of a plan by months: how many visits each item is to bring, how many were drawn and made; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from shuangsui.planning.policy import Terms, counting, in_scope, stratum_of
from shuangsui.registry.read import Placing
from shuangsui.registry.tables import ObjectStatus

COUNTS = ("planned", "drawn", "done")


@dataclass(frozen=True, slots=True)
class Made:
    """One drawn object: the day of its draw, and of its inspection once that has ended."""

    drawn: date
    done: date | None


@dataclass(frozen=True, slots=True)
class Share:
    """One line of the plan: its item, its time, the visits that all its rounds are to bring, and what came of it."""

    item: str
    title: str
    starts: date
    ends: date
    visits: int
    made: Sequence[Made] = ()


def by_items(shares: Iterable[Share], year: int) -> list[dict[str, Any]]:
    """One row an item in the order of the lines: its sums, and ``months``, each ``{planned, drawn, done}``."""
    rows: dict[str, dict[str, Any]] = {}
    for share in shares:
        row = rows.setdefault(share.item, _empty(share))
        for month, (planned, drawn, done) in zip(row["months"], _months(share, year), strict=True):
            _add(month, planned, drawn, done)
        _add(row, share.visits, len(share.made), sum(one.done is not None for one in share.made))
    return list(rows.values())


def spread(visits: int, starts: date, ends: date) -> list[int]:
    """Visits by month, evenly over those from ``starts`` to ``ends``: no line says more about its time."""
    wide = ends.month - starts.month + 1
    upto = [visits * n // wide for n in range(wide + 1)]
    return [upto[m - starts.month + 1] - upto[m - starts.month] if starts.month <= m <= ends.month else 0
            for m in range(1, 13)]  # fmt: skip


def expected(terms: Terms, counts: Mapping[str, int]) -> int:
    """What one round draws from so many objects a stratum; the cap and earlier rounds may make it fewer."""
    return sum(ceil(counts.get(name, 0) * ratio) for name, ratio in terms.ratios.items())


def strata(
    things: Iterable[Placing], lines: Mapping[int, tuple[str, Terms]], kinds: Collection[str], on: date
) -> dict[int, Counter[str]]:
    """Line → how many active objects of its scope each stratum holds on a day; ``lines`` are item and terms by number.

    ``kinds``: the bad records that count (R10.4).
    """
    of_item: dict[str, list[int]] = {}
    for no, (item, _) in lines.items():
        of_item.setdefault(item, []).append(no)
    found = {no: Counter[str]() for no in lines}
    for thing in things:
        if thing.status == ObjectStatus.ACTIVE:
            for no in (no for item in thing.items for no in of_item.get(item, ())):
                if stratum := _stratum(thing, lines[no][1], kinds, on):
                    found[no][stratum] += 1
    return found


def _stratum(thing: Placing, terms: Terms, kinds: Collection[str], on: date) -> str | None:
    if not in_scope(terms, thing.district, thing.industry):
        return None
    return stratum_of(thing.risk_class, counting(thing.flags, kinds), tuple(terms.ratios), on)


def _months(share: Share, year: int) -> Iterable[tuple[int, int, int]]:
    drawn = Counter(one.drawn.month for one in share.made if one.drawn.year == year)
    done = Counter(one.done.month for one in share.made if one.done and one.done.year == year)
    planned = spread(share.visits, share.starts, share.ends)
    return ((planned[m - 1], drawn[m], done[m]) for m in range(1, 13))


def _empty(share: Share) -> dict[str, Any]:
    nothing = dict.fromkeys(COUNTS, 0)
    return {"item": share.item, "title": share.title, **nothing, "months": [{**nothing} for _ in range(12)]}


def _add(counts: dict[str, Any], *more: int) -> None:
    for name, number in zip(COUNTS, more, strict=True):
        counts[name] += number
