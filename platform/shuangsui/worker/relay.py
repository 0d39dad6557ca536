"""Telling workers which rows are due: tenant by tenant, each in a session of its own; no role reads all tenants."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from uuid import UUID

import structlog
from sqlalchemy import Engine, and_, or_
from sqlmodel import col, select

from shuangsui import db, outbox
from shuangsui.db import TenantSession
from shuangsui.ledger import rollback
from shuangsui.outbox import OutboxRow, WorkState
from shuangsui.worker import policy, schedule
from shuangsui.worker.work import Known

log = structlog.get_logger(__name__)
BATCH = 64
"""So many rows of one tenant at one look, so that no tenant waits for another's thousands."""
QUICK, SLOW = 0.2, 5.0
"""Seconds between two looks at a tenant with work, and at one that has had none for a while."""


class Relay:
    """Looks at one tenant after the other, less often where nothing is due; several may run beside each other."""

    def __init__(
        self,
        engine: Engine,
        known: Known,
        tenants: Callable[[], Sequence[str]],
        send: Callable[[str, UUID, bool], None],
    ) -> None:
        """``send`` hands a hint (tenant, row, whether somebody waits for it) to a broker, or runs the row at once."""
        self._engine, self._known, self._tenants, self._send = engine, known, tenants, send
        self._looks: dict[str, tuple[float, float]] = {}
        self._asked = threading.Event()
        self.beat = time.monotonic()
        """When it was last seen to come forward."""

    def round(self) -> int:
        """Every tenant once; how many hints were sent."""
        return sum(self._serve(tenant) for tenant in self._tenants())

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``. A database or broker that is away costs hints and nothing else: it is waited for."""
        outbox.listeners.append(self.hurry)
        try:
            while not stop.is_set():
                self._asked.wait(QUICK)
                self._asked.clear()
                self.beat = time.monotonic()
                for tenant in self._due_for_a_look():
                    self._look(tenant)
        finally:
            outbox.listeners.remove(self.hurry)

    def hurry(self, tenant: str) -> None:
        """Somebody in this process has just asked for work of the tenant."""
        self._looks[tenant] = (0.0, QUICK)
        self._asked.set()

    def _due_for_a_look(self) -> list[str]:
        moment = time.monotonic()
        return [tenant for tenant in self._tenants() if self._looks.get(tenant, (0.0, QUICK))[0] <= moment]

    def _look(self, tenant: str) -> None:
        """One tenant's trouble keeps no other waiting."""
        self.beat = time.monotonic()
        try:
            sent = self._serve(tenant)
        except Exception as error:  # noqa: BLE001 - whatever is away now may be there again at the next look
            log.warning("relay_failed", tenant=tenant, error=type(error).__name__)
            sent = 0
        pause = QUICK if sent else min(self._looks.get(tenant, (0.0, QUICK))[1] * 2, SLOW)
        self._looks[tenant] = (time.monotonic() + pause, pause)

    def _serve(self, tenant: str) -> int:
        with db.session(self._engine, tenant, readonly=True) as session:
            asked = schedule.is_due(session, self._known.times) or schedule.is_prompted(session, self._known.prompts)
            work = asked or due(session)
            quiet = not work or rollback.lag(session) is not None
        if quiet:
            return 0
        with db.session(self._engine, tenant) as session:
            schedule.ask(session, self._known.times)
            schedule.prompt(session, self._known.prompts)
            rows = due(session)
            moment = db.wall(session)
            for row in rows:
                row.hinted_at = moment
                session.add(row)
            hints = [(row.id, self._known.is_awaited(row.job)) for row in rows]
        for id_, awaited in hints:
            self._send(tenant, id_, awaited)
        return len(hints)


def due(session: TenantSession) -> Sequence[OutboxRow]:
    """Rows that a worker should be told of: due and not told of lately, or left behind by a worker that is gone."""
    wall = db.wall(session)
    untold = or_(col(OutboxRow.hinted_at).is_(None), col(OutboxRow.hinted_at) < wall - policy.HINT)
    waiting = and_(col(OutboxRow.state) == WorkState.NEW, col(OutboxRow.run_at) <= db.now(session), untold)
    orphaned = and_(col(OutboxRow.state) == WorkState.RUNNING, col(OutboxRow.lease_until) < wall, untold)
    query = select(OutboxRow).where(or_(waiting, orphaned)).order_by(col(OutboxRow.run_at)).limit(BATCH)
    return session.exec(query).all()
