"""Values as a page tells them to people, in the page's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from markupsafe import Markup, escape

from shuangsui.web.languages import CHINESE, word

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset: there has been no summer time since 1991, and slim systems carry no time zone files."""
NOTHING = "—"
_LINE = re.compile(r"[\w.-]{1,40}:\d{1,5}")
_HAN = re.compile(r"([\u3000-\u9fff\uff00-\uffef]+)")


def told(language: str, text: str) -> str:
    """A word or a sentence of ours, or somebody else's text as it is; what stays Chinese says so."""
    return text if language == CHINESE else marked(language, word(language, text))


def marked(language: str, text: str) -> Markup:
    """A sentence; what is Chinese in one of another language, a name or a number, says so."""
    if language == CHINESE:
        return escape(text)
    part = Markup('<span lang="zh-CN">{}</span>')
    return Markup("").join(part.format(one) if i % 2 else one for i, one in enumerate(_HAN.split(text)))


def chinese(text: str) -> bool:
    """Whether there is anything Chinese in it."""
    return _HAN.search(text) is not None


def cell(language: str, value: Any) -> str:
    """Any value of a list or a fact, for people."""
    return plain(value) if language == CHINESE else marked(language, plain(value, language))


def plain(value: Any, language: str = CHINESE) -> str:
    """The same without marks: for an attribute, and for whoever measures it."""
    colon, comma, semicolon = ("：", "、", "；") if language == CHINESE else (": ", ", ", "; ")
    if value is None or value == "" or value == ():
        return NOTHING
    if isinstance(value, bool):
        return word(language, "是" if value else "否")
    if isinstance(value, date):
        return moment(value) if isinstance(value, datetime) else day(value)
    if isinstance(value, Mapping):
        told = (f"{word(language, name)}{colon}{plain(one, language)}" for name, one in value.items())
        return semicolon.join(told) or NOTHING
    if isinstance(value, list | tuple | set | frozenset):
        return comma.join(plain(one, language) for one in value) or NOTHING
    return word(language, value) if isinstance(value, str) else str(value)


def whole(language: str, value: Any) -> bool:
    """Whether a cell is read at one glance and not to be broken: a day, a number, a state, a line of a file."""
    text = plain(value, language)
    return len(text) <= (13 if text.isascii() else 6) or bool(_LINE.fullmatch(text))


def apart(language: str, offset: timedelta) -> str:
    """How a clock stands beside the real one: ``快 3 天 2 小时``, ``30 min behind``."""
    minutes = round(abs(offset.total_seconds()) / 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    units = ("天", "小时", "分钟") if language == CHINESE else ("d", "h", "min")
    counts = zip((days, hours, minutes), units, strict=True)
    parts = " ".join([f"{count} {unit}" for count, unit in counts if count][:2]) or f"0 {units[-1]}"
    if language == CHINESE:
        return f"{'慢' if offset < timedelta() else '快'} {parts}"
    return f"{parts} {'behind' if offset < timedelta() else 'ahead'}"


def day(value: str | date) -> str:
    """``2026-12-01``, the legal day in Asia/Shanghai; takes UTC times (also as protocol text) and plain dates."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return f"{_local(value):%Y-%m-%d}"


def moment(value: str | date) -> str:
    """``2026-12-01 11:01:40`` in Asia/Shanghai."""
    return f"{_local(value):%Y-%m-%d %H:%M:%S}"


def _local(value: str | date) -> datetime:
    time = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert isinstance(time, datetime)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(SHANGHAI)
