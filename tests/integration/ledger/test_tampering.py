"""Whoever changes a stored row by hand is found out, and the row is named."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, func, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import delete, select, update

from databases import Database
from drawlogs import ORIGIN, plan, write, write_draw
from shuangsui import db
from shuangsui.db import TenantSession
from shuangsui.db.connect import connect
from shuangsui.errors import RuleRefused
from shuangsui.ledger.keys import Keyring
from shuangsui.ledger.policy import Fault
from shuangsui.ledger.service import make_checkpoint, record, signer, verify
from shuangsui.ledger.tables import Checkpoint, DrawLogEntry, KeyRole, LedgerEntry

OTHER_ID = "'00000000000000000000000000000001'"
HEX = f"'{'ab' * 32}'"

LEDGER_EDITS = {
    "tenant_id": "'liangjiang'",
    "id": OTHER_ID,
    "n": "77",
    "time": "'2020-01-01 00:00:00'",
    "actor": "'nobody'",
    "act": "'item.drop'",
    "subject": "'A-2'",
    "payload": "'{\"a\": 1}'",
    "drawlog": HEX,
    "prev": HEX,
    "hash": HEX,
}
LOG_EDITS = {
    "i": "77",
    "kind": "'ABANDON'",
    "seq": "2",
    "r": "1",
    "line": "replace(line, '12 34 56', '12 34 57')",
    "hash": HEX,
    "time": "'2020-01-01 00:00:00'",
    "ledger_n": "1",
}


@pytest.fixture
def written(database: Database, engine: Engine, keyring: Keyring) -> Database:
    """A tenant with four log entries, their ledger rows, three acts more, and a checkpoint."""
    with db.session(engine, "chongqing") as session:
        write_draw(session)
        key = signer(session, keyring, KeyRole.LOG, ORIGIN, actor="zhang")
        make_checkpoint(session, key, actor="zhang")
        record(session, "item.add", actor="zhang", subject="A-1", payload={"name": "检查"})
    return database


def change(database: Database, statement: str) -> None:
    """What a database administrator may do."""
    with database.by_hand() as connection:
        assert connection.execute(text(statement)).rowcount == 1


def faults(engine: Engine) -> list[Fault]:
    """What ``ledger verify`` says."""
    with db.session(engine, "chongqing", readonly=True) as session:
        return list(verify(session).faults)


def test_untouched_chains_have_no_fault(written: Database, engine: Engine):
    """Seven acts, four log entries, one checkpoint."""
    with db.session(engine, "chongqing", readonly=True) as session:
        report = verify(session)
    assert (report.ledger, report.drawlog, report.checkpoints, report.faults) == (7, 4, 1, ())


@pytest.mark.parametrize(("column", "value"), LEDGER_EDITS.items(), ids=LEDGER_EDITS.keys())
def test_edited_ledger_row_is_named(written: Database, engine: Engine, column: str, value: str):
    """Any column of row 3."""
    change(written, f"UPDATE ledger_entry SET {column} = {value} WHERE n = 3")
    assert any(fault.chain == "ledger" and fault.at == 3 for fault in faults(engine))


@pytest.mark.parametrize(("column", "value"), LOG_EDITS.items(), ids=LOG_EDITS.keys())
def test_edited_log_row_is_named(written: Database, engine: Engine, column: str, value: str):
    """Any column of entry 1."""
    change(written, f"UPDATE draw_log_entry SET {column} = {value} WHERE i = 1")
    assert any(fault.chain == "drawlog" and fault.at == 1 for fault in faults(engine))


@pytest.mark.parametrize(
    ("table", "number", "column", "chain", "at"),
    [
        ("ledger_entry", "n", "id", "ledger", 3),
        ("ledger_entry", "n", "time", "ledger", 3),
        ("ledger_entry", "n", "n", "ledger", "nonsense"),
        ("draw_log_entry", "i", "time", "drawlog", 3),
        ("draw_log_entry", "i", "i", "drawlog", "nonsense"),
        ("draw_log_entry", "i", "line", "drawlog", 3),
    ],
)
def test_unreadable_row_is_named(sqlite_files, table: str, number: str, column: str, chain: str, at: object):
    """SQLite keeps whatever it is given; the other rows are still checked."""
    database = sqlite_files.create()
    engine = db.engine(database.app)
    with db.session(engine, "chongqing") as session:
        write_draw(session)
    value = "x'ff'" if column == "line" else "'nonsense'"
    change(database, f"UPDATE {table} SET {column} = {value} WHERE {number} = 3")
    assert Fault(chain, at, "unreadable") in faults(engine)
    engine.dispose()


@pytest.mark.parametrize("n", [1, 4, 7])
def test_deleted_ledger_row_is_named(written: Database, engine: Engine, n: int):
    """First, middle, and last: the counter remembers the last."""
    change(written, f"DELETE FROM ledger_entry WHERE n = {n}")
    assert Fault("ledger", n, "n") in faults(engine)


@pytest.mark.parametrize("i", [0, 2, 3])
def test_deleted_log_row_is_named_by_its_ledger_row(written: Database, engine: Engine, i: int):
    """The ledger knows what was in the public log."""
    change(written, f"DELETE FROM draw_log_entry WHERE i = {i}")
    assert Fault("ledger", i + 1, "drawlog") in faults(engine)


def test_log_row_without_ledger_row_is_named(written: Database, engine: Engine):
    """A draw-log entry is also one ledger row."""
    change(written, "UPDATE draw_log_entry SET ledger_n = 7 WHERE i = 2")
    assert faults(engine) == [Fault("drawlog", 2, "ledger_n")]


def test_rewritten_log_is_found_by_its_checkpoint(written: Database, engine: Engine):
    """Both chains cut back to the same length, counter included: only the signed note remembers."""
    with written.by_hand() as connection:
        for statement in (
            "DELETE FROM draw_log_entry WHERE i = 3",
            "DELETE FROM ledger_entry WHERE n > 3",
            "UPDATE counter SET value = 3",
        ):
            connection.execute(text(statement))
    assert faults(engine) == [Fault("checkpoint", 4, "CHECKPOINT_FORMAT")]


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ("replace(text, 'draws.example/chongqing', 'draws.example/other')", "CHECKPOINT_FORMAT"),
        ("'nonsense'", "CHECKPOINT_FORMAT"),
        ("replace(text, '— draws', '— graws')", "CHECKPOINT_SIG"),
    ],
)
def test_edited_checkpoint_is_named(written: Database, engine: Engine, edit: str, code: str):
    """Its text, and the line of its signature."""
    change(written, f"UPDATE checkpoint SET text = {edit}")
    assert faults(engine) == [Fault("checkpoint", 4, code)]


@pytest.mark.parametrize("line", [LOG_EDITS["line"], "'{}'", "'双'"])
def test_nothing_is_built_on_a_tampered_log(written: Database, engine: Engine, keyring: Keyring, line: str):
    """The next entry, or the next checkpoint, would vouch for the forged one."""
    change(written, f"UPDATE draw_log_entry SET line = {line} WHERE i = 1")
    with db.session(engine, "chongqing") as session:
        with pytest.raises(RuleRefused, match="log_refuses"):
            write(session, "PLAN", plan(2))
        session.delete(session.exec(select(Checkpoint)).one())
        key = signer(session, keyring, KeyRole.LOG, ORIGIN, actor="zhang")
        with pytest.raises(RuleRefused, match="log_broken"):
            make_checkpoint(session, key, actor="zhang")


@pytest.mark.parametrize("kind", [LedgerEntry, DrawLogEntry])
@pytest.mark.parametrize("change", [update, delete])
def test_application_cannot_change_the_chains(written: Database, engine: Engine, kind: Any, change: Any):
    """Refused by the database: by a trigger, and on PostgreSQL already for want of the right."""
    statement = change(kind).values(hash="") if change is update else change(kind)
    with TenantSession(engine, "chongqing") as session, pytest.raises((DBAPIError, IntegrityError)):
        session.exec(statement)
    assert faults(engine) == []


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET actor = 'x'", "DELETE FROM draw_log_entry"])
def test_owner_cannot_change_the_chains(written: Database, statement: str):
    """The trigger stops the owner of the tables too."""
    engine = connect(make_url(written.owner))
    with engine.connect() as connection:
        if written.is_postgres:
            connection.execute(select(func.set_config("app.tenant", "chongqing", True)))
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))
    engine.dispose()


def test_second_entry_of_a_number_is_refused(written: Database, engine: Engine):
    """The unique constraint is the last defence against two writers."""
    with TenantSession(engine, "chongqing") as session:
        first = session.exec(select(DrawLogEntry).where(DrawLogEntry.i == 0)).one()
        session.add(DrawLogEntry(**first.model_dump(exclude={"id"})))
        with pytest.raises(IntegrityError):
            session.flush()
