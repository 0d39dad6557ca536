"""Every job run in one tenant with what is the neighbour's, and every line that is logged on the way."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from crossing import logging_to, undone
from doors import Named, all_identifiers
from neighbours import MINE, OTHER, Neighbours
from notifying import Box
from shuangsui import db
from shuangsui.access.staff import END
from shuangsui.db import TenantSession
from shuangsui.db.statements import is_owned
from shuangsui.disclosure import deliveries
from shuangsui.draws.service import CONCLUDE, FETCH
from shuangsui.errors import ShuangsuiError
from shuangsui.extension import service
from shuangsui.ledger.alerts import TELL
from shuangsui.migrations import metadata
from shuangsui.notification.jobs import DIGEST
from shuangsui.notification.spreading import SEND
from shuangsui.outbox import OutboxRow, WorkState, enqueue
from shuangsui.registry.imports import CHECK, WRITE
from shuangsui.worker.jobs import PULL, PULL_POOL
from shuangsui.worker.process import House, drain, runner_of
from shuangsui.worker.work import Work, known

ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    deliveries.DELIVER: {"channel": "delivery.channel"},
    FETCH: {"no": "draw.no", "name": "=e1"},
    CONCLUDE: {"no": "draw.no"},
    TELL: {"alert": "alert.id", "level": "=warn"},
    DIGEST: {"day": "=2026-06-15"},
    SEND: {"notifier": "notification.notifier"},
    END: {"leave": "staff_session.id"},
    PULL: {"feed": "plugin_switch.plugin"},
    PULL_POOL: {"pool": "plugin_switch.plugin"},
    CHECK: {"upload": "registry_upload.id"},
    WRITE: {"upload": "registry_upload.id"},
}
"""What each argument of a job names: a column, or a plain value."""
PLAIN = set(known().jobs) - set(ARGUMENTS)


@pytest.fixture(scope="module")
def named(neighbours: Neighbours) -> dict[str, Named]:
    with neighbours.by_hand() as mirror:
        return all_identifiers(mirror)


@pytest.fixture
def work(neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """Where a job of the first tenant works; somebody can be notified, and nothing is kept."""
    monkeypatch.setattr(service, "notifiers", lambda _tenant, _settings=None: [Box().way])
    house = House(neighbours.engine, neighbours.settings)
    with patch.object(TenantSession, "commit", undone):
        yield Work(neighbours.engine, house.office(MINE), neighbours.settings)


def rows_of(neighbours: Neighbours, tenant: str) -> dict[str, list[str]]:
    """Everything a tenant has."""
    with neighbours.by_hand() as mirror:
        owned = [table for table in metadata().sorted_tables if is_owned(table)]
        return {table.name: sorted(map(str, mirror.rows(table, tenant))) for table in owned}


def outcome(work: Work, job: str, arguments: Mapping[str, str]) -> str:
    """How it ended, without what it was asked for."""
    try:
        known().jobs[job].run(work, **arguments)
    except ShuangsuiError as error:
        said = json.dumps(error.kept(), ensure_ascii=False, sort_keys=True)
    except Exception as error:  # noqa: BLE001 - a mistake of ours must be the same one
        said = type(error).__name__
    else:
        said = "done"
    for name, value in arguments.items():
        said = said.replace(value, f"<{name}>")
    return said


def test_every_argument_says_what_it_names():
    """A new job is tried as soon as it is there."""
    taken = {job.name: [*inspect.signature(job.run).parameters][1:] for job in known().jobs.values()}
    assert {name: names for name, names in taken.items() if names} == {
        job: [*names] for job, names in ARGUMENTS.items()
    }


def test_every_job_about_one_draw_says_so_to_the_log():
    """The argument that is a draw's number is bound to every line."""
    numbers = {job: name for job, names in ARGUMENTS.items() for name, column in names.items() if column == "draw.no"}
    assert {name: job.draw for name, job in known().jobs.items() if job.draw} == numbers


@pytest.mark.parametrize("job", ARGUMENTS)
def test_job_with_a_foreign_identifier_ends_like_one_with_a_missing_one(
    work: Work, neighbours: Neighbours, named: dict[str, Named], job: str
):
    """Refused, or nothing to do; the neighbour's rows stay as they are."""
    before = rows_of(neighbours, OTHER)
    each: list[dict[str, Any]] = [
        {name: one[1:] if one.startswith("=") else getattr(named[one], whose) for name, one in ARGUMENTS[job].items()}
        for whose in ("theirs", "nobodys")
    ]
    assert outcome(work, job, each[0]) == outcome(work, job, each[1])
    assert rows_of(neighbours, OTHER) == before


def test_foreign_row_is_not_run(neighbours: Neighbours, named: dict[str, Named]):
    """A hint that names another tenant than its row leads to nothing."""
    runner, before = runner_of(neighbours.engine, neighbours.settings), rows_of(neighbours, OTHER)["outbox"]
    assert runner.run(MINE, UUID(named["outbox.id"].theirs)) is False
    assert rows_of(neighbours, OTHER)["outbox"] == before


def test_every_log_line_of_a_job_names_the_tenant(neighbours: Neighbours):
    """Work of every kind that needs no argument, and one that fails."""
    with db.session(neighbours.engine, MINE) as session:
        enqueue(session, FETCH, no="2026-9999", name="e1")
    lines = run_all(neighbours, neighbours.engine, "logged")
    assert {line["event"] for line in lines} >= {"job_done", "job_failed"}
    assert {line.get("tenant") for line in lines} == {MINE}


def test_workers_role_can_do_all_the_work(neighbours: Neighbours):
    """With fewer rights than the application on PostgreSQL; SQLite has no roles."""
    engine = db.engine(neighbours.database.worker, simulated_clock=True)
    run_all(neighbours, engine, "by the worker")
    with db.session(engine, MINE, readonly=True) as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.key == "by the worker")).all()
    engine.dispose()
    assert [(row.job, row.error) for row in rows if row.state is not WorkState.DONE] == []
    assert {row.job for row in rows} == PLAIN


def run_all(neighbours: Neighbours, engine: Engine, key: str) -> list[dict[str, Any]]:
    """Every job without arguments, asked for by the application; what was logged meanwhile."""
    with db.session(neighbours.engine, MINE) as session:
        for job in PLAIN:
            enqueue(session, job, key=key)
    stream = StringIO()
    with logging_to(stream):
        drain(runner_of(engine, neighbours.settings), engine, MINE)
    return [json.loads(line) for line in stream.getvalue().splitlines()]
