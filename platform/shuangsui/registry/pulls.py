"""What became of the last pull of a feed or expert pool: taken in, nothing new, or failed, by the ledger (R6.4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.errors import OutsideFailed
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.registry.tables import RegistryImport

SAID = ("registry.feed_unchanged", "registry.feed_failed", "registry.pool_unchanged", "registry.pool_failed")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One pull: ``taken`` is what came in, ``error`` why nothing did; neither if there was nothing new."""

    at: datetime
    actor: str
    taken: RegistryImport | None = None
    error: OutsideFailed | None = None


def last_attempt(session: TenantSession, kind: str, key: str, subject: str) -> Attempt | None:
    """The newest pull of ``plugin/name``, ``subject`` in the ledger, into ``kind``; None if nobody ever tried."""
    found = [one for one in (_taken(session, kind, key), _told(session, subject)) if one]
    return max(found, key=lambda one: one.at, default=None)


def _taken(session: TenantSession, kind: str, key: str) -> Attempt | None:
    query = select(RegistryImport).where(RegistryImport.kind == kind, RegistryImport.feed == key)
    row = session.exec(query.order_by(col(RegistryImport.at).desc(), col(RegistryImport.id).desc())).first()
    return Attempt(row.at, row.actor, taken=row) if row else None


def _told(session: TenantSession, subject: str) -> Attempt | None:
    query = select(LedgerEntry).where(LedgerEntry.subject == subject, col(LedgerEntry.act).in_(SAID))
    row = session.exec(query.order_by(col(LedgerEntry.n).desc())).first()
    if row is None:
        return None
    said: dict[str, Any] = json.loads(row.payload)
    error = OutsideFailed(said["code"], **said["params"]) if "code" in said else None
    return Attempt(row.time, row.actor, error=error)
