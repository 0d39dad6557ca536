"""A database copied out and put back whole, by the means of its own: SQLite's ``VACUUM INTO``, PostgreSQL's programs.

Copies are of one moment, with everything that anybody committed before it; who else is at work need not stop.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, inspect, text

from shuangsui.db.connect import connect
from shuangsui.errors import BadInput, Misconfigured, OutsideFailed, RuleRefused

POSTGRES = "postgresql"
FILES = {"sqlite": "database.sqlite", POSTGRES: "database.dump"}


@dataclass(frozen=True, slots=True)
class Copy:
    """The copy's file, and a connection that sees exactly what is in it."""

    file: Path
    seen: Connection


@contextmanager
def copied(url: URL, folder: Path) -> Iterator[Copy]:
    """A copy of the database in ``folder``; of PostgreSQL under a role that row-level security does not bind.

    :class:`OutsideFailed` ``backup_program_missing``, ``backup_failed`` with what the program said.
    """
    file = folder / FILES[url.get_backend_name()]
    with _vacuumed(url, file) if url.get_backend_name() == "sqlite" else _dumped(url, file) as seen:
        file.chmod(0o600)
        yield Copy(file, seen)


def check_empty(url: URL) -> None:
    """:class:`RuleRefused` ``backup_target_there`` for a database that has tables."""
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return
    engine = connect(url)
    try:
        with engine.connect() as connection:
            if tables := inspect(connection).get_table_names():
                raise RuleRefused("backup_target_there", what=f"数据库中的表 {tables[0]}")
    finally:
        engine.dispose()


def put_back(url: URL, file: Path) -> None:
    """Fill the empty database; of PostgreSQL as the owner of the tables, whoever owned them before."""
    if url.get_backend_name() == "sqlite":
        target = Path(str(url.database))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        target.chmod(0o600)
        return
    _run(url, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(file))


def kind_of(file: Path) -> str:
    """Which kind of database a copy is of, by its name; :class:`BadInput` ``archive_unreadable``."""
    for kind, name in FILES.items():
        if file.name == name:
            return kind
    raise BadInput("archive_unreadable", problem=f"{file.name} 不是数据库的备份")


@contextmanager
def _vacuumed(url: URL, file: Path) -> Iterator[Connection]:
    """One statement reads one state; unlike the page-by-page interface it never begins anew when somebody writes."""
    with sqlite3.connect(str(url.database), timeout=30) as source:
        source.execute("VACUUM INTO ?", (str(file),))
    source.close()
    with sqlite3.connect(file) as copy:
        if (said := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise OutsideFailed("backup_failed", program="SQLite", said=said)
    copy.close()
    engine = create_engine(url.set(database=str(file)))  # without a journal beside it, which no manifest would name
    with engine.connect() as seen:
        yield seen
    engine.dispose()


@contextmanager
def _dumped(url: URL, file: Path) -> Iterator[Connection]:
    """The program reads the very state that this transaction sees."""
    engine = connect(url, isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as seen:
            if not seen.execute(
                text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            ).scalar():
                raise Misconfigured("backup_role_bound", role=url.username)
            snapshot = seen.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            _run(url, "pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-owner", f"--file={file}")
            yield seen
    finally:
        engine.dispose()


def _run(url: URL, program: str, *arguments: str) -> None:
    """The password goes by the environment: arguments are everybody's to read."""
    found = shutil.which(program)
    if found is None:
        raise OutsideFailed("backup_program_missing", program=program)
    target = url.set(drivername=POSTGRES, password=None).render_as_string(hide_password=False)
    environment = {**os.environ, **_secret(url)}
    done = subprocess.run([found, *arguments, f"--dbname={target}"], env=environment, capture_output=True, check=False)
    if done.returncode:
        raise OutsideFailed(
            "backup_failed", program=program, said=_last(done.stderr.decode("utf-8", "replace").splitlines())
        )


def _secret(url: URL) -> Mapping[str, str]:
    return {"PGPASSWORD": str(url.password)} if url.password else {}


def _last(lines: Sequence[str]) -> str:
    return next((line for line in reversed(lines) if line.strip()), "")
