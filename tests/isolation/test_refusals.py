"""What the first fence cannot scope it refuses, on every database (H8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import (
    Engine,
    String,
    case,
    cast,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
    tuple_,
    update,
)  # fmt: skip
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import aliased
from sqlalchemy.schema import CreateTable

from leaky import MINE, OTHER, Label, Parcel, foreign_id
from shuangsui import db
from shuangsui.db import CrossTenantWrite, FenceBroken, TenantOwned, TenantRequired, TenantSession

PARCELS = Parcel.__table__
LABELS = Label.__table__
ALIAS = PARCELS.alias()

UNSCOPABLE: dict[str, Any] = {
    "text": text("SELECT name FROM parcel"),
    "text_column": select(text("name")).select_from(Parcel),
    "text_condition": select(Parcel.name).where(text("1 = 1")),
    "text_entity": select(Parcel).from_statement(text("SELECT * FROM parcel")),
    "literal_column": select(literal_column("(SELECT max(name) FROM parcel)")),
    "light_table": select(column("name")).select_from(table("parcel")),
    "table": select(PARCELS),
    "table_column": select(PARCELS.c.name),
    "table_alias": select(ALIAS.c.name),
    "table_in_function": select(func.max(PARCELS.c.name)),
    "table_in_from": select(func.count()).select_from(PARCELS),
    "table_joined": select(Parcel.name, LABELS.c.owner).join(LABELS, LABELS.c.word == Parcel.colour),
    "table_joined_by_hand": select(Parcel.name).select_from(PARCELS.join(LABELS, LABELS.c.word == PARCELS.c.colour)),
    "table_in_subquery": select(select(PARCELS.c.name).subquery().c.name),
    "table_behind_entity": select(Parcel.name).where(Parcel.colour.in_(select(LABELS.c.word))),
    "table_in_exists": select(Parcel.name).where(exists().where(LABELS.c.owner == OTHER)),
    "table_in_uncorrelated": select(Parcel.name).where(exists().where(PARCELS.c.name == OTHER).correlate(None)),
    "same_table_behind_entity": select(Parcel.name).where(Parcel.id.in_(select(PARCELS.c.id).correlate(None))),
    "union_with_table": select(Parcel.name).union(select(LABELS.c.owner)),
    "window_alone": select(func.count(Parcel.id).over()),
    "second_class_of_an_expression": select(Parcel.name + Label.owner),
    "order_by_another_class": select(Parcel.name).order_by(Label.owner),
    "group_by_another_class": select(func.count(Parcel.id)).group_by(Label.owner),
    "having_another_class": select(Parcel.colour).group_by(Parcel.colour).having(func.count(Label.id) > 1),
    "update_table": update(PARCELS).values(colour="blue"),
    "update_from": update(Parcel).values(colour=Label.owner).where(Parcel.colour == Label.word),
    "delete_table": delete(PARCELS),
    "insert_from_select": insert(Parcel).from_select(["name"], select(Label.owner)),
    "insert_of_query": insert(Parcel).values(name=select(func.max(LABELS.c.owner)).scalar_subquery()),
    "insert_many_values": insert(Parcel).values([{"name": "x", "tenant_id": OTHER}]),
    "ddl": CreateTable(PARCELS),
}


@pytest.mark.parametrize("statement", UNSCOPABLE.values(), ids=UNSCOPABLE.keys())
def test_statement_that_cannot_be_scoped_is_refused(planted: Engine, statement: Any):
    """SQL text, bare tables, and places that no criterion reaches."""
    with TenantSession(planted, MINE) as session, pytest.raises((FenceBroken, InvalidRequestError)):
        session.execute(statement).all()


A, B = aliased(Parcel), aliased(Label)
SHAPES: dict[str, Any] = {
    "label": select(Parcel.name.label("x")).order_by("x"),
    "arithmetic": select(Parcel.name + "-" + Parcel.colour),
    "case": select(case((Parcel.colour == "red", Parcel.name), else_="")),
    "cast": select(cast(Parcel.name, String)),
    "aggregate_filter": select(func.max(Parcel.name).filter(Parcel.colour == "red")),
    "coalesce_of_two": select(func.coalesce(Parcel.name, Label.owner)),
    "tuple_in": select(Parcel.name).where(tuple_(Parcel.colour, Parcel.colour).in_([("red", "red")])),
    "two_aliases": select(A.name, B.owner).where(A.colour == B.word),
    "cross_join": select(Parcel.name, Label.owner),
    "condition_on_another_class": select(Parcel.name).where(Parcel.colour == Label.word),
    "outer_join": select(A.name, B.owner).outerjoin(B, A.colour == B.word),
    "correlated_column": select(
        Parcel.name, select(func.max(Label.owner)).where(Label.word == Parcel.colour).scalar_subquery()
    ),
    "subquery_of_subquery": select(select(select(Parcel.name).subquery().c.name).subquery().c.name),
    "cte_joined": select(Label.owner, select(Parcel.name, Parcel.colour).cte().c.name),
    "alias_of_subquery": select(aliased(Parcel, select(Parcel).subquery()).name),
    "union_subquery": select(select(Parcel.name).union_all(select(Label.owner)).subquery().c.name),
    "group": select(Parcel.name, func.count()).group_by(Parcel.name),
    "not_exists": select(Parcel.name).where(~exists(select(Label.id).where(Label.owner == Parcel.name))),
    "window_in_order": select(Parcel.name).order_by(func.row_number().over(order_by=Parcel.name)),
    "except": select(Parcel.name).except_(select(Label.owner).where(Label.owner == MINE)),
    "delete_where_exists": delete(Label)
    .where(exists(select(Parcel.id).where(Parcel.name == OTHER)))
    .returning(Label.owner),
    "entity_from_core": select(Parcel).from_statement(select(PARCELS)),
}


@pytest.mark.filterwarnings("ignore:SELECT statement has a cartesian product")
@pytest.mark.parametrize("statement", SHAPES.values(), ids=SHAPES.keys())
def test_statement_of_any_shape_shows_nothing_of_another_tenant(planted: Engine, statement: Any):
    """Scoped or refused, whatever the shape: no cell of the answer names the other tenant."""
    with TenantSession(planted, MINE) as session:
        try:
            cells = {str(cell) for row in session.execute(statement) for cell in row}
        except FenceBroken:
            return
    assert not {cell for cell in cells if OTHER in cell}


def insert_dict(values: dict[str, str]) -> Callable[[TenantSession], object]:
    """``execute(insert(X), {...})``."""
    return lambda session: session.execute(insert(Parcel), values)


def change_tenant(session: TenantSession) -> None:
    """Hand an own row over."""
    session.query(Parcel).one().tenant_id = OTHER
    session.flush()


def merge(session: TenantSession) -> None:
    """Overwrite by key."""
    session.merge(Parcel(tenant_id=OTHER, id=foreign_id(session.get_bind()), name="x"))
    session.flush()


def update_by_key(session: TenantSession) -> None:
    """The ORM's bulk update finds its rows by primary key, without any criterion."""
    row = {"tenant_id": OTHER, "id": foreign_id(session.get_bind()), "name": "x"}
    session.execute(update(Parcel), [row])


