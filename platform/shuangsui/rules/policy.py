"""Which value of a rule is in force, and whether a layer may say what it says; pure.

Layers apply in the order of their ranks. A value with a mode other than ``free`` is also a bound for every later value
of its key. A binding bound cannot be loosened by anyone. A bound that does not bind this tenant (the measures of the
authority above, R17.1) yields to a value that names its own document in ``own_basis``, and is lifted by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from hashlib import sha256
from types import MappingProxyType
from typing import TypeVar

from fairdraw.canonical import canon
from shuangsui.errors import Misconfigured, NotFound, RuleRefused
from shuangsui.rules import counts
from shuangsui.said import listed, say
from shuangsui.tenancy.schema import Mode, Scalar

T = TypeVar("T")

FOR_EVER = date.max
SINCE_EVER = date.min
REVISION = "规则修订"
"""Stands where a rule from a file has the file's name; the number of the revision then stands for the line."""


class Rank(IntEnum):
    """The layers of DESIGN §5, outermost first; within one rank the given order decides."""

    PRODUCT = 0
    NATIONAL = 1
    MINISTRY = 2
    ORDER = 3
    MEASURES = 4
    LOCAL = 5
    AMENDMENT = 6


@dataclass(frozen=True, slots=True)
class RuleValue:
    """One value one layer gives to one key. ``line`` is ``None`` for what no file says (a plugin's amendment).

    ``article`` is one of ``own_basis`` if given, else of ``document``; without either it names its own document.
    """

    key: str
    value: Scalar
    pack: str
    file: str
    line: int | None
    article: str
    mode: Mode = "free"
    own_basis: str | None = None
    document: str | None = None
    text: str | None = None
    binding: bool = True
    valid_from: date = SINCE_EVER
    valid_to: date = FOR_EVER

    @property
    def basis(self) -> str:
        """Number of the document and article, as people cite them."""
        return " ".join(part for part in (self.own_basis or self.document, self.article) if part)

    @property
    def by_plugin(self) -> bool:
        """Whether a plugin's amendment says it."""
        return self.line is None

    @property
    def place(self) -> str:
        """Where people find it: file and line, a revision by its number, or a plugin."""
        return place(self.file, self.line)

    def in_force(self, on: date) -> bool:
        """Whether ``on`` lies within both dates, these included."""
        return self.valid_from <= on <= self.valid_to

    def overlaps(self, other: RuleValue) -> bool:
        """Whether both are in force on some day."""
        return max(self.valid_from, other.valid_from) <= min(self.valid_to, other.valid_to)


