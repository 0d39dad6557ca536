"""Years without a notice: the days off by decree, and what a notice to come may move (requirements: calendar 4.2)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

ONE = timedelta(days=1)
CANDIDATES = 2
"""So many make-up days of each group count towards the earliest day."""
MOVABLE = (12, 26)
"""From this day of December on, the next year's notice may still turn a weekend into working days."""


@cache
def days_off(year: int) -> frozenset[date]:
    """Days off by the decree, weekends among them; the moving ones only for the years whose days are known."""
    return frozenset(day for block in _blocks(year).values() for day in block)


@cache
def candidates(year: int) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Weekend days that the notice for ``year`` may make working days: around New Year, and before 除夕."""
    new_year = _weekends(date(year - 1, *MOVABLE), date(year, 1, 10))
    spring = _blocks(year).get("spring_festival")
    before = _weekends(spring[0] - 7 * ONE, spring[0] - ONE) if spring else ()
    return _not_off(new_year, year), _not_off(before, year)


@cache
def bridges(year: int) -> frozenset[date]:
    """The most weekdays that the notice for ``year`` may add to its holidays."""
    off = days_off(year)
    return frozenset(
        day
        for name, block in _blocks(year).items()
        for day in _weekdays_after(block[-1], off, _data()["bridged"][name])
    )


def _blocks(year: int) -> dict[str, list[date]]:
    """Holiday → its days, in the order of the year."""
    blocks = {"new_year": _run(date(year, 1, 1), 1), "labour": _run(date(year, 5, 1), 2)}
    blocks["national"] = _run(date(year, 10, 1), 3)
    moving = {name: date.fromisoformat(day) for name, day in _data()["moving"].get(str(year), {}).items()}
    if eve := moving.pop("spring_festival_eve", None):
        blocks["spring_festival"] = _run(eve, 4)
    return blocks | {name: [day] for name, day in moving.items()}


def _run(first: date, count: int) -> list[date]:
    return [first + ONE * n for n in range(count)]


def _weekends(first: date, last: date) -> tuple[date, ...]:
    return tuple(day for day in _run(first, (last - first).days + 1) if day.weekday() >= 5)


def _not_off(days: tuple[date, ...], year: int) -> tuple[date, ...]:
    return tuple(day for day in days if day not in days_off(year))


def _weekdays_after(last: date, off: frozenset[date], count: int) -> Iterator[date]:
    day = last
    while count:
        day += ONE
        if day.weekday() < 5 and day not in off:
            count -= 1
            yield day


@cache
def _data() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads((files("shuangsui") / "data" / "calendar" / "statutory.json").read_bytes())
    return content
