"""Daily work is asked for by the database's clock: once a day, and made up for once after days without a worker."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlmodel import select

from shuangsui import db
from shuangsui.outbox import OutboxRow
from shuangsui.worker import schedule
from shuangsui.worker.policy import LEGAL
from shuangsui.worker.work import Daily
from workbench import HERE, Bench

TIMES = (Daily("test.do", time(2)),)


def days(bench: Bench) -> list[str]:
    """The days for which the work was asked for."""
    with db.session(bench.engine, HERE, readonly=True) as session:
        return list(session.exec(select(OutboxRow.key).order_by(OutboxRow.key)))


def tick(bench: Bench) -> bool:
    """One look at the clock; whether anything was due."""
    with db.session(bench.engine, HERE) as session:
        due = schedule.is_due(session, TIMES)
        schedule.ask(session, TIMES)
    return due


def latest_turn(bench: Bench) -> date:
    with db.session(bench.engine, HERE, readonly=True) as session:
        local = db.now(session).astimezone(LEGAL)
    return local.date() if local.time() >= time(2) else local.date() - timedelta(days=1)


def test_once_a_day(bench: Bench) -> None:
    """A new installation asks at once; then the next turn is the next day's."""
    first = latest_turn(bench)
    assert [tick(bench), tick(bench)] == [True, False]
    bench.wait(timedelta(days=1))
    assert [tick(bench), tick(bench)] == [True, False]
    assert days(bench) == [first.isoformat(), (first + timedelta(days=1)).isoformat()]


def test_days_without_a_worker_are_made_up_for_once(bench: Bench) -> None:
    """Not once for every day that was missed."""
    first = latest_turn(bench)
    tick(bench)
    bench.wait(timedelta(days=5))
    assert [tick(bench), tick(bench)] == [True, False]
    assert days(bench) == [first.isoformat(), (first + timedelta(days=5)).isoformat()]