def upsert(session: TenantSession) -> None:
    """A conflict may not move the row to another tenant."""
    kind = {"sqlite": sqlite, "postgresql": postgresql}[session.get_bind().dialect.name]
    statement = kind.insert(Parcel).values(name="x", colour="red")
    session.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "id"], set_={"tenant_id": OTHER}))


def add(session: TenantSession) -> None:
    """A new row for another tenant."""
    session.add(Parcel(name="x", tenant_id=OTHER))
    session.flush()


FOREIGN_WRITES: dict[str, Callable[[TenantSession], object]] = {
    "add": add,
    "change_tenant": change_tenant,
    "merge": merge,
    "upsert": upsert,
    "update_by_key": update_by_key,
    "update_tenant": lambda s: s.execute(update(Parcel).values(tenant_id=OTHER)),
    "update_tenant_ordered": lambda s: s.execute(update(Parcel).ordered_values((Parcel.tenant_id, OTHER))),
    "insert_values": lambda s: s.execute(insert(Parcel).values(name="x", tenant_id=OTHER)),
    "insert_dict": insert_dict({"name": "x", "tenant_id": OTHER}),
    "insert_rows": lambda s: s.execute(insert(Parcel), [{"name": "x"}, {"name": "y", "tenant_id": OTHER}]),
    "insert_table": lambda s: s.execute(PARCELS.insert(), [{"name": "x", "tenant_id": OTHER}]),
    "bulk_save": lambda s: s.bulk_save_objects([Parcel(name="x", tenant_id=OTHER)]),
    "bulk_insert": lambda s: s.bulk_insert_mappings(Parcel, [{"name": "x", "tenant_id": OTHER}]),
    "bulk_update": lambda s: s.bulk_update_mappings(Parcel, [{"name": "x", "tenant_id": OTHER}]),
    "connection": lambda s: s.connection().exec_driver_sql("DELETE FROM parcel"),
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("write", FOREIGN_WRITES.values(), ids=FOREIGN_WRITES.keys())
def test_write_for_another_tenant_is_refused(planted: Engine, write: Callable[[TenantSession], object]):
    """Whatever the way of writing; the other tenant's rows stay as they were."""
    with TenantSession(planted, MINE) as session, pytest.raises(FenceBroken):
        write(session)
    with TenantSession(planted, OTHER) as session:
        assert session.execute(select(Parcel.name)).scalars().all() == [OTHER]


def test_write_by_condition_does_not_reach_another_tenant(planted: Engine):
    """UPDATE and DELETE of another tenant's rows find nothing."""
    with TenantSession(planted, MINE) as session:
        assert session.execute(update(Parcel).values(name="x").where(Parcel.name == OTHER)).rowcount == 0
        assert session.execute(delete(Label).where(Label.owner == OTHER)).rowcount == 0


def test_inserts_are_stamped_with_the_tenant(planted: Engine):
    """Nobody has to name the tenant, whichever way rows are written."""
    with TenantSession(planted, MINE) as session:
        session.add(Parcel(name="object"))
        session.execute(insert(Parcel).values(name="values"))
        session.execute(insert(Parcel), {"name": "dict"})
        session.execute(insert(Parcel), [{"name": "row 1"}, {"name": "row 2"}])
        session.execute(PARCELS.insert(), [{"name": "table"}])
        stamped = session.execute(select(Parcel.tenant_id).where(Parcel.name != MINE)).scalars().all()
    assert stamped == [MINE] * 6


def test_foreign_id_answers_like_a_missing_one(planted: Engine):
    """By id, and by composite key."""
    other = foreign_id(planted)
    with TenantSession(planted, MINE) as session:
        assert session.find(Parcel, other) is None
        assert session.find(Parcel, db.new_id()) is None
        assert session.get(Parcel, (OTHER, other)) is None


def test_foreign_object_is_not_taken_in(planted: Engine):
    """An object that another session had loaded cannot be refreshed or saved here."""
    with TenantSession(planted, OTHER) as session:
        parcel = session.find(Parcel, foreign_id(planted))
    with TenantSession(planted, MINE) as session, pytest.raises(CrossTenantWrite):
        session.add(parcel)


def test_reference_to_another_tenants_row_is_refused(planted: Engine):
    """Foreign keys are checked past row-level security, so they contain the tenant (trust.md 2.3, case 7)."""
    with TenantSession(planted, MINE) as session:
        session.add(Label(owner=MINE, parcel_id=foreign_id(planted)))
        with pytest.raises(Exception, match=r"FOREIGN KEY|foreign key"):
            session.flush()


def test_session_without_tenant_is_an_error(planted: Engine):
    """Not all rows: no session at all."""
    with pytest.raises(TenantRequired):
        TenantSession(planted, "")


def test_readonly_session_writes_nothing(planted: Engine):
    """Neither statements nor objects."""
    with TenantSession(planted, MINE, readonly=True) as session:
        with pytest.raises(FenceBroken, match="read-only"):
            session.execute(update(Parcel).values(name="x"))
        session.add(Parcel(name="x"))
        with pytest.raises(FenceBroken, match="read-only"):
            session.flush()


def test_table_without_tenant_is_free(planted: Engine):
    """Global tables are read and written from any tenant's session."""
    with TenantSession(planted, MINE) as session:
        session.add(db.ClockOffset(seconds=3))
        session.flush()
        assert session.execute(select(db.ClockOffset.__table__.c.seconds)).scalars().all() == [3]
    assert not issubclass(db.ClockOffset, TenantOwned)
