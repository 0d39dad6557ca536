"""Two writers of one log: no gap, no double, no broken chain (trust.md T4)."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context

import pytest
from sqlalchemy import Engine
from sqlmodel import func, select

from databases import Database
from drawlogs import plan, write
from shuangsui import db
from shuangsui.db import numbers
from shuangsui.ledger.service import append, record, verify
from shuangsui.ledger.tables import DrawLogEntry

ROUNDS = 25


def append_plans(url: str) -> int:
    """Append :data:`ROUNDS` plans, each under the next seq, each in a transaction of its own."""
    engine = db.engine(url)
    for _ in range(ROUNDS):
        with db.session(engine, "chongqing") as session:
            db.lock_tenant(session)
            seq = session.exec(select(func.count()).select_from(DrawLogEntry)).one() + 1
            write(session, "PLAN", plan(seq))
    engine.dispose()
    return ROUNDS


def assert_whole(url: str, entries: int) -> None:
    """One gapless log."""
    engine = db.engine(url)
    with db.session(engine, "chongqing", readonly=True) as session:
        report = verify(session)
    engine.dispose()
    assert (report.drawlog, report.ledger, report.faults) == (entries, entries, ())


def test_two_threads_on_sqlite_write_one_log(sqlite_files):
    """They queue for the database's one writer."""
    url = sqlite_files.create().app
    with ThreadPoolExecutor(2) as pool:
        written = sum(pool.map(append_plans, [url, url]))
    assert_whole(url, written)


def test_two_processes_on_postgresql_write_one_log(postgres: Database):
    """They queue for the tenant's lock."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        written = sum(pool.map(append_plans, [postgres.app, postgres.app]))
    assert_whole(postgres.app, written)


def test_two_tenants_do_not_wait_for_each_other(postgres: Database):
    """The lock is one tenant's: another tenant writes while it is held."""
    engine = db.engine(postgres.app)
    with db.session(engine, "chongqing") as first, db.session(engine, "liangjiang") as second:
        record(first, "item.add", actor="zhang", subject="A-1", payload={})
        append(second, "PLAN", plan(1), actor="wang", origin="draws.example/liangjiang")
    engine.dispose()


def test_without_the_lock_two_writers_get_the_same_number(postgres: Database, monkeypatch: pytest.MonkeyPatch):
    """The lock is what keeps them apart."""
    assert both_numbers(postgres) == [1, 2]
    monkeypatch.setattr(numbers, "lock_tenant", lambda _: None)
    assert both_numbers(postgres) == [3, 3]


def both_numbers(database: Database) -> list[int]:
    """Numbers of two transactions of which the second asks before the first has committed."""
    engine = db.engine(database.app)
    with ThreadPoolExecutor(1) as pool, db.session(engine, "chongqing") as first:
        found = [db.next_number(first, "plan")]
        second = pool.submit(one_number, engine)
        with suppress(TimeoutError):
            second.result(timeout=0.3)
        first.commit()
        found.append(second.result(timeout=10))
    engine.dispose()
    return found


def one_number(engine: Engine) -> int:
    """The next number, in a transaction of its own."""
    with db.session(engine, "chongqing") as session:
        return db.next_number(session, "plan")
