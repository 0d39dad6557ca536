"""The schema's history, one for both databases; ``shuangsui migrate`` applies it.

A new revision, after changing any area's ``tables.py``::

    .venv/bin/python -m shuangsui.migrations new "what changed"

compares the tables of all areas with the newest revision and writes ``versions/NNNN_what_changed.py``. Read it before
committing it. Revisions hold tables only: row-level security, append-only triggers and rights follow from the marks of
the tables and are put up after every migration, in the same transaction (:mod:`shuangsui.db.rls`). A revision that
changes rows runs as the owner, who is bound by row-level security too: it sets ``app.tenant`` for each tenant.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, event, func, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import SQLModel

from shuangsui.db.connect import connect
from shuangsui.db.rls import grant_all, protect_all

HERE = Path(__file__).parent
PLATFORM = HERE.parent
VERSIONS = HERE / "versions"
ONE_AT_A_TIME = 0x53485347  # any constant: the pods of one deployment migrate after each other


def metadata() -> MetaData:
    """The tables of every area: of each ``tables.py``, of ``db`` and of ``outbox``."""
    files = [*PLATFORM.glob("*/tables.py"), *PLATFORM.glob("outbox.py"), PLATFORM / "db" / "__init__.py"]
    for file in sorted(files):
        module = file.relative_to(PLATFORM.parent).with_suffix("").as_posix().removesuffix("/__init__")
        import_module(module.replace("/", "."))
    return SQLModel.metadata


def migrate(
    url: str, *, app_role: str | None = None, worker_role: str | None = None, versions: Path = VERSIONS
) -> str | None:
    """Bring the database at ``url`` to the newest revision, put up its fences, and answer the revision's number.

    On PostgreSQL ``url`` is the owner's; ``app_role`` and ``worker_role`` then get the rights of their processes.
    """
    with _owner(url) as connection:
        command.upgrade(_config(connection, versions), "head")
        protect_all(connection, metadata())
        if connection.dialect.name == "postgresql":
            for role in filter(None, {app_role, worker_role}):
                grant_all(connection, metadata(), role, worker=role != app_role)
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The number of the newest revision, to which this version of the product belongs."""
    return max(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*.py"))


def new_revision(message: str, versions: Path = VERSIONS) -> Path:
    """Write the revision that leads from the newest one to the tables as they are now."""
    with TemporaryDirectory() as folder, _owner(f"sqlite:///{folder}/compare.db") as connection:
        config = _config(connection, versions)
        command.upgrade(config, "head")
        number = f"{len(list(versions.glob('[0-9]*.py'))) + 1:04d}"
        script = command.revision(config, message, autogenerate=True, rev_id=number)
    assert script is not None
    assert not isinstance(script, list)
    return Path(script.path)


@contextmanager
def _owner(url: str) -> Iterator[Connection]:
    """One transaction on the owner's connection: a failed migration leaves nothing behind."""
    engine = connect(make_url(url))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _references_off)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
            yield connection
    finally:
        engine.dispose()


def _references_off(connection: DBAPIConnection, _record: object) -> None:
    """A table that is being rebuilt may be missing for a moment although others refer to it."""
    connection.execute("PRAGMA foreign_keys=OFF")


def _config(connection: Connection, versions: Path) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config
