"""Engines and units of work on both databases."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, make_url
from sqlalchemy.exc import StatementError
from sqlmodel import select

from databases import Database
from shuangsui import db
from shuangsui.db import Counter, TenantSession
from shuangsui.db.connect import connect
from shuangsui.errors import Misconfigured, OutsideFailed
from shuangsui.settings import Settings


def test_sqlite_loses_nothing_when_unplugged(tmp_path: Path):
    """Write-ahead log, fsync at every commit, references checked, writers wait 30 seconds, nothing deleted stays."""
    engine = connect(make_url(Settings(var=tmp_path / "var").database))
    with engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        found = [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in pragmas]
    engine.dispose()
    assert found == ["wal", 2, 1, 30000, 1]


def test_engine_refuses_a_role_that_row_level_security_does_not_bind(postgres: Database):
    """A superuser would see every tenant (trust.md 2.3, case 2)."""
    engine = db.engine(postgres.admin)
    with pytest.raises(Misconfigured) as refused, engine.connect():
        pass
    engine.dispose()
    assert (refused.value.code, refused.value.params) == ("database_role_too_strong", {"role": "postgres"})


def test_engine_refuses_the_owner_of_the_tables(postgres: Database):
    """It is bound, and could loosen what binds it; whoever may become the owner is refused alike."""
    engine = db.engine(postgres.owner)
    with pytest.raises(Misconfigured) as refused, engine.connect():
        pass
    engine.dispose()
    assert (refused.value.code, refused.value.params) == ("database_role_owns", {"role": "owner"})


def test_error_of_a_statement_does_not_say_what_it_was_about(engine: Engine):
    """It is logged, and values may be somebody's address."""
    with TenantSession(engine, "chongqing") as session:
        session.add_all([Counter(name="secret@b.example"), Counter(name="secret@b.example")])
        with pytest.raises(StatementError) as caught:
            session.flush()
    assert "SQL parameters hidden" in str(caught.value)


def test_unit_of_work_commits_at_its_end_and_rolls_back_on_error(scope):
    """All or nothing."""
    with scope("chongqing") as session:
        session.add(Counter(name="kept"))
    with pytest.raises(ZeroDivisionError):
        _add_and_fail(scope)
    with scope("chongqing", readonly=True) as session:
        assert session.exec(select(Counter.name)).all() == ["kept"]


def test_rows_are_usable_after_their_unit_of_work(scope):
    """Services answer rows; reading them later needs no session."""
    with scope("chongqing") as session:
        counter = Counter(name="kept")
        session.add(counter)
    assert (counter.tenant_id, counter.name) == ("chongqing", "kept")


def test_readonly_session_sees_one_state(scope, engine: Engine):
    """What another session commits meanwhile does not show up halfway."""
    with scope("chongqing", readonly=True) as reader:
        before = reader.exec(select(func.count()).select_from(Counter)).one()
        with scope("chongqing") as writer:
            writer.add(Counter(name="new"))
        assert reader.exec(select(func.count()).select_from(Counter)).one() == before == 0


def test_two_writers_queue(engine: Engine):
    """The second writer waits for the first instead of failing."""
    order = []
    with TenantSession(engine, "chongqing") as first:
        db.next_number(first, "plan")
        waiting = threading.Thread(target=_write_after, args=(engine, order))
        waiting.start()
        waiting.join(0.3)
        order.append("first")
        first.commit()
    waiting.join()
    assert order == ["first", 2]


def test_unreachable_database_is_an_outside_failure(postgres: Database):
    """Exit status 3, not a traceback."""
    engine = db.engine(postgres.app.replace("test_", "missing_"))
    with pytest.raises(OutsideFailed) as failed, db.session(engine, "chongqing") as session:
        db.now(session)
    engine.dispose()
    assert failed.value.code == "database_unavailable"


def _add_and_fail(scope) -> None:
    with scope("chongqing") as session:
        session.add(Counter(name="lost"))
        session.flush()
        raise ZeroDivisionError


def _write_after(engine: Engine, order: list[object]) -> None:
    with db.session(engine, "chongqing") as session:
        order.append(db.next_number(session, "plan"))
