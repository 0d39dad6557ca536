"""Rows that could leak, and every way of reading them.

A fence is tested only by a read that sees the other tenant's rows once the fence is gone, so every probe comes with
both answers. ``Parcel.alike`` joins over a word alone: a relationship that forgot the tenant.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Optional
from uuid import UUID

from sqlalchemy import (
    Engine,
    MetaData,
    String,
    and_,
    cast,
    delete,
    distinct,
    event,
    exists,
    func,
    make_url,
    or_,
    text,
    update,
)
from sqlalchemy.orm import aliased, joinedload, selectinload, subqueryload
from sqlmodel import Relationship, select

from databases import Database
from shuangsui import db
from shuangsui.db import TenantOwned, TenantSession, fence
from shuangsui.db.connect import connect
from shuangsui.db.rls import grant_all, protect_all
from shuangsui.db.rows import refers

METADATA = MetaData()
MINE, OTHER = "chongqing", "liangjiang"
"""Whose session reads, and whose rows could leak."""


class Parcel(TenantOwned, table=True):
    """What a tenant owns."""

    metadata = METADATA
    name: str
    colour: str = "red"
    labels: list["Label"] = Relationship(back_populates="parcel")
    alike: list["Label"] = Relationship(
        sa_relationship_kwargs={"primaryjoin": "Parcel.colour == foreign(Label.word)", "viewonly": True}
    )


class Label(TenantOwned, table=True):
    """What refers to it."""

    metadata = METADATA
    __table_args__ = (refers("parcel_id", "parcel"),)
    parcel_id: UUID | None = None
    word: str = "red"
    owner: str
    parcel: Optional["Parcel"] = Relationship(back_populates="labels")


def plant(database: Database) -> None:
    """Create the two tables, fenced like the product's, with one parcel and one label of each tenant."""
    owner = connect(make_url(database.owner))
    with owner.begin() as connection:
        METADATA.create_all(connection)
        protect_all(connection, METADATA)
        if database.is_postgres:
            grant_all(connection, METADATA, "app")
    owner.dispose()
    engine = db.engine(database.app)
    for tenant in (MINE, OTHER):
        with db.session(engine, tenant) as session:
            session.add(Parcel(name=tenant, labels=[Label(owner=tenant)]))
    engine.dispose()


FIRST_FENCE = {
    "do_orm_execute": fence.scope_statement,
    "before_attach": fence.check_object,
    "before_flush": fence.check_flush,
}


@contextmanager
def without_first_fence() -> Iterator[None]:
    """Sessions add and refuse nothing."""
    for name, check in FIRST_FENCE.items():
        event.remove(TenantSession, name, check)
    try:
        yield
    finally:
        for name, check in FIRST_FENCE.items():
            event.listen(TenantSession, name, check)


@contextmanager
def without_second_fence(database: Database) -> Iterator[None]:
    """PostgreSQL shows everything to everybody."""
    switch_security(database, "DISABLE")
    try:
        yield
    finally:
        switch_security(database, "ENABLE")


def switch_security(database: Database, state: str) -> None:
    """``ENABLE`` or ``DISABLE`` row-level security of the two tables."""
    if database.is_postgres:
        with database.by_hand() as connection:
            for table in METADATA.sorted_tables:
                connection.execute(text(f"ALTER TABLE {table.name} {state} ROW LEVEL SECURITY"))


def foreign_id(engine: Engine, kind: type[TenantOwned] = Parcel) -> UUID:
    """The id of the other tenant's row."""
    with TenantSession(engine, OTHER, readonly=True) as session:
        found: UUID = session.exec(select(kind.id)).one()
        return found


@dataclass(frozen=True, slots=True)
class Probe:
    """A read, its answer within the tenant, its answer when everything is visible."""

    name: str
    read: Callable[[TenantSession], Any]
    scoped: Any = (MINE,)
    leaked: Any = (MINE, OTHER)


