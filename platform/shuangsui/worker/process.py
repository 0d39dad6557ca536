"""A worker process, the same inside the web process of an embedded installation, and a command that waits for none."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import dramatiq
import structlog
from sqlalchemy import Engine

from shuangsui import db
from shuangsui.draws.office import Office
from shuangsui.errors import Misconfigured
from shuangsui.extension.overlay import seated
from shuangsui.ledger.keys import Keyring
from shuangsui.settings import Settings
from shuangsui.tenancy.tree import Tree, load
from shuangsui.worker import policy
from shuangsui.worker.brokers import bind, broker_for
from shuangsui.worker.relay import Relay, due
from shuangsui.worker.running import Runner
from shuangsui.worker.work import Known, known

log = structlog.get_logger(__name__)
FRESH = 30.0
"""Seconds after which the tenants' files are read again."""
STUCK = 600.0
"""Seconds without a look at any tenant: longer than a network needs to give up a database that is away."""


class House:
    """The tenants' files as they were read last, at most :data:`FRESH` seconds ago; for all threads of a process."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        """Read at the first need."""
        self._engine, self._settings, self._lock = engine, settings, threading.Lock()
        self._tree, self._read = Tree(()), -FRESH

    def tree(self) -> Tree:
        """Files that are wrong at the moment leave the last good state in force."""
        with self._lock:
            if time.monotonic() - self._read >= FRESH:
                self._tree, self._read = self._again(), time.monotonic()
            return self._tree

    def office(self, slug: str) -> Office:
        """A tenant's office."""
        with db.session(self._engine, slug, readonly=True) as session:
            tree = seated(session, self.tree())
        return Office(tree, tree.get(slug), Keyring(self._settings.master_key))

    def slugs(self) -> Sequence[str]:
        """Every tenant of the installation."""
        return [tenant.slug for tenant in self.tree()]

    def _again(self) -> Tree:
        try:
            return load(self._settings.tenants)
        except Misconfigured as error:
            if not len(self._tree):
                raise
            log.warning("tenants_unreadable", code=error.code, params=error.params)
            return self._tree


def runner_of(engine: Engine, settings: Settings, jobs: Known | None = None) -> Runner:
    """What runs rows of this installation."""
    return Runner(engine, settings, jobs or known(), House(engine, settings).office)


def drain(runner: Runner, engine: Engine, tenant: str) -> int:
    """Run every row of a tenant that is due, here and now, and whatever these ask for; how many were run."""
    count = 0
    while ids := _due(engine, tenant):
        ran = [runner.run(tenant, id_) for id_ in ids]
        count += sum(ran)
        if not any(ran):
            break
    return count


@dataclass(frozen=True, slots=True)
class Crew:
    """The threads of a process that works."""

    relay: Relay
    helpers: Sequence[threading.Thread]

    def alive(self) -> bool:
        """Whether they all run and come forward; a database that is away leaves them alive."""
        late = time.monotonic() - self.relay.beat > STUCK
        return not late and all(helper.is_alive() for helper in self.helpers)


@contextmanager
def working(engine: Engine, settings: Settings, *, threads: int = 2, jobs: Known | None = None) -> Iterator[Crew]:
    """Relay, worker and renewal of leases, until the block ends; what runs then is finished or left to its lease."""
    house, jobs = House(engine, settings), jobs or known()
    runner, broker = Runner(engine, settings, jobs, house.office), broker_for(settings.broker_url)
    relay = Relay(engine, jobs, house.slugs, bind(broker, runner.run))
    worker, stop = dramatiq.Worker(broker, worker_threads=threads), threading.Event()
    helpers = [
        threading.Thread(target=relay.run, args=(stop,), name="relay", daemon=True),
        threading.Thread(target=_renewing, args=(runner, stop), name="leases", daemon=True),
    ]
    worker.start()
    for helper in helpers:
        helper.start()
    try:
        yield Crew(relay, helpers)
    finally:
        stop.set()
        worker.stop()
        for helper in helpers:
            helper.join(timeout=10)
        broker.close()


def _renewing(runner: Runner, stop: threading.Event) -> None:
    while not stop.wait(policy.LEASE.total_seconds() / 3):
        try:
            runner.renew()
        except Exception as error:  # noqa: BLE001 - a database that is away must not leave later work without its lease
            log.warning("renewal_failed", error=type(error).__name__)


def _due(engine: Engine, tenant: str) -> list[UUID]:
    with db.session(engine, tenant, readonly=True) as session:
        return [row.id for row in due(session)]
