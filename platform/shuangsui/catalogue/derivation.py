"""What follows from an item's wording: rules of ratio and frequency, modes, withheld results, open questions; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from shuangsui.catalogue.frequencies import FrequencyClause
from shuangsui.catalogue.ratios import RatioClause
from shuangsui.catalogue.wording import FrequencyRule, RatioRule, parse_frequency, parse_ratio

Stored = Mapping[str, Any]

_WITHHELD = re.compile("不予公开|不公示|不公开")
_MODES = {
    "onsite": re.compile("现场"),
    "document": re.compile("书面|书式|文件|档案|资料"),
    "network": re.compile("网络|在线"),
}
_SEPARATORS = re.compile("[、，,；;/]|或者?|和|与|及")
_LONGEST_MODE = 14
"""Characters; what is longer is no mode but a text that strayed into the column."""


def derived(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that follow from those of ``columns`` that carry a wording."""
    found: dict[str, Any] = {}
    for name, derive in _DERIVED.items():
        if name in columns:
            found |= derive(columns[name] or "")
    return found


def read_ratio_as(text: str) -> dict[str, Any] | None:
    """The stored form of a ratio's rule; none for an empty wording."""
    return asdict(parse_ratio(text)) if text else None


def read_frequency_as(text: str) -> dict[str, Any] | None:
    """The stored form of a frequency's rule."""
    return asdict(parse_frequency(text)) if text else None


def ratio_rule(stored: Stored | None) -> RatioRule:
    """A stored rule again as a value; an item without a ratio has a rule that says nothing."""
    if stored is None:
        return RatioRule("", parsed=False)
    clauses = tuple(RatioClause(**clause) for clause in stored["clauses"])
    return RatioRule(**{**stored, "clauses": clauses, "open_levels": tuple(stored["open_levels"])})


def frequency_rule(stored: Stored | None) -> FrequencyRule:
    """As :func:`ratio_rule`."""
    if stored is None:
        return FrequencyRule("", parsed=False)
    return FrequencyRule(**{**stored, "clauses": tuple(FrequencyClause(**clause) for clause in stored["clauses"])})


def modes_of(method: str) -> list[str]:
    """The modes of 第十二条 that a wording names, ``other`` for one it does not; empty if it is no list of modes."""
    parts = [part.strip() for part in _SEPARATORS.split(method.removesuffix("相结合")) if part.strip()]
    if "《" in method or any(len(part) > _LONGEST_MODE for part in parts):
        return []
    return sorted({mode for part in parts for mode in _modes(part)})


def attention(columns: Mapping[str, Any]) -> list[str]:
    """What a person must look at before anyone relies on the item, as codes of ``messages.py``."""
    ratio, frequency = columns["ratio"], columns["frequency"]
    open_questions = {
        "class_missing": not columns["item_class"],
        "ratio_missing": ratio is None,
        "ratio_unparsed": ratio is not None and not ratio["parsed"],
        "frequency_missing": frequency is None,
        "frequency_unparsed": frequency is not None and not frequency["parsed"],
        "method_unparsed": not columns["modes"],
    }
    return [code for code, is_open in open_questions.items() if is_open]


def _modes(part: str) -> list[str]:
    return [mode for mode, words in _MODES.items() if words.search(part)] or ["other"]


_DERIVED: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "method": lambda text: {"modes": modes_of(text)},
    "ratio_text": lambda text: {"ratio": read_ratio_as(text)},
    "frequency_text": lambda text: {"frequency": read_frequency_as(text)},
    "publication": lambda text: {"withheld": bool(_WITHHELD.search(text))},
}
