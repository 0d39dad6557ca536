"""Values that people type on the command line, read into what the use cases take."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from shuangsui.draws.calling import Call
from shuangsui.errors import BadInput
from shuangsui.planning.policy import parse_ratio
from shuangsui.tenancy.tenant import TIMEZONE

HolderOption = Annotated[
    list[str], typer.Option("--holder", help="其他随机数贡献方的名称，可以重复", show_default=False)
]
MinutesOption = Annotated[int, typer.Option("--minutes", help="公开随机事件在多少分钟之后", min=1)]
HoursOption = Annotated[int, typer.Option("--hours", help="事件之后最迟多少小时揭示", min=1)]


def call_of(moment: datetime, holder: list[str], minutes: int, hours: int, *, demo: bool = False) -> Call:
    """Holders, and an event so many minutes from now."""
    event = moment + timedelta(minutes=minutes)
    return Call(tuple(holder), event, event + timedelta(hours=hours), demo=demo)


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
