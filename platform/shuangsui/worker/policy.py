"""When a failed piece of work is tried again, and when it is given up; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shuangsui.errors import OutsideFailed, ShuangsuiError
from shuangsui.outbox import backoff

LEGAL = ZoneInfo("Asia/Shanghai")
LEASE = timedelta(seconds=30)
"""A worker that has not been heard of for so long is taken for dead."""
HINT = timedelta(seconds=30)
"""A hint that led to nothing for so long is taken for lost."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Try again ``after`` so long, or give up."""

    after: timedelta | None


def judge(error: BaseException, attempts: int, limit: int | None, seed: str) -> Verdict:
    """What a failure means: a refusal never passes by itself, a mistake of ours seldom, an outside failure often."""
    final = error.permanent if isinstance(error, OutsideFailed) else isinstance(error, ShuangsuiError)
    if final or (limit is not None and attempts >= limit):
        return Verdict(None)
    return Verdict(backoff(attempts, seed))


def next_daily(at: time, now: datetime) -> tuple[date, datetime]:
    """The day of the legal zone whose turn is the latest to have come, and the moment of the turn after it."""
    local = now.astimezone(LEGAL)
    today = datetime.combine(local.date(), at, LEGAL)
    latest = today if today <= local else today - timedelta(days=1)
    return latest.date(), latest + timedelta(days=1)
