"""Many rows of one table at once, for what comes in by the million: the one module that writes SQL of its own.

PostgreSQL refuses COPY into a table with row-level security. So the rows go into a temporary table of the transaction,
and from there by INSERT … SELECT under the policy, which refuses a row of another tenant here as everywhere. Where
there is no COPY, and for few rows, it is an ordinary insert.
"""

# ruff: noqa: S608 - every name in a statement is that of a table or column of ours, and quoted

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, cast

import psycopg
from psycopg import Cursor
from sqlalchemy import Column, Connection, Dialect, Table, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from shuangsui.db import CrossTenantWrite, FenceBroken, TenantOwned, TenantSession

WORTH = 1000
"""Rows from which on COPY is faster."""
Rows = Sequence[Mapping[str, Any]]


def insert_rows(session: TenantSession, kind: type[TenantOwned], rows: Rows) -> None:
    """Rows by column, all of the session's tenant; a column that none of them names gets its default.

    :class:`ValueError` for rows that name different columns.
    """
    if len(rows) < WORTH or not _may_copy(session):
        session.execute(insert(kind), rows)
        return
    if session.readonly:
        raise FenceBroken("a read-only session writes nothing")
    if strangers := {row.get("tenant_id") for row in rows} - {None, session.tenant}:
        raise CrossTenantWrite(f"{session.tenant} writes for {strangers}")
    session.flush()
    table = kind.__table__  # type: ignore[attr-defined] # set by SQLAlchemy, unknown to SQLModel's types
    _copy(Session.connection(session), table, session.tenant, rows)


def _may_copy(session: TenantSession) -> bool:
    """Whether this is PostgreSQL, and nobody has taken temporary tables away from our role."""
    if session.get_bind().dialect.name != "postgresql":
        return False
    return bool(session.scalar(select(func.has_database_privilege(func.current_database(), "TEMPORARY"))))


def _copy(connection: Connection, table: Table, tenant: str, rows: Rows) -> None:
    quote = connection.dialect.identifier_preparer.quote
    target, apart = quote(table.name), quote(f"bulk_{table.name}")
    names = ", ".join(quote(column.name) for column in table.columns)
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {apart} ON COMMIT DROP AS SELECT {names} FROM {target} LIMIT 0"
    )
    _send(connection, f"COPY {apart} ({names}) FROM STDIN", _values(table, connection.dialect, tenant, rows))
    connection.exec_driver_sql(f"INSERT INTO {target} ({names}) SELECT {names} FROM {apart}")
    connection.exec_driver_sql(f"TRUNCATE {apart}")


def _values(table: Table, dialect: Dialect, tenant: str, rows: Rows) -> Iterator[list[Any]]:
    names = rows[0].keys()
    makers = [_maker(column, dialect, tenant, named=column.name in names) for column in table.columns]
    for row in rows:
        if row.keys() != names:
            raise ValueError(f"{table.name}: {sorted(row.keys() ^ names)} in some rows only")
        yield [make(row) for make in makers]


def _maker(column: Column[Any], dialect: Dialect, tenant: str, *, named: bool) -> Callable[[Mapping[str, Any]], Any]:
    """How a row gets its value of a column, as the driver wants it; null where there is neither value nor default."""
    if column.name == "tenant_id":
        return lambda _: tenant
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    take = itemgetter(column.name) if named else _default(column)
    if process is None or take is None:
        return take or (lambda _: None)
    return lambda row: process(take(row))


def _default(column: Column[Any]) -> Callable[[Mapping[str, Any]], Any] | None:
    made: Any = column.default
    if made is None:
        return None
    return (lambda _: made.arg(None)) if made.is_callable else (lambda _: made.arg)


def _send(connection: Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """What the driver refuses is raised as any statement's refusal is."""
    cursor = cast("Cursor[Any]", connection.connection.cursor())
    try:
        with cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise DBAPIError.instance(statement, None, error, psycopg.Error, dialect=connection.dialect) from error