@dataclass(frozen=True, slots=True)
class Layer:
    """The values of one pack, one ``rules.toml`` or one plugin, as they apply to one tenant."""

    pack: str
    rank: Rank
    values: tuple[RuleValue, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The effective rules of one tenant on one day; ``ladders`` holds every layer's say, outermost first."""

    on: date
    ladders: Mapping[str, tuple[RuleValue, ...]]

    def __getitem__(self, key: str) -> RuleValue:
        """The value in force; :class:`NotFound` ``rule_unset`` if no layer of this day gives one."""
        return self.ladder(key)[-1]

    def __contains__(self, key: object) -> bool:
        """Whether any layer of this day gives ``key`` a value."""
        return key in self.ladders

    def __iter__(self) -> Iterator[str]:
        """The keys that have a value."""
        return iter(self.ladders)

    def ladder(self, key: str) -> tuple[RuleValue, ...]:
        """Every layer's value of ``key``, outermost first; the last is in force."""
        if key not in self.ladders:
            raise NotFound("rule_unset", key=key, on=self.on.isoformat())
        return self.ladders[key]

    def number(self, key: str) -> int:
        """The value of an integer key."""
        return _typed(self[key].value, int)

    def switch(self, key: str) -> bool:
        """The value of a switch."""
        return _typed(self[key].value, bool)

    def word(self, key: str) -> str:
        """The value of a choice or a month-day."""
        return _typed(self[key].value, str)

    def names(self, key: str) -> tuple[str, ...]:
        """The value of a set, in the order of its file."""
        return tuple(str(name) for name in _typed(self[key].value, tuple))

    def counts(self, key: str) -> Mapping[str, int]:
        """The value of a list of counts: name → number."""
        return counts.parsed(_typed(self[key].value, tuple))

    def steps(self, key: str) -> tuple[int, ...]:
        """The value of a list of rising whole numbers."""
        return tuple(int(step) for step in _typed(self[key].value, tuple))

    def digest(self) -> str:
        """SHA-256, in hex, of what is in force and by which provision; lines of files and the day are no part of it."""
        return sha256(canon({key: _facts(self[key]) for key in self})).hexdigest()


def effective(layers: Sequence[Layer], on: date) -> Rules:
    """The rules of ``layers`` on the day ``on``; a loosened bound is refused with the article that sets it."""
    ladders: dict[str, list[RuleValue]] = {}
    for layer in sorted(layers, key=lambda layer: layer.rank):
        for value in layer.values:
            if value.in_force(on):
                _check(value, _bounds(ladders.setdefault(value.key, [])))
                ladders[value.key].append(value)
    return Rules(on, MappingProxyType({key: tuple(values) for key, values in sorted(ladders.items())}))


def looser(mode: Mode, bound: Scalar, value: Scalar) -> bool:
    """Whether ``value`` leaves more room than ``bound``; of sets, a floor must be contained, a ceiling must contain.

    Counts are compared name by name.
    """
    if counts.is_counts(bound) or counts.is_counts(value):
        return _counts_looser(mode, bound, value)
    if isinstance(bound, tuple) and isinstance(value, tuple):
        missing, added = set(bound) - set(value), set(value) - set(bound)
        return bool({"floor": missing, "ceiling": added, "locked": missing | added, "free": ()}[mode])
    if isinstance(bound, int) and isinstance(value, int):
        return {"floor": value < bound, "ceiling": value > bound, "locked": value != bound, "free": False}[mode]
    below, above = str(value) < str(bound), str(value) > str(bound)
    return {"floor": below, "ceiling": above, "locked": below or above, "free": False}[mode]


def _counts_looser(mode: Mode, bound: Scalar, value: Scalar) -> bool:
    least, said = (counts.parsed(_typed(one, tuple)) for one in (bound, value))
    below, above = counts.is_below(said, least), counts.is_below(least, said)
    return {"floor": below, "ceiling": above, "locked": below or above, "free": False}[mode]


def _bounds(ladder: Sequence[RuleValue]) -> list[RuleValue]:
    """The bounds that still stand after ``ladder``: a value with its own basis lifts those that only advise."""
    standing: list[RuleValue] = []
    for value in ladder:
        if value.own_basis:
            standing = [bound for bound in standing if bound.binding]
        if value.mode != "free":
            standing.append(value)
    return standing


def _check(value: RuleValue, bounds: Sequence[RuleValue]) -> None:
    for bound in bounds:
        if looser(bound.mode, bound.value, value.value) and (bound.binding or not value.own_basis):
            raise _loosened(value, bound)


def _loosened(value: RuleValue, bound: RuleValue) -> RuleRefused | Misconfigured:
    """A file that loosens is misconfigured; an amendment that does is refused."""
    advice = (
        say("该规定约束本机关，只能取不宽于 {amount} 的值", amount=amount(bound.value))
        if bound.binding
        else "本级另有文件的，请用 own_basis 写明文号"
    )
    refusal = RuleRefused if value.line is None else Misconfigured
    return refusal(
        "rule_loosened",
        article=bound.article,
        where=say("{file} 第 {line} 行", file=value.file, line=value.line)
        if value.line and value.file != REVISION
        else value.place,
        file=value.file,
        line=value.line,
        key=value.key,
        value=amount(value.value),
        pack=bound.pack,
        bound=amount(bound.value),
        advice=advice,
        problem=advice,
    )


def place(file: str, line: int | None) -> str:
    """Where people find what a file, a revision or a plugin says."""
    if line is None:
        return file
    return say("{file} {line} 号", file=file, line=line) if file == REVISION else f"{file}:{line}"


def shown(value: Scalar) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return listed(str(item) for item in value) if isinstance(value, tuple) else str(value)


def amount(value: Scalar, unit: str = "") -> str:
    """The value of a rule with its unit; an empty list is nothing of any unit."""
    if value == ():
        return "无"
    return say("{amount} {unit}", amount=shown(value), unit=unit) if unit else shown(value)


def _typed(value: Scalar, kind: type[T]) -> T:
    """``value`` as the type its key has; asking a key for another type is a programming error."""
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _facts(value: RuleValue) -> dict[str, object]:
    plain = sorted(value.value, key=str) if isinstance(value.value, tuple) else value.value
    return {
        "value": plain,
        "pack": value.pack,
        "article": value.article,
        "mode": value.mode,
        "own_basis": value.own_basis,
    }
