"""Running one row of the outbox: taken by one worker only, done on success, kept with its reason on failure."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from opentelemetry.trace import SpanKind
from sqlalchemy import Engine
from structlog.contextvars import bound_contextvars

from shuangsui import db, outbox, traces
from shuangsui.access.policy import Role
from shuangsui.db import TenantSession, lock_tenant
from shuangsui.draws.office import Office
from shuangsui.errors import ShuangsuiError
from shuangsui.ledger import rollback
from shuangsui.ledger.alerts import clear_alert, raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.measures import JOBS
from shuangsui.outbox import Origin, OutboxRow, WorkState
from shuangsui.settings import Settings
from shuangsui.texts import sentence
from shuangsui.worker import policy
from shuangsui.worker.work import Job, Known, Work

log = structlog.get_logger(__name__)
DEAD = "job_dead"


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that this worker may run; ``attempt`` tells it from whoever takes it after a lost lease."""

    tenant: str
    id: UUID
    attempt: int
    job: str
    arguments: dict[str, Any]
    origin: Origin


class Runner:
    """Runs rows of any tenant, and keeps the leases of those that are running."""

    def __init__(self, engine: Engine, settings: Settings, known: Known, office: Callable[[str], Office]) -> None:
        """``office``: a tenant's office by its slug, with the configuration as it is now."""
        self._engine, self._settings, self._known, self._office = engine, settings, known, office
        self._running: dict[UUID, Taken] = {}
        self._lock = threading.Lock()

    def run(self, tenant: str, id_: UUID) -> bool:
        """Run the row if it is due and nobody else runs it; whether it was run. Never raises for what the job did."""
        with db.session(self._engine, tenant) as session:
            taken = take(session, id_)
        if taken is None:
            return False
        told: dict[str, str | int] = {"tenant": tenant, "job": taken.job, "attempt": taken.attempt}
        about = {**taken.origin.bound, **self._draw(taken)}
        with (
            traces.root(f"job {taken.job}", SpanKind.CONSUMER, taken.origin.trace, **told) as span,
            bound_contextvars(work=str(id_), **told, **about),
        ):
            self._keep(taken)
            try:
                error = self._attempt(taken)
            finally:
                self._drop(taken)
            if error:
                traces.failed(span, error)
            with db.session(self._engine, tenant) as session:
                settle(session, taken, error, self._known.jobs.get(taken.job))
        return True

    def renew(self) -> None:
        """Keep the leases of what runs here; one that was lost is not taken back."""
        with self._lock:
            running = list(self._running.values())
        for taken in running:
            with db.session(self._engine, taken.tenant) as session:
                if row := mine(session, taken):
                    row.lease_until = db.wall(session) + policy.LEASE
                    session.add(row)

    def _attempt(self, taken: Taken) -> BaseException | None:
        try:
            job = self._known.jobs[taken.job]
            job.run(Work(self._engine, self._office(taken.tenant), self._settings), **taken.arguments)
        except ShuangsuiError as error:
            log.warning("job_failed", code=error.code)
            JOBS.labels(taken.job, "failed").inc()
            return error
        except Exception as error:
            log.exception("job_broken")
            JOBS.labels(taken.job, "broken").inc()
            return error
        log.info("job_done")
        JOBS.labels(taken.job, "done").inc()
        return None

    def _draw(self, taken: Taken) -> dict[str, str]:
        """The draw that the work is about, if it is about one."""
        job = self._known.jobs.get(taken.job)
        return {"draw": str(taken.arguments[job.draw])} if job and job.draw in taken.arguments else {}

    def _keep(self, taken: Taken) -> None:
        with self._lock:
            self._running[taken.id] = taken

    def _drop(self, taken: Taken) -> None:
        with self._lock:
            self._running.pop(taken.id, None)


def take(session: TenantSession, id_: UUID) -> Taken | None:
    """The row for this worker, leased from now on; None if it is not due or somebody else has it."""
    row = session.get(OutboxRow, (session.tenant, id_), with_for_update={"skip_locked": True})
    if row is None or not is_due(session, row) or rollback.lag(session):
        return None
    row.state, row.attempts = WorkState.RUNNING, row.attempts + 1
    row.lease_until = db.wall(session) + policy.LEASE
    session.add(row)
    return Taken(session.tenant, row.id, row.attempts, row.job, outbox.given(row), outbox.origin(row))


def is_due(session: TenantSession, row: OutboxRow) -> bool:
    """New and its time has come, or left behind by a worker that is gone."""
    if row.state is WorkState.NEW:
        return row.run_at <= db.now(session)
    return row.state is WorkState.RUNNING and row.lease_until is not None and row.lease_until < db.wall(session)


def mine(session: TenantSession, taken: Taken) -> OutboxRow | None:
    """The row, unless somebody took it after this worker's lease had ended."""
    row = session.get(OutboxRow, (session.tenant, taken.id), with_for_update=True)
    alive = row is not None and row.state is WorkState.RUNNING and row.attempts == taken.attempt
    return row if alive else None


def settle(session: TenantSession, taken: Taken, error: BaseException | None, job: Job | None) -> None:
    """How the attempt ended; a dead letter raises an alert that stays until the work is done after all."""
    lock_tenant(session)
    row = mine(session, taken)
    if row is None:
        return
    row.lease_until = row.hinted_at = None
    if error is None:
        row.state, row.done_at, row.error = WorkState.DONE, db.now(session), ""
        clear_alert(session, DEAD, _subject(row))
    else:
        _failed(session, row, error, job.attempts if job else 1)
    if row.again_at and row.state is not WorkState.NEW:
        outbox.start(row, row.again_at)
    row.again_at = None
    session.add(row)


def _failed(session: TenantSession, row: OutboxRow, error: BaseException, limit: int | None) -> None:
    row.error = sentence(error) if isinstance(error, ShuangsuiError) else type(error).__name__
    verdict = policy.judge(error, row.attempts, limit, str(row.id))
    if verdict.after is None:
        row.state = WorkState.DEAD
        raise_alert(session, DEAD, _subject(row), level=AlertLevel.BREACH, to=(Role.SYSTEM_ADMIN,))
        return
    row.state, row.run_at = WorkState.NEW, db.now(session) + verdict.after


def _subject(row: OutboxRow) -> str:
    """Work that nobody named is all of one kind."""
    return f"work/{row.job}" if row.key == str(row.id) else f"work/{row.job}/{row.key}"
