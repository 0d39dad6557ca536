"""Official wording of 抽查比例 and 抽查频次 read as rules; the verbatim text always stays beside them.

A wording is read whole or not at all: what the patterns do not cover to the last character is ``parsed=False`` and
waits for a person, who enters the figures. Where a list has one column for both (抽查比例和频次), each rule takes its
own clauses. Sources of the shapes: published item lists of 2017 to 2023, and 第五条.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from shuangsui.catalogue.amounts import plain
from shuangsui.catalogue.frequencies import SUBJECT, FrequencyClause, read_frequency
from shuangsui.catalogue.phrases import AS_NEEDED, LEVELS, Level, levels_of
from shuangsui.catalogue.ratios import RatioClause, joined, read_ratio

_SPECIAL_PLAN = re.compile("或者?按照?专项计划(?:确定|执行)")
_BATCHES = re.compile(r"\(分(\d+)批(,仅随机确定批次顺序)?\)")
_COMBINED = re.compile("结合(.{2,30}?)一并(?:开展|检查|进行)")
_LEFT_OPEN = re.compile(rf"(?P<level>{LEVELS})[^\d,;%‰]{{0,10}}(?:结合|根据)[^\d,;%‰]*(?:制定|确定)[^\d,;%‰]*")
_NOT_COUNTED = re.compile("[,;]([^,;]{2,20})不计入(?:次数)?$")
_SUBJECT_APART = re.compile(rf"^({SUBJECT}),")
_OR = re.compile("[,;]?或者?")
_AND = re.compile("[,;]|且")


@dataclass(frozen=True, slots=True)
class RatioRule:
    """``as_needed`` keeps 根据实际需要; ``open_levels`` may set their own ratio; ``alternative`` is another plan's.

    ``batches`` with ``order_only``: everybody is inspected and the draw decides the order of batches (R5.6).
    ``combined_with`` names the inspection it rides on; it may stand in a rule that is not ``parsed``.
    """

    text: str
    parsed: bool
    clauses: tuple[RatioClause, ...] = ()
    as_needed: bool = False
    open_levels: tuple[Level, ...] = ()
    alternative: str | None = None
    batches: int | None = None
    order_only: bool = False
    combined_with: str | None = None


@dataclass(frozen=True, slots=True)
class FrequencyRule:
    """``as_needed`` keeps 根据实际需要; ``not_counted`` names inspections outside the count (责令整改的复查)."""

    text: str
    parsed: bool
    clauses: tuple[FrequencyClause, ...] = ()
    as_needed: bool = False
    not_counted: str | None = None


def parse_ratio(text: str) -> RatioRule:
    """The rule of a ratio's wording; one without a figure is not parsed, whatever hint it gives."""
    rest = plain(text)
    if combined := _COMBINED.fullmatch(rest):
        return RatioRule(text, parsed=False, combined_with=combined[1])
    rest, as_needed = AS_NEEDED.subn("", rest)
    rest, special = _SPECIAL_PLAN.subn("", rest)
    batches = _BATCHES.search(rest)
    found = _ratio_clauses(_BATCHES.sub("", rest, count=1))
    if found is None:
        return RatioRule(text, parsed=False)
    return RatioRule(
        text,
        parsed=True,
        clauses=found[0],
        as_needed=bool(as_needed),
        open_levels=found[1],
        alternative="special_plan" if special else None,
        batches=int(batches[1]) if batches else None,
        order_only=bool(batches and batches[2]),
    )


def parse_frequency(text: str) -> FrequencyRule:
    """The rule of a frequency's wording."""
    rest, as_needed = AS_NEEDED.subn("", plain(text))
    not_counted = _NOT_COUNTED.search(rest)
    clauses: list[FrequencyClause] = []
    for number, option in enumerate(_OR.split(_NOT_COUNTED.sub("", rest))):
        found = _frequency_clauses(option)
        if not found:
            return FrequencyRule(text, parsed=False)
        clauses += (replace(clause, option=number) for clause in found)
    return FrequencyRule(
        text,
        parsed=True,
        clauses=tuple(clauses),
        as_needed=bool(as_needed),
        not_counted=not_counted[1] if not_counted else None,
    )


def cap_for(rule: RatioRule, level: Level) -> Fraction | None:
    """The most of the pool that ``level`` may draw under a general item (R5.4), if the wording says.

    一般不超过 binds like 不超过; a bare figure such as 10% is the ratio the list fixes, so it is a cap as well. The
    tightest of several figures counts.
    """
    caps = [Fraction(clause.max) for clause in _of(rule, level) if clause.max and clause.unit != "count"]
    return min(caps, default=None)


def count_cap_for(rule: RatioRule, level: Level) -> int | None:
    """The most objects ``level`` may draw where the wording counts them (不超过20户)."""
    caps = [int(clause.max) for clause in _of(rule, level) if clause.max and clause.unit == "count"]
    return min(caps, default=None)


def _of(rule: RatioRule, level: Level) -> list[RatioClause]:
    """The clauses that bind ``level``."""
    return [clause for clause in rule.clauses if clause.level in (None, level)]


def _ratio_clauses(rest: str) -> tuple[tuple[RatioClause, ...], tuple[Level, ...]] | None:
    """Figures and levels left open; nothing if a part is not understood or no figure stands there."""
    clauses: list[RatioClause] = []
    open_levels: tuple[Level, ...] = ()
    for part in _AND.split(rest):
        if found := read_ratio(part):
            clauses += found
        elif left_open := _LEFT_OPEN.fullmatch(part):
            open_levels += levels_of(left_open["level"])
        elif not _is_plain_frequency(part):
            return None
    together = joined(clauses)
    return (together, open_levels) if together else None


def _is_plain_frequency(part: str) -> bool:
    """Whether a part of a common column is the frequency's alone: one tied to a share says something of the ratio."""
    return any(not clause.share_each and not clause.share_total for clause in read_frequency(part))


def _frequency_clauses(option: str) -> list[FrequencyClause]:
    """The clauses of one alternative; nothing if a part is neither a frequency nor a ratio."""
    clauses: list[FrequencyClause] = []
    for part in _AND.split(_SUBJECT_APART.sub(r"\1", option)):
        found = read_frequency(part)
        if not found and not read_ratio(part):
            return []
        clauses += found
    return clauses
