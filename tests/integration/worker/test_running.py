"""Rows of the outbox: asked for with the act, run by one worker, done on success, kept on failure."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from uuid import UUID

from sqlmodel import select
from structlog.contextvars import bound_contextvars

from crossing import logging_to
from shuangsui import db, outbox
from shuangsui.db import TenantSession
from shuangsui.errors import OutsideFailed, RuleRefused
from shuangsui.ledger.alerts import open_alerts
from shuangsui.outbox import OutboxRow, WorkState, again, enqueue, work_of
from shuangsui.worker.policy import LEASE
from shuangsui.worker.running import settle, take
from shuangsui.worker.work import Work
from workbench import HERE, OTHER, Bench


def fail(*, permanent: bool = False) -> None:
    raise OutsideFailed("plugin_failed", permanent=permanent, plugin="portal", step="publish", reason="连不上")


def test_work_of_a_rolled_back_act_does_not_exist(bench: Bench) -> None:
    """The row stands and falls with its transaction."""
    with TenantSession(bench.engine, HERE) as session:
        enqueue(session, "test.do")
        session.rollback()
    assert (bench.drain(), bench.ran) == (0, [])


def test_work_is_done_once(bench: Bench) -> None:
    """With its arguments, in its own tenant, and never again."""
    row = bench.ask(draw="2026-0001")
    assert (bench.drain(OTHER), bench.drain(), bench.drain()) == (0, 1, 0)
    assert bench.ran == [{"tenant": HERE, "draw": "2026-0001"}]
    assert (bench.row(row).state, bench.row(row).attempts, bench.row(row).error) == (WorkState.DONE, 1, "")


def test_lines_of_the_work_name_whose_it_is_and_the_draw(bench: Bench) -> None:
    """The login of whoever had it asked for, as far as somebody had signed in; the arguments stay the job's own."""
    stream = StringIO()
    with bound_contextvars(actor="zong", request_id="asked-by-me"):
        bench.ask(draw="2026-0001")
    bench.ask()
    with logging_to(stream):
        assert bench.drain() == 2
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    told = [(line["event"], line.get("actor"), line.get("draw"), line.get("request_id")) for line in lines]
    assert told == [("job_done", "zong", "2026-0001", "asked-by-me"), ("job_done", None, None, None)]
    assert bench.ran[0] == {"tenant": HERE, "draw": "2026-0001"}


def test_same_key_is_asked_for_once(bench: Bench) -> None:
    """Even after it was done; another job or tenant has keys of its own."""
    bench.ask(key="2026-0001")
    with db.session(bench.engine, HERE) as session:
        assert enqueue(session, "test.do", key="2026-0001") is None
    bench.drain()
    with db.session(bench.engine, HERE) as session:
        assert enqueue(session, "test.do", key="2026-0001") is None
        assert enqueue(session, "test.other", key="2026-0001") is not None
    bench.ask(OTHER, key="2026-0001")


def test_failure_waits_longer_each_time_and_ends_as_a_dead_letter(bench: Bench) -> None:
    """Its reason stays; the alert is for the system administrator."""
    bench.do = lambda _work: fail()
    row = bench.ask()
    for attempt in (1, 2):
        assert bench.drain() == 1
        found = bench.row(row)
        assert (found.state, found.attempts, "连不上" in found.error) == (WorkState.NEW, attempt, True)
        assert bench.drain() == 0
        bench.wait(outbox.LONGEST)
    assert bench.drain() == 2, "the last attempt, and telling of the alert"
    assert (bench.row(row).state, bench.row(row).attempts) == (WorkState.DEAD, 3)
    with db.session(bench.engine, HERE, readonly=True) as session:
        assert [(alert.kind, alert.to) for alert in open_alerts(session)] == [("job_dead", ["system_admin"])]


def test_dead_letter_is_started_again(bench: Bench) -> None:
    """With all its attempts; success clears the alert."""
    bench.do = lambda _work: fail(permanent=True)
    row = bench.ask()
    bench.drain()
    assert (bench.row(row).state, bench.row(row).attempts) == (WorkState.DEAD, 1)
    bench.do = lambda _work: None
    with db.session(bench.engine, HERE) as session:
        again(session, session.find(OutboxRow, row))
    assert (bench.drain(), bench.row(row).state) == (1, WorkState.DONE)
    with db.session(bench.engine, HERE, readonly=True) as session:
        assert open_alerts(session) == []


def test_refusal_is_final_at_once(bench: Bench) -> None:
    """What the law refuses today it refuses in an hour as well."""

    def refuse(_work: Work) -> None:
        raise RuleRefused("not_leader", article="第八条", person="A", task="B")

    bench.do = refuse
    row = bench.ask()
    bench.drain()
    assert bench.row(row).state is WorkState.DEAD


def test_work_that_is_running_is_nobody_else_s(bench: Bench) -> None:
    """While the lease lasts a second hint does nothing."""
    row = bench.ask()
    inner: list[bool] = []
    bench.do = lambda _work: inner.append(bench.runner.run(HERE, row))
    assert (bench.drain(), inner, len(bench.ran)) == (1, [False], 1)


def test_worker_that_died_is_replaced_and_cannot_settle_any_more(bench: Bench) -> None:
    """After its lease; what it still says about the row is ignored."""
    row = bench.ask()
    with db.session(bench.engine, HERE) as session:
        lost = take(session, row)
    assert lost is not None
    assert bench.drain() == 0
    expire(bench, row)
    assert (bench.drain(), bench.row(row).attempts) == (1, 2)
    with db.session(bench.engine, HERE) as session:
        settle(session, lost, RuntimeError("too late"), None)
    assert bench.row(row).state is WorkState.DONE


def test_lease_is_kept_while_the_work_runs(bench: Bench) -> None:
    """A renewed lease reaches further than the first one."""
    row = bench.ask()
    runner = bench.runner
    seen = []

    def look(_work: Work) -> None:
        expire(bench, row)
        runner.renew()
        seen.append(bench.row(row).lease_until)

    bench.do = look
    runner.run(HERE, row)
    with db.session(bench.engine, HERE, readonly=True) as session:
        assert seen[0] > db.wall(session)


def test_work_for_later_waits(bench: Bench) -> None:
    """By the installation's clock, moved or not."""
    with db.session(bench.engine, HERE) as session:
        enqueue(session, "test.do", at=db.now(session) + timedelta(days=3))
    assert bench.drain() == 0
    bench.wait(timedelta(days=3))
    assert bench.drain() == 1


def test_unknown_job_is_a_dead_letter(bench: Bench) -> None:
    """Of a plugin or version that is gone; nothing else stops for it."""
    with db.session(bench.engine, HERE) as session:
        enqueue(session, "gone.job", key="k")
    bench.ask()
    assert bench.drain() == 3, "both, and telling of the alert"
    with db.session(bench.engine, HERE, readonly=True) as session:
        found = work_of(session, "gone.job", "k")
        assert found is not None
        assert (found.state, session.exec(select(OutboxRow.state).where(OutboxRow.job == "test.do")).one()) == (
            WorkState.DEAD,
            WorkState.DONE,
        )


def expire(bench: Bench, row: UUID) -> None:
    """As if the lease had begun a minute earlier."""
    with db.session(bench.engine, HERE) as session:
        found = session.find(OutboxRow, row)
        assert found is not None
        assert found.lease_until is not None
        found.lease_until -= 2 * LEASE
        session.add(found)
