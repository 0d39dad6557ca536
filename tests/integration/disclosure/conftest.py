"""An authority that has drawn, and its officials at the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from authority import Authority
from officials import Official, officials
from shelf import Place
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.draws import feasibility


@pytest.fixture
def authority(place: Place, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Users only."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    return Authority(place.engine, place.folder, place=place)


@pytest.fixture
def enter(authority: Authority, place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Official]]:
    """Signs an official in at the console; ``sys`` administers the system."""
    with authority.session() as session:
        access.add_user(session, "sys", "系统管理员", by="sec.admin")
        access.grant(session, "sys", Role.SYSTEM_ADMIN, by="sec.admin")
    with officials(authority, place.database.app, monkeypatch) as made:
        yield made
