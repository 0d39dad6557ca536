"""Going on with a database that has published and has nothing left to be compared with: somebody answers for it."""

from __future__ import annotations

from shuangsui.db import TenantSession
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.ledger import rollback
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import LedgerEntry


def accept(session: TenantSession, reason: str, *, actor: str) -> LedgerEntry:
    """Say that the database is not older than what was published, though what was published is gone, and how one knows.

    :class:`BadInput` ``ledger_reason_missing``; :class:`RuleRefused` ``ledger_proved`` where nothing is missing,
    ``ledger_rolled_back`` where a newer checkpoint is known: that needs the newer backup.
    """
    if not reason.strip():
        raise BadInput("ledger_reason_missing")
    found = rollback.lag(session)
    if found is None:
        raise RuleRefused("ledger_proved", tenant=session.tenant)
    payload = {"reason": reason.strip(), "drawlog": found.found}
    return record(session, "ledger.accept", actor=actor, subject=session.tenant, payload=payload)
