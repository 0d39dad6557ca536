"""One database of each kind with rows of two tenants; the tests leave it as they found it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from databases import Database, PostgresServer, SqliteFiles
from leaky import plant
from shuangsui import db


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
