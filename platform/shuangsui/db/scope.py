"""The session of one tenant: born for it, never changed, no way around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

from shuangsui import traces
from shuangsui.db.rows import TenantOwned
from shuangsui.errors import BadInput, OutsideFailed

Row = TypeVar("Row", bound=TenantOwned)

OF_TENANT = "of_tenant"
"""Execution option of a connection while it works for a session."""
NOT_MIGRATED = ("42P01", "42703")
"""PostgreSQL: undefined table, undefined column."""
NUL = "NUL (0x00)"
"""How its driver names the one character that no text may hold there."""


class FenceBroken(RuntimeError):
    """A mistake of ours stopped at the fence between tenants; never shown to people, never caught."""


class TenantRequired(FenceBroken):
    """No tenant: an error, never "all rows"."""


class RawSqlRefused(FenceBroken):
    """A statement whose tenant cannot be checked: SQL text, or a table where the mapped class belongs."""


class CrossTenantWrite(FenceBroken):
    """A row, key or parameter of another tenant."""


class TenantSession(Session):
    """Sees and writes the rows of :attr:`tenant`, and tables that have no tenant."""

    def __init__(self, engine: Engine, tenant: str, *, readonly: bool = False) -> None:
        """Begins at its first statement; SQLite then lets no other writing session begin."""
        if not tenant:
            raise TenantRequired("a session needs its tenant")
        self.tenant = tenant
        self.readonly = readonly
        super().__init__(_reading(engine) if readonly else engine, expire_on_commit=False)

    def find(self, kind: type[Row], id_: UUID) -> Row | None:
        """The row with this id; None for a missing id and for another tenant's alike."""
        return self.get(kind, (self.tenant, id_))

    def connection(self, *_: Any, **__: Any) -> Connection:
        """Refused: statements on the bare connection pass no fence."""
        raise RawSqlRefused("use the session")

    def _bulk(self, *_: Any, **__: Any) -> NoReturn:
        raise RawSqlRefused("bulk operations pass no fence: use add_all() or execute(insert(X), rows)")

    bulk_save_objects = bulk_insert_mappings = bulk_update_mappings = _bulk


def _reading(engine: Engine) -> Engine:
    """All reads of a read-only session see one state; SQLite does that anyway."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    return engine.execution_options(readonly=True, postgresql_readonly=True, **level)


@event.listens_for(TenantSession, "after_begin")
def name_tenant(session: TenantSession, _: SessionTransaction, connection: Connection) -> None:
    """Name the tenant to the connection, and to row-level security.

    Local to the transaction, so that the pool hands nothing on.
    """
    connection.execution_options(**{OF_TENANT: session.tenant})
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.set_config("app.tenant", session.tenant, True)))


@contextmanager
def session(engine: Engine, tenant: str, *, readonly: bool = False) -> Iterator[TenantSession]:
    """One unit of work: committed at the end, rolled back by an error.

    A database that is busy for too long, gone, or broke a deadlock is :class:`OutsideFailed`
    ``database_unavailable``: every step may be run again; one without our tables is ``database_not_migrated``.
    :class:`BadInput` ``text_unstorable``: somebody typed, or put into an address, what PostgreSQL keeps in no text.
    """
    try:
        with (
            traces.inner("transaction", tenant=tenant, readonly=int(readonly)),
            TenantSession(engine, tenant, readonly=readonly) as opened,
        ):
            yield opened
            opened.commit()
    except OperationalError as error:
        raise OutsideFailed("database_unavailable", reason=str(error.orig)) from error
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) not in NOT_MIGRATED:
            raise
        raise OutsideFailed("database_not_migrated", permanent=True) from error
    except DataError as error:
        if NUL not in str(error.orig):
            raise
        raise BadInput("text_unstorable") from error
