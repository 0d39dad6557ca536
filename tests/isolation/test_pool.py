"""Connections are shared between tenants; what one transaction saw, the next one does not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import Engine, make_url, text
from sqlmodel import select

from databases import Database, PostgresServer
from leaky import MINE, OTHER, Parcel, plant, without_first_fence
from shuangsui.db import TenantSession
from shuangsui.db.connect import connect

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def planted_postgres(postgres_server: PostgresServer) -> Iterator[Database]:
    """A PostgreSQL database with rows of two tenants."""
    database = postgres_server.create()
    plant(database)
    yield database
    postgres_server.drop(database)


@pytest.fixture
def one_connection(planted_postgres: Database) -> Iterator[Engine]:
    """A pool of one connection, which every tenant gets in turn."""
    engine = connect(make_url(planted_postgres.app), pool_size=1, max_overflow=0)
    yield engine
    engine.dispose()


def seen(engine: Engine, number: int) -> tuple[str, set[str]]:
    """The tenant of call ``number`` and what it saw: in one or two transactions, savepoints, after errors."""
    tenant = (MINE, OTHER)[number % 2]
    with TenantSession(engine, tenant) as session:
        names = list(session.exec(select(Parcel.name)))
        if number % 7 == 0:
            session.rollback()
        elif number % 5 == 0:
            session.commit()
        elif number % 3 == 0:
            with session.begin_nested():
                names += session.exec(select(Parcel.name))
        names += session.exec(select(Parcel.name))
    return tenant, set(names)


def test_one_connection_serves_two_tenants_without_leaking(one_connection: Engine):
    """400 calls of 8 threads, held apart by row-level security alone."""
    with without_first_fence(), ThreadPoolExecutor(8) as pool:
        for tenant, names in pool.map(partial(seen, one_connection), range(400)):
            assert names == {tenant}


def test_connection_returns_without_a_tenant(one_connection: Engine):
    """Whoever takes it next and sets nothing sees nothing."""
    seen(one_connection, 5)  # which commits: what a rolled back transaction set would be gone anyway
    with one_connection.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM parcel")).scalar() == 0


def test_setting_that_outlives_its_transaction_would_leak(one_connection: Engine):
    """Negative control: a plain SET hands one tenant's rows to the next borrower (trust.md 2.3, case 8)."""
    with one_connection.connect() as connection:
        connection.execute(text(f"SET app.tenant = '{MINE}'"))
        connection.commit()
    with one_connection.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM parcel")).scalar() == 1
