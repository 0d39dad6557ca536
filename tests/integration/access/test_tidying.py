"""What is cleared away, and how long it is kept at least."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlmodel import select

from authority import ROOT, Authority
from shuangsui import db
from shuangsui.access import jobs, service, signin, tokens
from shuangsui.access.tables import ApiToken, WebSession
from shuangsui.db import move_clock
from shuangsui.ledger.tables import DrawLogEntry, LedgerEntry
from shuangsui.settings import Settings
from shuangsui.worker.work import Work


def kept(authority: Authority) -> tuple[int, int, int]:
    """Sessions, tokens, entries of the draw log."""
    with authority.session() as session:
        counts = [len(session.exec(select(kind)).all()) for kind in (WebSession, ApiToken, DrawLogEntry)]
    return counts[0], counts[1], counts[2]


def tidy(authority: Authority, **later: int) -> None:
    """Time passes, and the night's work is done."""
    with authority.session() as session:
        move_clock(session, timedelta(**later))
    settings = Settings(var=authority.folder, tenants=ROOT / "tenants")
    jobs.tidy(Work(authority.engine, authority.office, settings))


def test_ended_sessions_and_tokens_are_kept_as_long_as_the_authority_says(place):
    """A year by default, counted from their end; the ledger loses nothing and says how many went; the log stays."""
    authority = Authority(place.engine, place.folder, place=place)
    authority.drawn()
    with authority.session() as session:
        user = service.existing(session, "lead")
        for _ in range(2):
            signin.open_session(session, user)
        actor = service.actor_of(session, user)
        today = authority.today
        for days in (0, 300):
            tokens.make(session, actor, "x", ["view"], today=today, until=today + timedelta(days=days))
    log = kept(authority)[2]
    assert log > 0
    tidy(authority, days=365)
    assert kept(authority) == (2, 2, log)
    tidy(authority, days=2)
    assert kept(authority) == (0, 1, log)
    tidy(authority, days=1)
    with db.session(authority.engine, "chongqing", readonly=True) as session:
        rows = session.exec(select(LedgerEntry).where(LedgerEntry.act == "access.tidy")).all()
    assert [(row.actor, json.loads(row.payload)["count"]) for row in rows] == [("os:clock", 3)]
