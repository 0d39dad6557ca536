"""Databases for every test: ``engine`` runs a test on SQLite and on PostgreSQL, each time with a fresh database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import pytest
import structlog
from sqlalchemy import Engine

from compiled import share
from databases import Database, PostgresServer, SqliteFiles
from shelf import Place, Shelf
from shuangsui import db
from shuangsui.db import TenantSession
from thorough import is_left

FOLDER = "SHUANGSUI_TEST_FOLDER"
"""Environment variable by which the processes of one run find their common folder."""
MEMORY, ROOM = Path("/dev/shm"), 4 << 30

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)
PAGES = ("pages", "integration.console", "integration.web")
"""Modules whose tests go in by the console."""

FIRST = "tests/faults/"
"""Two tests, each of minutes."""

Scope = Callable[..., AbstractContextManager[TenantSession]]


def pytest_configure(config: pytest.Config) -> None:
    """Make the common folder, whose name worker processes inherit; failures are told without every variable's value."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])
    share()
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = mkdtemp(prefix="shuangsui-test-", dir=_memory())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Everything is tried on both databases; pages, which stand on such services, on the one with more to refuse."""
    if "maker" in metafunc.fixturenames:
        pages = any(part in metafunc.module.__name__ for part in PAGES)
        kinds = [POSTGRESQL] if pages else ["sqlite", POSTGRESQL]
        metafunc.parametrize("maker", kinds, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The suite tries a part of what services do on SQLite, and begins with what lasts longest."""
    kinds = [item.callspec.params.get("maker") if hasattr(item, "callspec") else None for item in items]
    left = {item for item, kind in zip(items, kinds, strict=True) if is_left(item.nodeid, kind)}
    config.hook.pytest_deselected(items=list(left))
    items[:] = sorted((item for item in items if item not in left), key=lambda item: FIRST not in item.nodeid)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it when all is over."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[FOLDER], ignore_errors=True)


def _memory() -> Path | None:
    """Thousands of databases are made and thrown away: a disk's file system is slower at that than at anything else."""
    there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if there else None


@pytest.fixture(scope="session")
def sqlite_files() -> SqliteFiles:
    """Where this process keeps its SQLite databases."""
    return SqliteFiles(Path(mkdtemp(prefix="sqlite-", dir=os.environ[FOLDER])))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for all processes of this run."""
    server = PostgresServer(Path(os.environ[FOLDER]))
    yield server
    server.stop()


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[Database]:
    """A fresh PostgreSQL database with every table."""
    database = postgres_server.create()
    yield database
    postgres_server.drop(database)


@pytest.fixture(scope="session")
def maker(request: pytest.FixtureRequest) -> SqliteFiles | PostgresServer:
    """Where databases of each kind are made, in turn."""
    name = {"sqlite": "sqlite_files", "postgresql": "postgres_server"}[request.param]
    made: SqliteFiles | PostgresServer = request.getfixturevalue(name)
    return made


@pytest.fixture
def database(maker: SqliteFiles | PostgresServer) -> Iterator[Database]:
    """A fresh database with every table, of each kind in turn."""
    made = maker.create()
    yield made
    maker.drop(made)


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """The application's engine, with a clock that tests may move; its small pool finds what leaks through pools."""
    made = db.engine(database.app, simulated_clock=True)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def shelf(maker: SqliteFiles | PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """States that many tests begin with."""
    return Shelf(maker, tmp_path_factory.mktemp("shelf"))


@pytest.fixture
def place(shelf: Shelf, database: Database, engine: Engine, tmp_path: Path) -> Place:
    """Where a test may start from such a state."""
    return Place(shelf, database, engine, tmp_path)


@pytest.fixture
def scope(engine: Engine) -> Scope:
    """``with scope("chongqing") as session``: a unit of work of any tenant, committed at its end."""
    return partial(db.session, engine)


@pytest.fixture
def chongqing(engine: Engine) -> Iterator[TenantSession]:
    """A session of the first tenant; commit it before writing in another one, SQLite has one writer."""
    with TenantSession(engine, "chongqing") as session:
        yield session


@pytest.fixture
def liangjiang(engine: Engine) -> Iterator[TenantSession]:
    """A session of the second tenant."""
    with TenantSession(engine, "liangjiang") as session:
        yield session
