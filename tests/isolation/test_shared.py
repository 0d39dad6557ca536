"""Tables that all tenants read: each adds rows in its own name, nobody changes any (DESIGN section 7).

The visit ledger stands for all; those of revisions and notices have the same marks, and are tried where it matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, make_url, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from databases import Database
from leaky import MINE, OTHER, without_first_fence
from shuangsui import db
from shuangsui.db import FenceBroken, TenantSession
from shuangsui.db.connect import connect
from shuangsui.planning.tables import VisitEntry
from shuangsui.rules.tables import PublishedNotice, PublishedRevision

FACTS = {"object_hash": "0" * 64, "family": "节能", "visited_on": date(2026, 6, 1), "type": "random"}


def entry(authority: str | None = None) -> VisitEntry:
    """A visit, in somebody's name or in nobody's."""
    return VisitEntry(authority=authority, **FACTS)


@pytest.fixture
def shared(engine: Engine) -> Engine:
    """A ledger with one visit of each of two tenants."""
    for tenant in (MINE, OTHER):
        with db.session(engine, tenant) as session:
            session.add(entry())
    return engine


@contextmanager
def without_row_security(database: Database) -> Iterator[None]:
    """PostgreSQL lets everybody write everything but what its triggers refuse."""

    def switch(state: str) -> None:
        if database.is_postgres:
            with database.by_hand() as connection:
                connection.execute(text(f"ALTER TABLE visit_ledger {state} ROW LEVEL SECURITY"))

    switch("DISABLE")
    try:
        yield
    finally:
        switch("ENABLE")


def add(session: TenantSession) -> None:
    """A new object in the other's name."""
    session.add(entry(OTHER))
    session.flush()


def change(session: TenantSession) -> None:
    """The own row, through its object."""
    row = session.exec(select(VisitEntry).where(VisitEntry.authority == MINE)).scalar_one()
    row.family = "x"
    session.flush()


def remove(session: TenantSession) -> None:
    """The own row, through its object."""
    session.delete(session.exec(select(VisitEntry).where(VisitEntry.authority == MINE)).scalar_one())
    session.flush()


INSERTS: dict[str, Callable[[TenantSession], object]] = {
    "add": add,
    "values": lambda s: s.execute(insert(VisitEntry).values(authority=OTHER, **FACTS)),
    "rows": lambda s: s.execute(insert(VisitEntry), [FACTS, FACTS | {"authority": OTHER}]),
    "table": lambda s: s.execute(VisitEntry.__table__.insert(), [FACTS | {"authority": OTHER, "id": db.new_id()}]),
}
CHANGES: dict[str, Callable[[TenantSession], object]] = {
    "object": change,
    "delete_object": remove,
    "update": lambda s: s.execute(update(VisitEntry).values(family="x")),
    "delete": lambda s: s.execute(delete(VisitEntry)),
}
every_insert = pytest.mark.parametrize("write", INSERTS.values(), ids=INSERTS)
every_change = pytest.mark.parametrize("write", CHANGES.values(), ids=CHANGES)


def authorities(engine: Engine) -> list[str]:
    """Whose rows there are."""
    with TenantSession(engine, MINE, readonly=True) as session:
        return sorted(session.execute(select(VisitEntry.authority)).scalars())


def test_every_tenant_reads_all_rows(shared: Engine):
    """The frequency of an enterprise is one over all authorities."""
    assert authorities(shared) == [MINE, OTHER]


@every_insert
def test_row_for_another_authority_is_refused_by_the_first_fence_alone(
    shared: Engine, database: Database, write: Callable[[TenantSession], object]
):
    """Row-level security is off, as always on SQLite."""
    with (
        without_row_security(database),
        TenantSession(shared, MINE) as session,
        pytest.raises(FenceBroken, match="writes for"),
    ):
        write(session)
    assert authorities(shared) == [MINE, OTHER]


@every_insert
@pytest.mark.postgres
def test_row_for_another_authority_is_refused_by_the_second_fence_alone(
    postgres: Database, write: Callable[[TenantSession], object]
):
    """The session checks nothing."""
    engine = db.engine(postgres.app)
    with (
        without_first_fence(),
        TenantSession(engine, MINE) as session,
        pytest.raises(DBAPIError, match=r"row-level security|not-null"),
    ):
        write(session)
    assert authorities(engine) == []
    engine.dispose()


@every_change
def test_row_is_changed_by_nobody_past_the_first_fence(
    shared: Engine, database: Database, write: Callable[[TenantSession], object]
):
    """Not even by the authority that wrote it."""
    with (
        without_row_security(database),
        TenantSession(shared, MINE) as session,
        pytest.raises(FenceBroken, match="only added"),
    ):
        write(session)


@every_change
def test_row_is_changed_by_nobody_past_the_database(shared: Engine, write: Callable[[TenantSession], object]):
    """The session checks nothing; the application has no right to it on PostgreSQL, a trigger refuses on SQLite."""
    with (
        without_first_fence(),
        TenantSession(shared, MINE) as session,
        pytest.raises(DBAPIError, match=r"append-only|permission denied"),
    ):
        write(session)


@pytest.mark.postgres
def test_connection_without_a_tenant_sees_nothing(postgres: Database):
    """Fail closed: all application sessions read, a bare connection does not."""
    engine = connect(make_url(postgres.app))
    with db.session(engine, MINE) as session:
        session.add(entry())
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM visit_ledger")).scalar() == 0
    engine.dispose()


AT = datetime(2026, 6, 1, tzinfo=UTC)
PUBLISHED = {
    "rules": (PublishedRevision, {"n": 1, "valid_from": date(2026, 6, 1), "changes": [], "at": AT}),
    "calendar": (PublishedNotice, {"year": 2027, "n": 1, "file": "{}", "at": AT}),
}


@pytest.mark.parametrize(("table", "made"), PUBLISHED.values(), ids=PUBLISHED)
def test_nobody_publishes_for_another_authority(engine: Engine, table: type[SQLModel], made: dict[str, object]):
    """Rules and notices of an authority are its own; past each fence in turn."""
    with TenantSession(engine, MINE) as session, pytest.raises(FenceBroken, match="writes for"):
        session.execute(insert(table).values(authority=OTHER, **made))
    if engine.dialect.name == "postgresql":
        with (
            without_first_fence(),
            TenantSession(engine, MINE) as session,
            pytest.raises(DBAPIError, match="row-level"),
        ):
            session.execute(insert(table).values(id=db.new_id(), authority=OTHER, **made))


@pytest.mark.parametrize(("table", "made"), PUBLISHED.values(), ids=PUBLISHED)
@pytest.mark.parametrize("write", [lambda t: update(t).values(n=2), delete], ids=["update", "delete"])
def test_nobody_changes_what_is_published(
    engine: Engine, table: type[SQLModel], made: dict[str, object], write: Callable[[type[SQLModel]], Any]
):
    """Not even who published it; past each fence in turn."""
    with db.session(engine, MINE) as session:
        session.add(table(**made))
    with TenantSession(engine, MINE) as session, pytest.raises(FenceBroken, match="only added"):
        session.execute(write(table))
    with (
        without_first_fence(),
        TenantSession(engine, MINE) as session,
        pytest.raises(DBAPIError, match=r"append-only|permission denied"),
    ):
        session.execute(write(table))
