"""Engines: SQLite for the embedded installation, PostgreSQL in production."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection

from shuangsui.db.clock import StillClock
from shuangsui.db.fence import guard
from shuangsui.errors import Misconfigured
from shuangsui.settings import Settings

readable = json.JSONEncoder(ensure_ascii=False).encode
"""JSON of a column."""

# FULL: an acknowledged act survives a pulled plug. Writers queue for up to 30 s instead of failing. What is deleted,
# or sealed after it was plain, is overwritten in the file.
PRAGMAS = (
    "journal_mode=WAL", "busy_timeout=30000", "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON",
)  # fmt: skip

ROLE = """
SELECT rolname, rolsuper OR rolbypassrls, EXISTS (
  SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
  AND pg_has_role(rolname, relowner, 'MEMBER')
) FROM pg_roles WHERE rolname = current_user
"""
"""Whether row-level security binds the role, and whether it owns a table or may become somebody who does."""


def engine(target: Settings | str, *, simulated_clock: bool | StillClock = False) -> Engine:
    """The application's database; ``simulated_clock``, or the setting, lets :func:`move_clock` shift its time.

    It carries statements of tenants' sessions only. :class:`Misconfigured` on the first connection as a PostgreSQL
    role that row-level security does not bind, ``database_role_too_strong``, or that could switch it off,
    ``database_role_owns``.
    """
    if isinstance(target, Settings):
        simulated_clock = simulated_clock or target.simulated_clock
    url = make_url(target.database if isinstance(target, Settings) else target)
    made = connect(url)
    guard(made)
    if url.get_backend_name() == "postgresql":
        event.listen(made, "connect", _refuse_unbound_role)
    public = target.public.resolve() if isinstance(target, Settings) else None
    return made.execution_options(simulated_clock=simulated_clock, public=public)


def connect(url: URL, **options: Any) -> Engine:
    """A plain engine, also for the owner of the tables; ``options`` go to SQLAlchemy."""
    options["json_serializer"] = readable
    options["hide_parameters"] = True  # errors are logged, and what they were about may be somebody's address
    if url.get_backend_name() == "postgresql":
        return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, **options)
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    made = create_engine(url, connect_args={"check_same_thread": False}, **options)
    event.listen(made, "connect", _prepare_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin or commit on its own
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once: two of them queue here instead of failing at their first write."""
    readonly = connection.get_execution_options().get("readonly")
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


def _refuse_unbound_role(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(ROLE)
    role, unbound, owns = cursor.fetchone() or ("", True, False)
    cursor.close()
    connection.rollback()
    if unbound or owns:
        raise Misconfigured("database_role_too_strong" if unbound else "database_role_owns", role=role)
