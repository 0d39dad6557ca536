"""Dates as cells and as people write them."""

from __future__ import annotations

import re
from datetime import date, datetime

from shuangsui.errors import BadInput
from shuangsui.registry.cells import Cell
from shuangsui.registry.normalise import Tell, clean_code, fold
from shuangsui.registry.spoken import number, short

_DATES = (
    re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})(年)(\d{1,2})月(\d{1,2})日?", re.ASCII),
    re.compile(r"(\d{4})()(\d{2})(\d{2})", re.ASCII),
)
_MIDNIGHT = re.compile(r"[\sT]+0{1,2}:00(:00(\.0+)?)?\s*$")
_FIRST_DAY = date(1949, 10, 1)


def day(cell: Cell, tell: Tell) -> date:
    """A date cell, or text such as 2026-03-01, 2026/3/1, 2026年3月1日 or 20260301; midnight may stand behind it."""
    if isinstance(cell, datetime):
        if cell.time() != datetime.min.time():
            tell("time_dropped", after=cell.date().isoformat())
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    if not isinstance(cell, str):
        raise BadInput("date_as_number", value=number(cell))
    return written_day(clean_code(_MIDNIGHT.sub("", cell), tell))


def written_day(written: str) -> date:
    """A date in one of the accepted forms."""
    value = fold(written)
    for pattern in _DATES:
        if match := pattern.fullmatch(value):
            year, _, month, day_of_month = match.groups()
            try:
                return _plausible(date(int(year), int(month), int(day_of_month)))
            except ValueError:
                break
    raise BadInput("bad_date", value=short(value))


def _plausible(day: date) -> date:
    """Days before the People's Republic are typing errors or unformatted numbers."""
    if day < _FIRST_DAY:
        raise BadInput("date_too_early", value=day.isoformat())
    return day
