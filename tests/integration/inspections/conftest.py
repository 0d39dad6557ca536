"""An authority that has drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from authority import Authority
from officials import Official, officials
from shelf import Place
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.draws import feasibility
from shuangsui.migrations import migrate


@pytest.fixture
def authority(place: Place, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Users only."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    return Authority(place.engine, place.folder, place=place)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """An embedded installation whose clock may be moved."""
    monkeypatch.setenv("SHUANGSUI_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("SHUANGSUI_SIMULATED_CLOCK", "true")
    monkeypatch.setenv("SHUANGSUI_TENANTS", str(Path(__file__).parents[3] / "tenants"))
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    url = f"sqlite:///{tmp_path / 'var' / 'shuangsui.db'}"
    (tmp_path / "var").mkdir()
    migrate(url)
    engine: Engine = db.engine(url, simulated_clock=True)
    there = Authority(engine, tmp_path)
    with there.session() as session:
        access.add_user(session, "sys", "系统管理员", by="sec.admin")
        access.grant(session, "sys", Role.SYSTEM_ADMIN, by="sec.admin")
    yield there
    engine.dispose()


@pytest.fixture
def enter(authority: Authority, place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Official]]:
    """Signs an official in at the console."""
    with officials(authority, place.database.app, monkeypatch) as made:
        yield made
