"""The same work through every broker; a broker that dies takes hints with it and nothing else."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from queues import PROGRAMS, Queue, missing
from shuangsui import db
from shuangsui.outbox import OutboxRow, WorkState
from shuangsui.settings import Settings
from shuangsui.worker import policy
from shuangsui.worker.process import working
from workbench import AWAITED, HERE, OTHER, ROOT, Bench

SCHEMES = ("none", "amqp", "redis")


@pytest.fixture(scope="module", params=SCHEMES)
def queue(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Queue | None]:
    """Each broker in turn, started once."""
    scheme = request.param
    if scheme == "none":
        yield None
        return
    if missing(scheme):
        pytest.skip(f"{PROGRAMS[scheme]} is not installed")
    made = Queue(scheme, tmp_path_factory.mktemp(scheme))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def through(bench: Bench, queue: Queue | None, tmp_path: Path) -> Bench:
    """The workbench with this broker."""
    url = queue.url if queue else None
    bench.settings = Settings(var=tmp_path, tenants=ROOT / "tenants", broker_url=url)
    return bench


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "still not"
        time.sleep(0.1)


def open_rows(bench: Bench) -> int:
    """Rows of both tenants that are not done."""
    count = 0
    for tenant in (HERE, OTHER):
        with db.session(bench.engine, tenant, readonly=True) as session:
            query = select(OutboxRow.id).where(OutboxRow.state != WorkState.DONE)
            count += len(session.exec(query).all())
    return count


def test_every_row_is_run_once(through: Bench) -> None:
    """Of two tenants, by two threads."""
    for n in range(12):
        through.ask(HERE if n % 2 else OTHER, n=n)
    with working(through.engine, through.settings, jobs=through.known):
        until(lambda: open_rows(through) == 0)
    expected = Counter((HERE if n % 2 else OTHER, n) for n in range(12))
    assert Counter((one["tenant"], one["n"]) for one in through.ran) == expected


def test_what_is_awaited_does_not_stand_in_line_behind_notices(through: Bench) -> None:
    """Asked for last, it is run among the first."""
    through.do = lambda *_arguments, **_named: time.sleep(0.05)
    for n in range(40):
        through.ask(n=n)
    through.ask(job=AWAITED, n=40)
    with working(through.engine, through.settings, threads=1, jobs=through.known):
        until(lambda: open_rows(through) == 0)
    order = [one["n"] for one in through.ran]
    assert sorted(order) == list(range(41))
    assert order.index(40) < 20


@pytest.mark.parametrize("queue", SCHEMES[1:], indirect=True)
def test_two_workers_share_the_work(through: Bench, queue: Queue) -> None:
    """Both look for it and both take hints; no row is run by both."""
    with ExitStack() as both:
        for _ in range(2):
            both.enter_context(working(through.engine, through.settings, jobs=through.known))
        for n in range(24):
            through.ask(n=n)
        until(lambda: open_rows(through) == 0)
    assert sorted(one["n"] for one in through.ran) == list(range(24))


@pytest.mark.parametrize("queue", SCHEMES[1:], indirect=True)
def test_broker_that_dies_loses_no_work(through: Bench, queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows asked for while it is away, and hints it had taken, are run after it is back with nothing in it."""
    monkeypatch.setattr(policy, "HINT", timedelta(seconds=1))
    with working(through.engine, through.settings, jobs=through.known):
        through.ask(n=0)
        until(lambda: open_rows(through) == 0)
        queue.stop()
        for n in range(1, 6):
            through.ask(n=n)
        time.sleep(1)
        shutil.rmtree(queue.folder)
        queue.start()
        until(lambda: open_rows(through) == 0)
    assert sorted(one["n"] for one in through.ran) == list(range(6))
