"""One authority whose people have addresses, and one box that all its messages end in."""

from __future__ import annotations

from pathlib import Path

import pytest

from authority import Authority
from notifying import Box, Desk
from shelf import Place


@pytest.fixture
def authority(place: Place) -> Authority:
    """Users with one role each."""
    return Authority(place.engine, place.folder, place=place)


@pytest.fixture
def box() -> Box:
    """By mail."""
    return Box()


@pytest.fixture
def desk(authority: Authority, box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The leader and the two of the inspection office have a mail address, the leader a telephone as well."""
    made = Desk.of(authority, tmp_path, monkeypatch)
    made.ways["chongqing"] = [box.way]
    for login in ("leader", "inspection", "checker"):
        made.address(login, email=f"{login}@jxw.example.gov.cn")
    made.address("leader", phone="13800138000")
    return made
