"""Work that must follow an official act, written in the act's own transaction; no broker, no function, only names.

A row is done when its work is, never when it was handed to somebody. Retries and dead letters live in the row, so no
queue can lose them. ``arguments`` are primitives: numbers and keys of rows, never personal data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, event, exists
from sqlmodel import Field, Text, col, select
from structlog.contextvars import get_contextvars

from shuangsui import traces
from shuangsui.db import Json, TenantOwned, TenantSession, choice, lock_tenant, new_id, now

Primitive = str | int | bool | None
ASKED, STANDING = "outbox", "standing"
REQUEST, ACTOR, TRACE = "_request", "_actor", "_trace"
listeners: list[Callable[[str], None]] = []
"""Told of a tenant for which this process has just asked for work; others find it by looking."""


FIRST, LONGEST = timedelta(seconds=5), timedelta(hours=1)


class WorkState(StrEnum):
    """How far the work of a row is."""

    NEW = "new"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"
    """Given up; somebody must look at it and may start it again."""


class OutboxRow(TenantOwned, table=True):
    """One piece of work of one tenant; ``key`` names it, so that it is asked for once."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("tenant_id", "job", "key"),
        Index("ix_outbox_due", "tenant_id", "state", "run_at"),
    )

    job: str = Field(max_length=64)
    key: str = Field(max_length=150)
    arguments: dict[str, Any] = Field(sa_type=Json)
    state: WorkState = Field(default=WorkState.NEW, sa_type=choice(WorkState))
    made_at: datetime
    run_at: datetime = Field(description="not earlier; by the installation's clock")
    attempts: int = 0
    hinted_at: datetime | None = Field(default=None, description="when a worker was last told; by the wall clock")
    lease_until: datetime | None = Field(default=None, description="nobody else runs it before; by the wall clock")
    again_at: datetime | None = Field(default=None, description="it was asked for anew while it was running")
    done_at: datetime | None = None
    error: str = Field(default="", sa_type=Text, description="why the last attempt failed, one sentence")


@event.listens_for(TenantSession, "after_commit")
def tell(session: TenantSession) -> None:
    """Once the rows stand, whoever serves them need not wait for his next look."""
    if session.info.pop(ASKED, False):
        for listener in listeners:
            listener(session.tenant)


@dataclass(frozen=True, slots=True)
class Origin:
    """The request in which work was asked for, whose it was, and the span of it; empty where none began it, nobody had
    signed in, or nobody traced."""

    request: str
    actor: str
    trace: str

    @property
    def bound(self) -> dict[str, str]:
        """What every log line of the work has from it."""
        said = {"request_id": self.request, "actor": self.actor}
        return {name: value for name, value in said.items() if value}


class Turn(TenantOwned, table=True):
    """When daily work is asked for next."""

    __tablename__ = "turn"
    __table_args__ = (UniqueConstraint("tenant_id", "job"),)

    job: str = Field(max_length=64)
    next_at: datetime


def enqueue(
    session: TenantSession, job: str, *, key: str | None = None, at: datetime | None = None, **arguments: Primitive
) -> UUID | None:
    """Ask for ``job`` once this transaction stands; None if a row with this ``key`` exists, whatever became of it."""
    if key is not None and is_asked(session, job, key):
        return None
    id_, moment = new_id(), now(session)
    row = OutboxRow(
        id=id_, job=job, key=key or str(id_), arguments=arguments | _origin(), made_at=moment, run_at=at or moment
    )
    session.add(row)
    session.flush()
    session.info[ASKED] = True
    return id_


def is_asked(session: TenantSession, job: str, key: str) -> bool:
    """Whether anybody ever asked for it, whatever became of it."""
    return session.exec(select(exists(_named(job, key)))).one()


def ask(
    session: TenantSession, job: str, key: str = STANDING, *, at: datetime | None = None, **arguments: Primitive
) -> None:
    """Ask for standing work, which does all there is to do: one row for ever, run once more whoever asks for it.

    Whoever asks holds the tenant's lock. What runs at this moment runs again afterwards; what waits comes no later.
    """
    row, moment = _locked(session, job, key), at or now(session)
    if row is None:
        enqueue(session, job, key=key, at=at, **arguments)
        return
    row.arguments = given(row) | _origin()
    if row.state is WorkState.RUNNING:
        row.again_at = min(row.again_at or moment, moment)
    elif row.state is not WorkState.NEW:
        start(row, moment)
    elif moment < row.run_at:
        row.run_at, row.hinted_at = moment, None
    session.add(row)
    session.info[ASKED] = True


def given(row: OutboxRow) -> dict[str, Any]:
    """What its job is called with."""
    return {name: value for name, value in row.arguments.items() if not name.startswith("_")}


def origin(row: OutboxRow) -> Origin:
    """Who asked for it last."""
    return Origin(*(row.arguments.get(name, "") for name in (REQUEST, ACTOR, TRACE)))


def start(row: OutboxRow, at: datetime) -> None:
    """Anew, with all its attempts."""
    row.state, row.run_at, row.attempts, row.hinted_at, row.again_at = WorkState.NEW, at, 0, None, None


def again(session: TenantSession, row: OutboxRow) -> None:
    """Start it anew, now, with all its attempts; what runs at this moment is left alone."""
    if row.state is not WorkState.RUNNING:
        start(row, now(session))
        session.add(row)
        session.info[ASKED] = True


def work_of(session: TenantSession, job: str, key: str) -> OutboxRow | None:
    """The row that was asked for under this name."""
    query = select(OutboxRow).where(OutboxRow.job == job, OutboxRow.key == key)
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def backoff(attempts: int, seed: str) -> timedelta:
    """5 s, 10 s, 20 s … up to an hour, a fifth more or less so that many do not come back at once."""
    whole = min(FIRST * (1 << min(attempts - 1, 20)), LONGEST)
    share = sha256(f"{seed}/{attempts}".encode()).digest()[0] / 255
    return whole * (0.8 + 0.4 * share)


def _origin() -> dict[str, str]:
    """Beside the arguments, under names that no argument of a function begins with; of a person the login."""
    bound = get_contextvars()
    said = {REQUEST: bound.get("request_id", ""), ACTOR: bound.get("actor", ""), TRACE: traces.carried()}
    return {name: value for name, value in said.items() if value}


def _locked(session: TenantSession, job: str, key: str) -> OutboxRow | None:
    lock_tenant(session)
    query = select(OutboxRow).where(OutboxRow.job == job, OutboxRow.key == key).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def _named(job: str, key: str) -> Any:
    return select(col(OutboxRow.id)).where(OutboxRow.job == job, OutboxRow.key == key)
