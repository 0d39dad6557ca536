"""An authority that has drawn."""

from __future__ import annotations

import pytest

from authority import Authority
from shelf import Place
from shuangsui.draws import feasibility


@pytest.fixture
def authority(place: Place, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Users only."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    return Authority(place.engine, place.folder, place=place)
