"""The one module with SQL of its own: many rows at once obey both fences."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.exc import ProgrammingError
from sqlmodel import select

from databases import Database
from leaky import MINE, OTHER
from shuangsui import bulk, db
from shuangsui.db import CrossTenantWrite, FenceBroken, TenantSession
from shuangsui.errors import BadInput
from shuangsui.registry.tables import ChangeKind, InspectionObject, ObjectStatus, RegistryChange, RegistryImport

Scope = Callable[..., AbstractContextManager[TenantSession]]


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows are many."""
    monkeypatch.setattr(bulk, "WORTH", 3)


def imported(session: TenantSession) -> Any:
    row = RegistryImport(
        kind="objects", at=datetime(2026, 6, 1, tzinfo=UTC), actor="lead", source="x.csv", sha256="0" * 64, rows=3
    )
    session.add(row)
    session.flush()
    return row.id


def objects(session: TenantSession, n: int = 3, **more: object) -> list[dict[str, Any]]:
    """Every type of column: text, empty text, a list, records with days, an enumeration, an id."""
    return [
        {
            "code": f"C{i}", "name": "企业\t\\N\n甲", "district": None, "items": ["JX-01"],
            "flags": [{"kind": "penalty", "since": "2026-01-01"}], "status": ObjectStatus.ACTIVE,
            "fingerprint": "f", "import_id": imported(session), **more,
        }
        for i in range(n)
    ]  # fmt: skip


def stored(session: TenantSession) -> list[dict[str, Any]]:
    rows = session.exec(select(InspectionObject).order_by(InspectionObject.code)).all()
    return [row.model_dump(exclude={"id", "import_id"}) for row in rows]


def test_same_rows_as_an_ordinary_insert(scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    """Defaults, enumerations, structure, signs that COPY gives a meaning, ids of their own; nothing for nobody else."""
    with scope(MINE) as session:
        bulk.insert_rows(session, InspectionObject, objects(session))
    monkeypatch.setattr(bulk, "WORTH", 9)
    with scope(OTHER) as session:
        bulk.insert_rows(session, InspectionObject, objects(session))
        ordinary = stored(session)
    with scope(MINE) as session:
        copied = stored(session)
        assert len(set(session.exec(select(InspectionObject.id)))) == 3
    assert copied == [{**row, "tenant_id": MINE} for row in ordinary]


def test_structure_that_is_empty_is_stored_alike(scope: Scope) -> None:
    """What was before a row was there."""
    with scope(MINE) as session:
        entry = imported(session)
        rows = [
            {"import_id": entry, "kind": "objects", "key": str(i), "change": ChangeKind.ADDED, "before": None,
             "after": {"code": str(i), "on": date(2026, 1, 1).isoformat()}}
            for i in range(3)
        ]  # fmt: skip
        bulk.insert_rows(session, RegistryChange, rows)
        bulk.insert_rows(session, RegistryChange, [{**rows[0], "key": "x"}])
        kinds = set(session.exec(select(RegistryChange.before.is_(None))))
    assert len(kinds) == 1


def test_rows_of_another_tenant_are_refused(scope: Scope) -> None:
    """By the first fence, before a statement is made."""
    with scope(MINE) as session, pytest.raises(CrossTenantWrite):
        bulk.insert_rows(session, InspectionObject, objects(session, tenant_id=OTHER))


@pytest.mark.postgres
def test_second_fence_stands_without_the_first(postgres: Database) -> None:
    """Somebody who names another tenant behind the first one's back meets the policy."""
    engine = db.engine(postgres.app)
    with TenantSession(engine, MINE) as session:
        rows = objects(session)
        session.tenant = OTHER
        with pytest.raises(ProgrammingError, match="row-level security"):
            bulk.insert_rows(session, InspectionObject, rows)
    engine.dispose()


@pytest.mark.postgres
def test_reading_sessions_write_nothing(postgres: Database) -> None:
    """As by any other way."""
    engine = db.engine(postgres.app)
    with db.session(engine, MINE, readonly=True) as session, pytest.raises(FenceBroken):
        bulk.insert_rows(session, RegistryChange, [{}, {}, {}])
    engine.dispose()


@pytest.mark.postgres
def test_several_batches_in_one_transaction_and_nothing_after_a_rollback(postgres: Database) -> None:
    """The temporary table is emptied after each and gone with the transaction."""
    engine = db.engine(postgres.app)
    with db.session(engine, MINE) as session:
        for batch in range(3):
            rows = [{**row, "code": f"{batch}-{row['code']}"} for row in objects(session)]
            bulk.insert_rows(session, InspectionObject, rows)
    with TenantSession(engine, MINE) as session:
        bulk.insert_rows(session, InspectionObject, objects(session))
        session.rollback()
    with db.session(engine, MINE) as session:
        assert len(stored(session)) == 9
    engine.dispose()


@pytest.mark.postgres
def test_without_temporary_tables_rows_go_in_one_by_one(postgres: Database) -> None:
    """An administrator may have taken the right away."""
    with postgres.by_hand() as admin:
        admin.exec_driver_sql(
            f"REVOKE TEMPORARY ON DATABASE {postgres.app.rpartition('/')[2].partition('?')[0]} FROM PUBLIC"
        )
    engine = db.engine(postgres.app)
    with db.session(engine, MINE) as session:
        bulk.insert_rows(session, InspectionObject, objects(session))
        assert len(stored(session)) == 3
    engine.dispose()


@pytest.mark.postgres
def test_what_the_driver_refuses_is_a_refusal_like_any_other(postgres: Database) -> None:
    """The one sign that no text may hold there."""
    engine = db.engine(postgres.app)
    with pytest.raises(BadInput) as refused, db.session(engine, MINE) as session:
        bulk.insert_rows(session, InspectionObject, objects(session, name="a\0"))
    assert refused.value.code == "text_unstorable"
    engine.dispose()


@pytest.mark.postgres
def test_no_value_is_lost_where_rows_name_different_columns(postgres: Database) -> None:
    """It would go nowhere."""
    engine = db.engine(postgres.app)
    with TenantSession(engine, MINE) as session:
        first, *others = objects(session)
        with pytest.raises(ValueError, match="address"):
            bulk.insert_rows(session, InspectionObject, [*others, {**first, "address": "一街"}])
    engine.dispose()
