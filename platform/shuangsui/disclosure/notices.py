"""A new notice of the State Council, and every term that it moves, in one transaction (R14.11)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlmodel import col, select

from shuangsui.calendar import Notice
from shuangsui.db import TenantSession
from shuangsui.disclosure import terms, watch
from shuangsui.disclosure.clocks import Terms
from shuangsui.disclosure.terms import Moved
from shuangsui.draws.office import Office
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.rules import calendars


def take_in(
    session: TenantSession, office: Office, data: bytes, *, actor: str, today: date
) -> tuple[Notice, list[Moved]]:
    """The notice, and what is due on another day because of it; somebody hears of what is due earlier."""
    notice = calendars.take_in(session, office.tenant, data, actor=actor)
    return notice, follow(session, office, today)


def follow(session: TenantSession, office: Office, today: date) -> list[Moved]:
    """What the notices in force have moved since somebody looked last: in the ledger, and told if it is earlier."""
    calendar = calendars.in_force(session, office.tenant)
    wanted = Terms.of(office.rules(today))
    moved = terms.refresh(session, wanted, calendar, today)
    watch.tell(session, moved, wanted)
    return moved


def moves(session: TenantSession) -> Iterator[dict[str, Any]]:
    """Every term that another calendar has moved, the newest first; the ledger keeps old and new."""
    query = select(LedgerEntry).where(LedgerEntry.act == terms.MOVED).order_by(col(LedgerEntry.n).desc())
    for entry in session.exec(query):
        kind, _, key = entry.subject.partition("/")
        payload = json.loads(entry.payload)
        days = {name: date.fromisoformat(payload[name]) for name in ("old", "new")}
        yield {"kind": kind, "key": key, **days, "calendar": payload["calendar"], "at": entry.time}
