"""Figures in official Chinese wording, brought to one written form before any pattern is tried."""

from __future__ import annotations

import re
from fractions import Fraction
from unicodedata import normalize

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_ONE_TO_NINE = "[一二两三四五六七八九]"
_NUMERAL = f"(?=[一二两三四五六七八九十百])(?:{_ONE_TO_NINE}?百零?)?(?:{_ONE_TO_NINE}?十)?{_ONE_TO_NINE}?"
_SHARE = re.compile(rf"(百|千)分之({_NUMERAL}|[\d.]+)")
_COUNT = re.compile(rf"(?<![同每第])({_NUMERAL})(?=[次家户台批])")
_DASH = re.compile(r"(?<=[\d%‰次])(?:[—–−~]+|-+|至|到)(?=\d)")


def plain(text: str) -> str:
    """``text`` without spaces, full-width forms and a closing mark; numerals of figures as digits, ranges with -."""
    folded = "".join(normalize("NFKC", text).split()).rstrip("。;,")
    shares = _SHARE.sub(lambda match: _digits(match[2]) + ("%" if match[1] == "百" else "‰"), folded)
    return _DASH.sub("-", _COUNT.sub(lambda match: _digits(match[1]), shares))


def share(figure: str, unit: str) -> Fraction:
    """``3`` and ``%`` as 3/100."""
    return Fraction(figure) / (100 if unit == "%" else 1000)


def _digits(numeral: str) -> str:
    """A Chinese numeral below one thousand as digits; digits stay."""
    if numeral[0] not in _DIGITS and numeral[0] not in "十百":
        return numeral
    total = pending = 0
    for char in numeral:
        if char in "十百":
            total += (pending or 1) * (10 if char == "十" else 100)
            pending = 0
        else:
            pending = _DIGITS[char]
    return str(total + pending)
