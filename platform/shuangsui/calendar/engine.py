"""Counting working days, and what a term is due on while a notice is still to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from hashlib import sha256

from shuangsui.calendar import statutory
from shuangsui.calendar.notices import Notice, shipped

ONE = timedelta(days=1)


class Why(StrEnum):
    """What a day is."""

    WORKED = "worked"
    MAKE_UP = "make_up"
    CANDIDATE = "candidate"
    """A weekend day that the notice to come may make a working day."""
    WEEKEND = "weekend"
    OFF = "off"
    EXTRA = "extra"
    """A day off of this authority only."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a term: ``due`` is enforced, the earliest possible one.

    ``provisional``: a notice to come may move it; ``formula`` is then the day by the decree alone, ``latest`` the day
    if the notice bridges as much as it may. Both are equal to ``due`` for a term that nothing can move.
    """

    due: date
    provisional: bool
    formula: date
    latest: date


@dataclass(frozen=True, slots=True)
class Step:
    """One day of a term's derivation; ``n`` is its number in the count, None if it does not count."""

    day: date
    why: Why
    n: int | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The notices known so far, and the days off of one authority."""

    notices: tuple[Notice, ...]
    extra: frozenset[date] = frozenset()
    _years: frozenset[int] = field(init=False, repr=False)
    _off: frozenset[date] = field(init=False, repr=False)
    _worked: frozenset[date] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Gather the days of all years once."""
        object.__setattr__(self, "_years", frozenset(notice.year for notice in self.notices))
        object.__setattr__(self, "_off", _union(notice.days_off for notice in self.notices) | self.extra)
        object.__setattr__(self, "_worked", _union(notice.make_up_days for notice in self.notices) - self.extra)

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that name these very days; a deadline keeps the version that judged it."""
        parts = [notice.digest for notice in sorted(self.notices, key=lambda one: one.year)]
        return sha256("\n".join([*parts, *sorted(map(str, self.extra))]).encode()).hexdigest()[:12]

    @property
    def known_until(self) -> date:
        """The last day that no notice to come can change; the first day there is without any notice."""
        return date(max(self._years), *statutory.MOVABLE) - ONE if self._years else date.min

    def is_workday(self, day: date) -> bool:
        """Whether ``day`` is worked; by the decree alone in a year without a notice."""
        return self.why(day) in (Why.WORKED, Why.MAKE_UP)

    def why(self, day: date) -> Why:
        """What ``day`` is."""
        if day in self._worked:
            return Why.MAKE_UP
        if day in self.extra:
            return Why.EXTRA
        if day.weekday() >= 5:
            return Why.WEEKEND
        return Why.OFF if self._is_off(day) else Why.WORKED

    def add(self, day: date, n: int) -> Deadline:
        """The ``n``-th working day after ``day``."""
        formula = self._last(day, n)
        if formula <= self.known_until:
            return Deadline(formula, provisional=False, formula=formula, latest=formula)
        due = self._last(day, n, worked=self._candidates(day))
        return Deadline(due, provisional=True, formula=formula, latest=self._last(day, n, off=self._bridges(day)))

    def derive(self, day: date, n: int) -> list[Step]:
        """Every day from the one after ``day`` to the one on which ``add(day, n)`` is due."""
        due, worked = self.add(day, n).due, self._candidates(day)
        steps, counted = [], 0
        for one in _days(day):
            why = Why.CANDIDATE if one in worked else self.why(one)
            counts = why in (Why.WORKED, Why.MAKE_UP, Why.CANDIDATE)
            counted += counts
            steps.append(Step(one, why, counted if counts else None))
            if one >= due:
                break
        return steps

    def next(self, day: date) -> date:
        """The first working day after ``day``."""
        return self._last(day, 1)

    def count(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; 0 if ``end`` is not later."""
        days = (start + ONE * n for n in range(1, (end - start).days + 1))
        return sum(self.is_workday(day) for day in days)

    def _last(
        self, day: date, n: int, *, worked: frozenset[date] = frozenset(), off: frozenset[date] = frozenset()
    ) -> date:
        """The ``n``-th day after ``day`` that counts."""
        for one in _days(day) if n else ():
            if one in worked or (one not in off and self.is_workday(one)):
                n -= 1
            if not n:
                return one
        return day

    def _is_off(self, day: date) -> bool:
        return day in self._off or (day.year not in self._years and day in statutory.days_off(day.year))

    def _candidates(self, start: date) -> frozenset[date]:
        """The first two of each group after ``start``, in the years to which notices are still to come."""
        groups = (group for year in self._open_years(start) for group in statutory.candidates(year))
        later = ([day for day in group if day > start and day not in self.extra] for group in groups)
        return _union(frozenset(days[: statutory.CANDIDATES]) for days in later)

    def _bridges(self, start: date) -> frozenset[date]:
        return _union(statutory.bridges(year) for year in self._open_years(start))

    def _open_years(self, start: date) -> Iterator[int]:
        """Years after the last notice that a term from ``start`` can reach."""
        last = max(self._years, default=start.year - 1)
        return (year for year in range(max(start.year, last + 1), start.year + 3) if year not in self._years)


@cache
def official() -> Calendar:
    """The notices that come with the product."""
    return Calendar(shipped())


def _days(after: date) -> Iterator[date]:
    while True:
        after += ONE
        yield after


def _union(days: Iterable[frozenset[date]]) -> frozenset[date]:
    return frozenset().union(*days)
