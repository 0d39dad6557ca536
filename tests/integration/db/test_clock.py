"""One clock, the database's; movable for simulations only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from databases import Database
from shuangsui import db
from shuangsui.db import ClockOffset
from shuangsui.errors import BadInput
from shuangsui.ledger.tables import LedgerEntry

TOLERANCE = timedelta(seconds=5)


def test_now_is_utc(scope):
    """Aware, and the time it is."""
    with scope("chongqing") as session:
        now = db.now(session)
    assert now.utcoffset() == timedelta()
    assert abs(now - datetime.now(UTC)) < TOLERANCE


def test_simulated_clock_moves_for_every_tenant(scope):
    """Moves add up, and reach every session."""
    with scope("chongqing") as session:
        db.move_clock(session, timedelta(days=2))
        db.move_clock(session, timedelta(days=-1))
    with scope("liangjiang") as session:
        assert abs(db.now(session) - datetime.now(UTC) - timedelta(days=1)) < TOLERANCE


def test_real_clock_cannot_be_moved_and_ignores_the_row(scope, database: Database):
    """Without the setting the row has no effect, so nobody steers time by editing it."""
    with scope("chongqing") as session:
        db.move_clock(session, timedelta(days=9))
    engine = db.engine(database.app)
    with db.session(engine, "chongqing") as session:
        assert abs(db.now(session) - datetime.now(UTC)) < TOLERANCE
        with pytest.raises(BadInput, match="clock_not_simulated"):
            db.move_clock(session, timedelta(days=1))
        assert session.exec(select(ClockOffset.seconds)).one() == 9 * 86400
    engine.dispose()


def test_naive_time_is_refused(chongqing):
    """A time without offset is not stored."""
    entry = {"n": 1, "actor": "", "act": "", "subject": "", "payload": "", "prev": "", "hash": ""}
    chongqing.add(LedgerEntry(time=datetime(2026, 1, 1), **entry))  # noqa: DTZ001
    with pytest.raises(Exception, match="must have timezone information"):
        chongqing.flush()


def test_time_comes_back_in_utc(scope):
    """Whatever its offset was."""
    local = datetime(2026, 1, 1, 8, 0, tzinfo=UTC).astimezone()
    entry = {"n": 1, "actor": "", "act": "", "subject": "", "payload": "", "prev": "", "hash": ""}
    with scope("chongqing") as session:
        session.add(LedgerEntry(time=local, **entry))
    with scope("chongqing") as session:
        read = session.exec(select(LedgerEntry.time)).one()
    assert (read, read.utcoffset()) == (local, timedelta())
