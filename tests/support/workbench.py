"""Rows of the outbox, a job whose behaviour a test sets, and a worker to run them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from shuangsui import db
from shuangsui.ledger.alerts import TELL
from shuangsui.outbox import OutboxRow, enqueue
from shuangsui.settings import Settings
from shuangsui.worker.process import drain, runner_of
from shuangsui.worker.running import Runner
from shuangsui.worker.work import Job, Known, Work

HERE, OTHER = "chongqing", "liangjiang"
AWAITED = "test.awaited"
ROOT = Path(__file__).parents[2]


@dataclass
class Bench:
    """One installation with a job ``test.do``, whose behaviour the test sets, and one like it that is awaited."""

    engine: Engine
    settings: Settings
    do: Callable[..., None] = lambda *_arguments, **_named: None
    ran: list[dict[str, Any]] = field(default_factory=list)
    attempts: int | None = 3

    @property
    def known(self) -> Known:
        """What an alert asks for is done by nobody here."""
        jobs = (
            Job("test.do", self._run, self.attempts, draw="draw"), Job(AWAITED, self._run, awaited=True),
            Job(TELL, lambda *_arguments, **_named: None),
        )  # fmt: skip
        return Known({job.name: job for job in jobs}, ())

    @property
    def runner(self) -> Runner:
        return runner_of(self.engine, self.settings, self.known)

    def ask(self, tenant: str = HERE, job: str = "test.do", **named: Any) -> UUID:
        """One row, in a transaction of its own."""
        with db.session(self.engine, tenant) as session:
            made = enqueue(session, job, **named)
        assert made is not None
        return made

    def drain(self, tenant: str = HERE) -> int:
        return drain(self.runner, self.engine, tenant)

    def row(self, id_: UUID, tenant: str = HERE) -> OutboxRow:
        with db.session(self.engine, tenant, readonly=True) as session:
            found = session.find(OutboxRow, id_)
            assert found is not None
            return found

    def wait(self, by: timedelta) -> None:
        """Move the installation's clock."""
        with db.session(self.engine, HERE) as session:
            db.move_clock(session, by)

    def _run(self, work: Work, **arguments: Any) -> None:
        self.ran.append({"tenant": work.office.tenant.slug, **arguments})
        self.do(work, **arguments)
