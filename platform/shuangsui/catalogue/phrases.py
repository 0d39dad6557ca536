"""Words that the wordings of ratio and frequency share: who, how binding, in which time, at least or at most."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal

Level = Literal["provincial", "municipal", "district"]
Window = Literal["month", "quarter", "half_year", "year", "two_years", "three_years", "licence_period", "campaign"]

_AT_MOST = ("不超过", "不高于", "不多于", "不大于", "至多", "最多", "最高")
_AT_LEAST = ("不少于", "不低于", "不小于", "至少")
_OR_LESS = ("以内", "以下")
_OR_MORE = ("以上",)
_CEILINGS, _FLOORS = frozenset(_AT_MOST + _OR_LESS), frozenset(_AT_LEAST + _OR_MORE)

_WINDOWS: dict[Window, tuple[str, ...]] = {
    "year": ("每年度", "每年", "同一年度内", "同一年度", "一年内", "年度内", "一年", "1年", "/年度", "/年"),
    "half_year": ("每半年", "/半年"),
    "quarter": ("每季度", "/季度"),
    "month": ("每个月", "每月", "/月"),
    "two_years": ("每两年", "每2年", "两年", "2年", "/两年", "/2年"),
    "three_years": ("每三年", "每3年", "/三年", "/3年"),
    "licence_period": ("在许可有效期内", "许可有效期内", "在许可证有效期内", "许可证有效期内"),
    "campaign": ("每次专项行动", "每次专项检查"),
}
_WINDOW_OF = {phrase: window for window, phrases in _WINDOWS.items() for phrase in phrases}
_LEVEL_OF: dict[str, Level] = {"省": "provincial", "市": "municipal", "区县": "district", "县": "district"}
_STEM = re.compile("省|市|区、?县|县")


def any_of(*phrases: str) -> str:
    """A pattern for one of ``phrases``, longer ones first."""
    return "(?:" + "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True)) + ")"


LEVELS = r"(?:(?:省|市|区、?县|县)[、和及]?)+级?(?:监管|主管|业务)?(?:部门|局)?"
HEDGE = "(?:一般|原则上)"
BEFORE = any_of(*_AT_MOST, *_AT_LEAST)
AFTER = any_of(*_OR_LESS, *_OR_MORE)
NUMBER = r"\d+(?:\.\d+)?"
WINDOW_BEFORE = any_of(*(phrase for phrase in _WINDOW_OF if not phrase.startswith("/")))
WINDOW_AFTER = any_of(*(phrase for phrase in _WINDOW_OF if phrase.startswith("/")))
AS_NEEDED = re.compile(r"^(?:根据|按照|结合)(?:实际|工作|监管|具体)+(?:需要|情况),")


def window_of(phrase: str | None) -> Window | None:
    """The window a phrase means."""
    return _WINDOW_OF[phrase] if phrase else None


def levels_of(phrase: str | None) -> tuple[Level, ...]:
    """The levels of administration a phrase names: 市、县级局 names two."""
    return tuple(_LEVEL_OF[stem.replace("、", "")] for stem in _STEM.findall(phrase or ""))


def bounds(
    before: str | None, low: Fraction, high: Fraction | None, after: str | None
) -> tuple[Fraction | None, Fraction | None] | None:
    """Least and most: a bare figure is both, a range is its ends; nothing if the words contradict each other."""
    if high is not None:
        return None if before or after or low > high else (low, high)
    if before and after:
        return None
    if (word := before or after) is None:
        return low, low
    return (None, low) if word in _CEILINGS else (low, None)
