"""One clause of a frequency's wording: 每年不少于1次, 对同一单位同一年度内不超过2次, 每年2次各10%."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

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

SUBJECT = r"对?(?:同一个?|一个|每个)[^\d,;%‰不每次年月]{0,40}(?:对象|单位|企业|主体)(?:的检查|的抽查)?"
"""The object the count is kept for; its description may be long but holds no figure and no word of time."""

_CLAUSE = re.compile(
    rf"(?P<level>{LEVELS})?(?P<subject>{SUBJECT})?(?P<hedge>{HEDGE})?(?P<window>{WINDOW_BEFORE})?(?P<later>{SUBJECT})?"
    rf"(?:组织|开展|抽查|检查)?(?P<hedge2>{HEDGE})?(?P<before>{BEFORE})?(?P<low>\d+)(?:-(?P<high>\d+))?次(?P<after>{AFTER})?"
    rf"(?P<window2>{WINDOW_AFTER})?(?:(?P<each>各)?(?P<share>{NUMBER})%)?"
)
_IN_PARTS = re.compile(rf"(?P<window>{WINDOW_BEFORE})分次达到(?P<share>{NUMBER})%")


@dataclass(frozen=True, slots=True)
class FrequencyClause:
    """At least ``min``, at most ``max`` times in ``window``; a bare figure is both.

    ``per_object``: the wording counts for each object. ``share_each``, ``share_total``: fractions of the pool tied to
    the times (每年2次各10%, 每年分次达到33%). Clauses of different ``option`` are alternatives (或者).
    """

    min: int | None
    max: int | None
    window: Window
    level: Level | None = None
    per_object: bool = False
    approximate: bool = False
    share_each: str | None = None
    share_total: str | None = None
    option: int = 0


def read_frequency(part: str) -> tuple[FrequencyClause, ...]:
    """The clause, once for every level it names; nothing if it is not wholly understood."""
    if match := _IN_PARTS.fullmatch(part):
        total = _share(match["share"])
        window = window_of(match["window"])
        return (FrequencyClause(None, None, window, share_total=total),) if total and window else ()
    match = _CLAUSE.fullmatch(part)
    return _counted(match) if match else ()


def _counted(match: re.Match[str]) -> tuple[FrequencyClause, ...]:
    """A clause with a number of times in exactly one window."""
    window = window_of(match["window"] or match["window2"])
    high = Fraction(match["high"]) if match["high"] else None
    found = bounds(match["before"], Fraction(match["low"]), high, match["after"]) if int(match["low"]) else None
    if window is None or (match["window"] and match["window2"]) or found is None:
        return ()
    least, most = (None if end is None else int(end) for end in found)
    if match["share"] and (_share(match["share"]) is None or least != most or (most != 1 and not match["each"])):
        return ()
    clause = FrequencyClause(
        least,
        most,
        window,
        per_object=bool(match["subject"] or match["later"]),
        approximate=bool(match["hedge"] or match["hedge2"]),
        share_each=_share(match["share"]),
    )
    return tuple(replace(clause, level=level) for level in levels_of(match["level"]) or (None,))


def _share(figure: str | None) -> str | None:
    """A percentage above none and at most the whole as an exact fraction."""
    value = share(figure, "%") if figure else Fraction(0)
    return str(value) if 0 < value <= 1 else None
