"""Values that people type on the command line, read into what the use cases take."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from fractions import Fraction
from zoneinfo import ZoneInfo

from shuangsui.errors import BadInput
from shuangsui.planning.policy import parse_ratio
from shuangsui.tenancy.tenant import TIMEZONE


def ratio_of(text: str) -> tuple[str, Fraction]:
    """``A=5%``."""
    name, sign, value = text.partition("=")
    if not sign:
        raise BadInput("ratio_invalid", ratio=text)
    return name.strip(), parse_ratio(value)


def day_of(text: str) -> date:
    """An ISO date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("date_invalid", date=text) from None


def day_start(day: date) -> datetime:
    """When a legal day begins."""
    return datetime.combine(day, time.min, ZoneInfo(TIMEZONE))


def pairs_of(texts: Iterable[str]) -> dict[str, str]:
    """``name=value``, repeated; :class:`BadInput` ``pair_invalid``."""
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise BadInput("pair_invalid", text=text)
        found[name.strip()] = value.strip()
    return found
