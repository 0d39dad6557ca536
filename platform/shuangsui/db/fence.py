"""The first fence: every statement of a tenant's session is scoped to it or refused, whatever the database.

It cannot be walked around by a bare table, SQL text, the session's connection or the engine's; on PostgreSQL the
second fence (:mod:`shuangsui.db.rls`) stands behind it all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Connection, Delete, Engine, Insert, Update, event, inspect
from sqlalchemy.orm import ORMExecuteState, UOWTransaction, with_loader_criteria
from sqlalchemy.sql.visitors import ExternallyTraversible

from shuangsui.db.rows import TenantOwned
from shuangsui.db.scope import OF_TENANT, CrossTenantWrite, FenceBroken, RawSqlRefused, TenantSession
from shuangsui.db.statements import (
    assigned,
    has_rows_of_its_own,
    is_owned,
    reach,
    writer_column,
)

BEGINNINGS = ("BEGIN", "BEGIN IMMEDIATE")
CHECKED = "tenant_checked"  # an UPDATE hands its options to the SELECT with which it finds its objects


def guard(engine: Engine) -> None:
    """Let an engine carry the statements of tenants' sessions and no others: no bare connection, no other session."""
    event.listen(engine, "before_cursor_execute", refuse_bare)


def refuse_bare(
    connection: Connection, _cursor: object, statement: str, _parameters: object, _context: object, _many: bool
) -> None:
    """Nothing that could read or change a row goes out without a session to answer for it."""
    if OF_TENANT not in connection.get_execution_options() and statement not in BEGINNINGS:
        raise RawSqlRefused("use a TenantSession: this connection belongs to none")


@event.listens_for(TenantSession, "do_orm_execute")
def scope_statement(state: ORMExecuteState) -> None:
    """Stamp an insert, add the tenant to every other statement, refuse what cannot be scoped."""
    session, statement = state.session, state.statement
    assert isinstance(session, TenantSession)
    if session.readonly and not state.is_select:
        raise FenceBroken("a read-only session writes nothing")
    if isinstance(statement, Insert):
        _scope_insert(state, statement, session.tenant)
    elif state.is_select or isinstance(statement, Update | Delete):
        _scope_query(state, session.tenant)
    else:
        raise RawSqlRefused("only select, insert, update and delete of mapped classes")


@event.listens_for(TenantSession, "before_attach")
def check_object(session: TenantSession, row: object) -> None:
    """Refuse an object that another tenant's session had loaded: refreshing it would pass by every criterion."""
    if isinstance(row, TenantOwned):
        _refuse_other(session.tenant, row.tenant_id)


@event.listens_for(TenantSession, "before_flush")
def check_flush(session: TenantSession, _context: UOWTransaction, _instances: object) -> None:
    """Stamp new rows and refuse another tenant's, before any statement is made of them."""
    changed = (*session.new, *session.dirty, *session.deleted)
    if session.readonly and changed:
        raise FenceBroken("a read-only session writes nothing")
    for row in changed:
        if isinstance(row, TenantOwned):
            row.tenant_id = row.tenant_id or session.tenant
            _refuse_other(session.tenant, row.tenant_id)
        elif column := writer_column(inspect(type(row)).local_table):
            _check_shared(session, row, column)


def _check_shared(session: TenantSession, row: object, column: str) -> None:
    """A new row of a shared table carries the tenant's own name; an old one stays as it is."""
    if row not in session.new:
        raise CrossTenantWrite("rows that all tenants read are only added")
    setattr(row, column, getattr(row, column) or session.tenant)
    _refuse_other(session.tenant, getattr(row, column))


def _scope_insert(state: ORMExecuteState, insert: Insert, tenant: str) -> None:
    column = "tenant_id" if is_owned(insert.table) else writer_column(insert.table)
    if column is None:
        return
    if has_rows_of_its_own(insert):
        raise RawSqlRefused("use execute(insert(X), rows)")
    rows = [state.parameters] if isinstance(state.parameters, Mapping) else state.parameters or []
    _refuse_other(tenant, *(row.get(column) for row in rows), _value(assigned(insert).get(column)))
    if state.is_executemany:
        state.parameters = [{**row, column: tenant} for row in rows]
    else:
        state.statement = insert.values({column: tenant})


def _scope_query(state: ORMExecuteState, tenant: str) -> None:
    """Loads that the mapper makes of its own accord are scoped, but not searched for bare tables."""
    if isinstance(state.statement, Update | Delete) and writer_column(state.statement.table):
        raise CrossTenantWrite("rows that all tenants read are only added")
    if state.parameters and not state.is_select:
        raise RawSqlRefused("change rows by key through their objects")
    statement = cast("ExternallyTraversible", state.statement)
    by_hand = not (state.is_relationship_load or state.is_column_load or state.execution_options.get(CHECKED))
    part, kinds = reach(statement)
    if by_hand and part is not None:
        raise RawSqlRefused(f"{part!r} cannot be scoped: name its mapped class in select_from() or a join")
    state.update_execution_options(**{CHECKED: True})
    if "tenant_id" in assigned(statement):
        raise CrossTenantWrite("a row keeps its tenant")
    state.statement = state.statement.options(*(_criterion(kind, tenant) for kind in kinds))


def _criterion(kind: type[TenantOwned], tenant: str) -> Any:
    return with_loader_criteria(kind, lambda cls: cls.tenant_id == tenant, include_aliases=True)


def _refuse_other(tenant: str, *claimed: object) -> None:
    if strangers := set(claimed) - {None, tenant}:
        raise CrossTenantWrite(f"{tenant} writes for {strangers}")


def _value(bound: Any) -> object:
    return getattr(bound, "value", bound)
