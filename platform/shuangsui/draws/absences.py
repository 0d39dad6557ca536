"""Who is replaced again and again: the pattern that the lead office must see (R9.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from shuangsui.db import TenantSession
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import draw_log
from shuangsui.draws.tables import Draw


@dataclass(frozen=True, slots=True)
class Left:
    """One seat that somebody left."""

    draw: str
    task: int
    reason: str
    at: str


def replacement_report(session: TenantSession, year: int, quarter: int, most: int) -> dict[str, list[Left]]:
    """Inspectors replaced more than ``most`` times in a quarter, each with the tasks; read out of the public log."""
    numbers = {draw.seq: draw.no for draw in session.exec(select(Draw).where(Draw.state != "withdrawn"))}
    found: dict[str, list[Left]] = {}
    for entry in draw_log(session).entries:
        body = entry.body
        if entry.kind != "REPLACE" or body.get("pool") != "teams" or not body["out"]:
            continue
        day = legal_day(datetime.fromisoformat(entry.time))
        if (day.year, (day.month + 2) // 3) == (year, quarter):
            left = Left(numbers[entry.seq], body["task"], body["reason"], entry.time)
            found.setdefault(body["out"], []).append(left)
    return {person: seats for person, seats in sorted(found.items()) if len(seats) > most}
