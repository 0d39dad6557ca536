"""Daily work of a whole installation, through the relay."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from authority import Authority
from disclosing import of_result
from shelf import Place
from shuangsui import db
from shuangsui.disclosure import disclosures
from shuangsui.disclosure.policy import Action
from shuangsui.ledger.alerts import CLOCK, open_alerts
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.outbox import OutboxRow, WorkState
from shuangsui.settings import Settings
from shuangsui.worker.process import drain, runner_of
from shuangsui.worker.relay import Relay
from shuangsui.worker.work import known
from workbench import ROOT


@pytest.fixture
def authority(place: Place) -> Authority:
    """With registries, list and plan."""
    made = Authority(place.engine, place.folder, place=place)
    made.ready()
    return made


def a_day(authority: Authority, tmp_path: Path) -> None:
    """One round of the relay, and everything it asks for."""
    settings = Settings(var=tmp_path, tenants=ROOT / "tenants", key_file=authority.folder / "master.key")
    runner = runner_of(authority.engine, settings)
    Relay(authority.engine, known(), lambda: [authority.slug], lambda tenant, row, _: runner.run(tenant, row)).round()
    drain(runner, authority.engine, authority.slug)


def work(authority: Authority) -> dict[str, WorkState]:
    """Job → state, of the newest row."""
    with authority.session() as session:
        rows = session.exec(select(OutboxRow).order_by(OutboxRow.key))
        return {row.job: row.state for row in rows}


def test_terms_are_looked_at_every_day_without_anybody(authority: Authority, tmp_path: Path) -> None:
    """A registry that nobody brought up to date is a breach after 30 days (R6.4), raised by the clock."""
    a_day(authority, tmp_path)
    assert set(work(authority).values()) == {WorkState.DONE}
    with authority.session() as session:
        before = {alert.kind for alert in open_alerts(session)}
        db.move_clock(session, timedelta(days=40))
    a_day(authority, tmp_path)
    with authority.session() as session:
        after = {alert.kind for alert in open_alerts(session)}
        raised = session.exec(
            select(LedgerEntry.actor).where(LedgerEntry.act == "alert.raise").order_by(col(LedgerEntry.n))
        ).all()
    assert "registry_stale" in after - before
    assert set(raised) == {CLOCK}


def test_what_time_alone_ends_is_taken_down_without_anybody(authority: Authority, tmp_path: Path) -> None:
    """Nobody acts on the day after the last one of its publication, and it goes."""
    with authority.session() as session:
        disclosures.make(session, "result", "2026-0001-1", of_result(1), until=authority.today, actor="lead")
    a_day(authority, tmp_path)
    assert newest(authority) is Action.PUBLISH
    with authority.session() as session:
        db.move_clock(session, timedelta(days=1))
    a_day(authority, tmp_path)
    assert newest(authority) is Action.WITHDRAW


def newest(authority: Authority) -> Action:
    with authority.session() as session:
        row = disclosures.newest(session, "result", "2026-0001-1")
        assert row
        return row.action


def test_an_authority_that_never_published_gets_no_site_by_the_clock(authority: Authority, tmp_path: Path) -> None:
    """The look at its terms asks for nothing that would make pages."""
    idle = Authority(authority.engine, authority.folder, "yuzhong")
    a_day(idle, tmp_path)
    assert work(idle)["terms.look"] is WorkState.DONE
    assert "disclosure.follow" not in work(idle)
    assert [*(tmp_path / "public").rglob("*.html")] == []
