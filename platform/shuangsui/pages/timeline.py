"""经过: who did what to one thing, and when, as the ledger has it; without the payloads, which are for auditors."""

from __future__ import annotations

from typing import Any

from sqlalchemy import not_, or_
from sqlmodel import col, select

from shuangsui.access.tables import User
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.tables import DrawLogEntry, LedgerEntry
from shuangsui.pages.declaring import Here, Table
from shuangsui.said import named
from shuangsui.texts import act_title

LATEST = 200
PLATFORM = "平台自动办理"
FEEDBACK = "feedback."
"""What happens with the object's word about the team is not for the team to know (R16.1)."""
COLUMNS = {"time": "时间", "who": "办理人", "what": "行为"}


def of(here: Here, *subjects: str, seq: int | None = None) -> list[Table]:
    """The newest first, no more than :data:`LATEST`; nothing where nothing is written.

    ``seq`` adds the lines of the public log about that draw.
    """
    wanted = [col(LedgerEntry.subject).in_(subjects)]
    if seq is not None:
        lines = here.session.exec(select(DrawLogEntry.ledger_n).where(DrawLogEntry.seq == seq)).all()
        wanted.append(col(LedgerEntry.n).in_(lines))
    hidden = () if here.actor.may("read_feedback") else (not_(col(LedgerEntry.act).startswith(FEEDBACK)),)
    query = select(LedgerEntry).where(or_(*wanted), *hidden).order_by(col(LedgerEntry.n).desc()).limit(LATEST)
    entries = here.session.exec(query).all()
    names = _names(here, {one.actor for one in entries})
    rows = [_row(one, names) for one in entries]
    link = "/ledger/{n}" if here.actor.may("read_audit") else ""
    return [Table(COLUMNS, rows, link, title="经过")] if rows else []


def _row(entry: LedgerEntry, names: dict[str, str]) -> dict[str, Any]:
    name = names.get(entry.actor)
    who = PLATFORM if entry.actor == CLOCK else named(name, entry.actor) if name else entry.actor
    return {"n": entry.n, "time": entry.time, "actor": entry.actor, "who": who, "act": entry.act,
            "what": act_title(entry.act)}  # fmt: skip


def _names(here: Here, logins: set[str]) -> dict[str, str]:
    query = select(User.login, User.name).where(col(User.login).in_(logins))
    return dict(here.session.exec(query).all()) if logins else {}