def names(session: TenantSession, statement: Any) -> tuple[Any, ...]:
    """The first column, sorted."""
    return tuple(sorted(row[0] for row in session.execute(statement).unique()))


def owners(session: TenantSession, *options: Any) -> tuple[str, ...]:
    """Whose labels hang on the parcel of :data:`MINE`, loaded eagerly by ``options`` or lazily."""
    mine = session.execute(select(Parcel).where(Parcel.name == MINE).options(*options)).unique().scalar_one()
    return tuple(sorted(label.owner for label in mine.alike))


Alias = aliased(Parcel)
SUB = select(Parcel.name).subquery()
CTE = select(Parcel.name).cte()
COUNT = select(func.count(Parcel.id)).scalar_subquery()
THEIRS = Label.owner == OTHER
THEIR_WORDS = select(Label.word).where(THEIRS)
LABELS = select(cast(func.count(Label.id), String)).scalar_subquery()
CLASS_JOIN = select(Parcel.name, Label).join(Label, and_(Label.word == Parcel.colour))
MY_JOIN = select(Label.owner).join(Parcel, Parcel.colour == Label.word).where(Parcel.name == MINE)
MY_RELATED = select(Label.owner).select_from(Parcel).join(Parcel.alike).where(Parcel.name == MINE)
MY_PARCEL = select(Parcel.name).where(Parcel.name == MINE)
PAINT = update(Parcel).values(colour="red").returning(Parcel.name)
COUNTED = update(Parcel).values(colour=LABELS).where(Parcel.name == MINE).returning(Parcel.colour)


def reads(name: str, statement: Any, scoped: Any = (MINE,), leaked: Any = (MINE, OTHER)) -> Probe:
    """A probe of one statement's first column."""
    return Probe(name, lambda session: names(session, statement), scoped, leaked)


PROBES = [
    Probe("entity", lambda session: tuple(sorted(parcel.name for parcel in session.exec(select(Parcel))))),
    reads("column", select(Parcel.name)),
    reads("or_condition", select(Parcel.name).where(or_(Parcel.name == MINE, Parcel.name == OTHER))),
    reads("alias", select(Alias.name)),
    reads("count", select(func.count()).select_from(Parcel), (1,), (2,)),
    reads("distinct_count", select(func.count(distinct(Parcel.name))), (1,), (2,)),
    reads("window", select(func.count(Parcel.id).over()).select_from(Parcel), (1,), (2,)),
    reads("subquery", select(SUB.c.name)),
    reads("cte", select(CTE.c.name)),
    reads("scalar_subquery", select(COUNT), (1,), (2,)),
    reads("union", select(Parcel.name).union(select(Alias.name))),
    reads("exists", select(exists(select(Label.id).where(THEIRS))), (False,), (True,)),
    reads("exists_where", MY_PARCEL.where(exists().where(THEIRS)), (), (MINE,)),
    reads("in_subquery", select(Parcel.name).where(Parcel.colour.in_(THEIR_WORDS)), ()),
    reads("class_join", CLASS_JOIN, (MINE,), (MINE, MINE, OTHER, OTHER)),
    reads("join", MY_JOIN),
    reads("relationship_join", MY_RELATED),
    reads("relationship_any", MY_PARCEL.where(Parcel.alike.any(THEIRS)), (), (MINE,)),
    Probe("lazy_load", owners),
    Probe("selectinload", lambda session: owners(session, selectinload(Parcel.alike))),
    Probe("joinedload", lambda session: owners(session, joinedload(Parcel.alike))),
    Probe("subqueryload", lambda session: owners(session, subqueryload(Parcel.alike))),
    reads("update", PAINT),
    reads("update_where", PAINT.where(Parcel.colour.in_(THEIR_WORDS)), ()),
    reads("update_value", COUNTED, ("1",), ("2",)),
    reads("delete", delete(Label).returning(Label.owner)),
]
