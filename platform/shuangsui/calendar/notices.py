"""The State Council's yearly notices as values, and those that come with the product."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.resources import files

from shuangsui.said import say


@dataclass(frozen=True, slots=True)
class Notice:
    """One year's arrangement: weekdays that are off, weekend days that are worked, and what changed it later."""

    year: int
    source: str
    issued: date
    days_off: frozenset[date]
    make_up_days: frozenset[date]
    amended_by: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256, hex, of the days alone: the same arrangement is the same version, whoever wrote the file."""
        off, worked = sorted(map(str, self.days_off)), sorted(map(str, self.make_up_days))
        return sha256(json.dumps([self.year, off, worked]).encode()).hexdigest()


def read(data: bytes) -> Notice:
    """A notice file: year, source, issued, days_off, make_up_days, amended_by; ``ValueError`` says what is wrong.

    A day off is a weekday, a make-up day lies on a weekend, and both in the year or in the days around New Year.
    """
    try:
        content = json.loads(data)
        days = {name: frozenset(map(date.fromisoformat, content[name])) for name in ("days_off", "make_up_days")}
        made = Notice(
            int(content["year"]), str(content["source"]), date.fromisoformat(content["issued"]), **days,
            amended_by=tuple(content.get("amended_by", ())),
        )  # fmt: skip
    except KeyError as error:
        raise ValueError(say("缺少 {arg}", arg=error.args[0])) from error
    except (TypeError, AttributeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError("不是放假安排的 JSON 文件") from error
    except ValueError as error:
        raise ValueError("年度或日期写得不对：日期如 2026-01-02") from error
    _check(made)
    return made


def shipped() -> tuple[Notice, ...]:
    """The notices that come with the product, by year."""
    folder = files("shuangsui") / "data" / "calendar" / "cn"
    found = [read(entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".json")]
    return tuple(sorted(found, key=lambda notice: notice.year))


def _check(notice: Notice) -> None:
    first, last = date(notice.year - 1, 12, 20), date(notice.year + 1, 1, 10)
    for day in sorted(notice.days_off | notice.make_up_days):
        if not first <= day <= last:
            raise ValueError(say("{day} 不在 {year} 年", day=day, year=notice.year))
    for day in sorted(notice.days_off):
        if day.weekday() >= 5:
            raise ValueError(say("days_off 中的 {day} 是周末", day=day))
    for day in sorted(notice.make_up_days):
        if day.weekday() < 5:
            raise ValueError(say("make_up_days 中的 {day} 不是周末", day=day))
