"""Days and moments as official documents write them, in the zone of legal days."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

LEGAL = ZoneInfo("Asia/Shanghai")


def day_text(day: date | None) -> str:
    """2026年11月3日; empty for a day not yet known."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def moment_text(moment: datetime | None) -> str:
    """2026年11月3日14时05分; empty for a moment that has not come."""
    if moment is None:
        return ""
    local = moment.astimezone(LEGAL)
    return f"{day_text(local.date())}{local:%H}时{local:%M}分"


def minutes_text(minutes: int | None) -> str:
    """2小时15分钟; empty if it is not known."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    return f"{hours}小时{rest}分钟" if hours else f"{rest}分钟"
