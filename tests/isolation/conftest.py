"""One database of each kind with rows of two tenants; the tests leave it as they found it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from databases import Database, PostgresServer, SqliteFiles
from hashing import QUICK
from leaky import plant
from neighbours import Neighbours, neighbours_in
from shuangsui import db
from shuangsui.access import passwords
from shuangsui.draws import feasibility


@pytest.fixture(scope="module")
def leaky(maker: SqliteFiles | PostgresServer) -> Iterator[Database]:
    """The database with parcels and labels of two tenants."""
    database = maker.create()
    plant(database)
    yield database
    maker.drop(database)


@pytest.fixture
def planted(leaky: Database) -> Iterator[Engine]:
    """The application's engine on it."""
    engine = db.engine(leaky.app)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def neighbours(maker: SqliteFiles | PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    """Two tenants with data of every kind; whoever tries to cross changes nothing of it."""
    database, folder = maker.create(), Path(tmp_path_factory.mktemp("neighbours"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feasibility, "TRIALS", 1)
        patch.setattr(passwords, "_hasher", QUICK)
        patch.setenv("SHUANGSUI_VAR", str(folder / "var"))
        made = neighbours_in(database, folder)
    yield made
    made.engine.dispose()
    maker.drop(database)
