"""The application's engine carries statements of tenants' sessions only: the way round the first fence is closed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from sqlmodel import Session as OtherSession

from leaky import MINE, Parcel
from shuangsui import db
from shuangsui.db import RawSqlRefused, TenantSession

READ = "SELECT name FROM parcel"


def of_a_session(engine: Engine) -> object:
    """The engine that a session was made with."""
    with TenantSession(engine, MINE) as session:
        session.execute(select(Parcel.name))
        bind = session.get_bind()
    with bind.connect() as connection:
        return connection.execute(text(READ)).all()


def connected(engine: Engine, do: Callable[..., object]) -> object:
    """On a connection of the engine's own."""
    with engine.connect() as connection:
        return do(connection)


def begun(engine: Engine) -> object:
    """In a transaction of the engine's own."""
    with engine.begin() as connection:
        return connection.execute(select(Parcel.__table__)).all()


def sessions(engine: Engine, kind: type[Session]) -> object:
    """A session that has no tenant."""
    with kind(engine) as session:
        return session.execute(select(Parcel.name)).all()


WAYS: dict[str, Callable[[Engine], object]] = {
    "text": lambda engine: connected(engine, lambda one: one.execute(text(READ)).all()),
    "driver": lambda engine: connected(engine, lambda one: one.exec_driver_sql(READ).all()),
    "class": lambda engine: connected(engine, lambda one: one.execute(select(Parcel.name)).all()),
    "write": lambda engine: connected(engine, lambda one: one.exec_driver_sql("DELETE FROM parcel")),
    "another BEGIN": lambda engine: connected(engine, lambda one: one.exec_driver_sql(f"BEGIN; {READ}")),
    "transaction": begun,
    "read only": lambda engine: begun(engine.execution_options(readonly=True)),
    "engine of a session": of_a_session,
    "plain session": lambda engine: sessions(engine, Session),
    "session of the library": lambda engine: sessions(engine, OtherSession),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_statement_without_a_tenants_session_is_refused(planted: Engine, way: Callable[[Engine], object]):
    """Before it reaches the database."""
    with pytest.raises(RawSqlRefused):
        way(planted)


def test_connection_that_has_served_a_session_is_refused_again(planted: Engine):
    """The mark is the session's, not the pool's."""
    with db.session(planted, MINE) as session:
        assert session.execute(select(Parcel.name)).scalars().all() == [MINE]
    with planted.connect() as connection, pytest.raises(RawSqlRefused):
        connection.execute(text(READ))
    with db.session(planted, MINE, readonly=True) as session:
        assert session.execute(select(Parcel.name)).scalars().all() == [MINE]
