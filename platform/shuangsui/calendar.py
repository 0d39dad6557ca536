"""Working days 工作日 of China with make-up days 调休, from the State Council's yearly notices; pure.

The day of an event never counts; day 1 is the next working day (R14.1). A day that no notice covers is counted as if
every weekday were worked and no make-up day came, and a term that ends there, or on a day that the next notice may
still move, is ``provisional`` (R14.11).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

ONE = timedelta(days=1)
MOVABLE = (12, 26)
"""From this day of December on, the next year's notice may still turn a weekend into working days."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One year's arrangement: weekdays that are off, weekend days that are worked."""

    year: int
    source: str
    issued: date
    days_off: frozenset[date]
    make_up_days: frozenset[date]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a term, and whether a notice still to come may move it."""

    due: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The notices known so far."""

    notices: tuple[Notice, ...]
    _off: frozenset[date] = field(init=False, repr=False)
    _worked: frozenset[date] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Gather the days of all years once."""
        object.__setattr__(self, "_off", _union(notice.days_off for notice in self.notices))
        object.__setattr__(self, "_worked", _union(notice.make_up_days for notice in self.notices))

    @property
    def known_until(self) -> date:
        """The last day that no notice to come can change; the day before the epoch without any notice."""
        last = max((notice.year for notice in self.notices), default=0)
        return date(last, *MOVABLE) - ONE if last else date.min

    def is_workday(self, day: date) -> bool:
        """Whether ``day`` is worked."""
        return day in self._worked or (day.weekday() < 5 and day not in self._off)

    def add(self, day: date, n: int) -> Deadline:
        """The ``n``-th working day after ``day``."""
        due = day
        for _ in range(n):
            due = self.next(due)
        return Deadline(due, due > self.known_until)

    def next(self, day: date) -> date:
        """The first working day after ``day``."""
        day += ONE
        while not self.is_workday(day):
            day += ONE
        return day

    def count(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; 0 if ``end`` is not later."""
        days = (start + ONE * n for n in range(1, (end - start).days + 1))
        return sum(self.is_workday(day) for day in days)


@cache
def official() -> Calendar:
    """The notices that come with the product, by year."""
    folder = files("shuangsui") / "data" / "calendar" / "cn"
    found = [read(entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".json")]
    return Calendar(tuple(sorted(found, key=lambda notice: notice.year)))


def read(data: bytes) -> Notice:
    """A notice file: year, source, issued, days_off, make_up_days; ``ValueError`` for a day that is none."""
    content = json.loads(data)
    days = {name: frozenset(map(date.fromisoformat, content[name])) for name in ("days_off", "make_up_days")}
    return Notice(content["year"], content["source"], date.fromisoformat(content["issued"]), **days)


def _union(days: Iterable[frozenset[date]]) -> frozenset[date]:
    return frozenset().union(*days)
