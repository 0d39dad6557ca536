"""Nothing is changed by a request without an entry that says so: what a unit of work changed and recorded is counted.

The ledger's own rows, its numbers and the work that was asked for are no change: they are never there alone.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState

from shuangsui.db import Counter, TenantSession
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.outbox import OutboxRow

CHANGED, RECORDED = "changed", "recorded"
SILENT = (LedgerEntry, Counter, OutboxRow)


class Unrecorded(RuntimeError):
    """A mistake of ours: rows were changed and the ledger would not know; never caught, so nothing of it stays."""


def check(session: TenantSession) -> None:
    """Before a unit of work is committed: :class:`Unrecorded` if it changed something and wrote no entry."""
    session.flush()
    changed = session.info.get(CHANGED, set())
    if changed and not recorded(session):
        raise Unrecorded(", ".join(sorted(changed)))


def recorded(session: TenantSession) -> int:
    """How many entries this unit of work has written."""
    count: int = session.info.get(RECORDED, 0)
    return count


@event.listens_for(TenantSession, "after_flush")
def _flushed(session: TenantSession, _context: Any) -> None:
    changed = [row for row in session.dirty if session.is_modified(row)]
    _note(session, *(type(row) for row in (*session.new, *changed, *session.deleted)))
    session.info[RECORDED] = recorded(session) + sum(isinstance(row, LedgerEntry) for row in session.new)


@event.listens_for(TenantSession, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and state.bind_mapper is not None:
        assert isinstance(state.session, TenantSession)
        _note(state.session, state.bind_mapper.class_)


def _note(session: TenantSession, *kinds: type) -> None:
    names = {kind.__name__ for kind in kinds if not issubclass(kind, SILENT)}
    session.info[CHANGED] = session.info.get(CHANGED, set()) | names
