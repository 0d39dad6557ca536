"""Whom expert pools 专家库 answer: what crosses the border between the platform and a plugin that knows experts.

A pool is asked once, before a draw is committed; what it answered is frozen with its digest. Like all values of the
border these are checked when they are made: a bad one is a ``ValueError``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

from shuangsui.contracts import Health

_NUMBER = re.compile(r"\S{1,32}")
_SEPARATED = re.compile("[；;、，,]")
_MARK, _NAME, _EMPLOYER, _FIELD = 500, 100, 200, 200
"""So many characters each has at most."""


@dataclass(frozen=True, slots=True)
class PoolExpert:
    """专家. ``number`` is the neutral code that is published, never an ID number; unique within the tenant.

    ``fields`` are 专业领域, each without the marks that separate them in lists. ``valid_to`` is the last day on which
    the expert may be drawn. Name and employer are for people inside only; ``employer`` may be empty.
    """

    number: str
    name: str
    employer: str = ""
    fields: tuple[str, ...] = ()
    valid_to: date | None = None

    def __post_init__(self) -> None:
        """``ValueError`` names the part that is empty, too long, or not one thing."""
        if not _NUMBER.fullmatch(self.number):
            raise ValueError(f"number: {self.number[:40]!r}")
        if not 0 < len(self.name) <= _NAME or len(self.employer) > _EMPLOYER:
            raise ValueError(f"name or employer of {self.number}")
        if self.valid_to is not None and type(self.valid_to) is not date:
            raise ValueError(f"valid_to of {self.number}")
        for field in self.fields:
            if not 0 < len(field) <= _FIELD or _SEPARATED.search(field):
                raise ValueError(f"fields of {self.number}: {field[:40]!r}")


@dataclass(frozen=True, slots=True)
class PoolState:
    """What was taken from a pool last: the day of its state, and the mark that the pool gave with it."""

    day: date
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PoolRequest:
    """What a pool is asked: for which day, from which own registry, and what was taken last.

    ``own`` are the experts in the tenant's own registry, for pools without a network only. ``last`` is for pools with
    one; None if everything is wanted.
    """

    on: date
    own: tuple[PoolExpert, ...] = ()
    last: PoolState | None = None


@dataclass(frozen=True, slots=True)
class PoolAnswer:
    """Everybody in the pool on ``day``; ``experts`` None: nothing has changed since the last state.

    ``mark`` comes back with the next request, for example an ETag.
    """

    day: date
    experts: tuple[PoolExpert, ...] | None
    mark: str = ""

    def __post_init__(self) -> None:
        """``ValueError`` for what are no experts, two of one number, or a mark that is too long to keep."""
        if type(self.day) is not date or not all(isinstance(one, PoolExpert) for one in self.experts or ()):
            raise ValueError("a day, and experts")
        numbers = [one.number for one in self.experts or ()]
        if len(set(numbers)) < len(numbers):
            raise ValueError("two experts have the same number")
        if len(self.mark) > _MARK:
            raise ValueError(f"a mark has {_MARK} characters at most")


@runtime_checkable
class ExpertPool(Protocol):
    """A pool from which experts are drawn, for example the tenant's own registry, or a directory of the province.

    Without ``network`` it is pure: asked once within each freeze, it chooses among ``own`` and may add to their fields.
    With ``network`` it is asked beforehand, in a process of its own with limits of time and memory, whose environment
    holds nothing but the variables that options ending in ``_env`` name; its whole answer is stored, and a freeze reads
    what is stored. What went wrong is raised as :class:`shuangsui.OutsideFailed`.
    """

    @property
    def name(self) -> str:
        """Stable short name, unique within the plugin; stands in the plan of every draw that took from it."""

    @property
    def network(self) -> bool:
        """Whether it talks to anything but its own options."""

    def experts(self, request: PoolRequest) -> PoolAnswer:
        """Everybody who is in the pool, whatever their fields: which a draw needs is for the platform to see."""

    def check(self) -> Health:
        """Try settings, connection and credentials without taking anything."""
