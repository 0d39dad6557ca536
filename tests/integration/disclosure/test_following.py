"""What an act makes public is asked for in the act's own transaction, and done whatever happens in between."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from authority import Authority
from inspecting import team
from shelf import Place
from shuangsui.disclosure import disclosures
from shuangsui.disclosure.service import publications
from shuangsui.draws.tables import Draw
from shuangsui.ledger.policy import FOLLOW
from shuangsui.outbox import OutboxRow, WorkState
from shuangsui.settings import Settings
from shuangsui.worker.process import drain, runner_of
from workbench import ROOT


@pytest.fixture
def authority(place: Place) -> Authority:
    """With a drawn object and nothing published: as if the process had died after the act."""
    made = Authority(place.engine, place.folder, place=place)
    made.drawn()
    return made


def waiting(authority: Authority) -> list[WorkState]:
    with authority.session() as session:
        return list(session.exec(select(OutboxRow.state).where(OutboxRow.job == FOLLOW)))


def test_r14_9_draw_is_published_although_nobody_did_it(authority: Authority, tmp_path: Path) -> None:
    """One piece of work for all acts since the last one; done, nothing waits."""
    with authority.session() as session:
        assert publications(session) == []
    assert waiting(authority) == [WorkState.NEW]
    settings = Settings(var=tmp_path, tenants=ROOT / "tenants", key_file=authority.folder / "master.key")
    assert drain(runner_of(authority.engine, settings), authority.engine, authority.slug) == 1
    assert waiting(authority) == [WorkState.DONE]
    with authority.session() as session:
        found = {(row.kind, row.state.value) for row in publications(session)}
    assert {("draw", "confirmed"), ("plan", "confirmed"), ("items", "confirmed"), ("home", "confirmed")} <= found
    assert (tmp_path / "public" / authority.slug / "index.html").is_file()


def test_much_that_is_decided_is_made_in_portions(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in a transaction of its own, so that nobody waits for all of it and nothing begins anew."""
    monkeypatch.setattr(disclosures, "PORTION", 1)
    with authority.session() as session:
        draw = session.exec(select(Draw)).one()
    for task in range(2):
        team(authority, draw, task).published()
    with authority.session() as session:
        assert len(disclosures.catch_up(session, authority.office, "")) == 1
        session.rollback()
    settings = Settings(var=tmp_path, tenants=ROOT / "tenants", key_file=authority.folder / "master.key")
    drain(runner_of(authority.engine, settings), authority.engine, authority.slug)
    with authority.session() as session:
        assert len(disclosures.current(session, "result")) == 2
