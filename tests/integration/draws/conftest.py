"""An authority on each database."""

from __future__ import annotations

import pytest

from authority import Authority
from shelf import Place
from shuangsui.draws import feasibility


@pytest.fixture
def authority(place: Place, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Users only; tests say what else there is. Fewer trials than in production: their number is not what is tested."""
    monkeypatch.setattr(feasibility, "TRIALS", 3)
    return Authority(place.engine, place.folder, place=place)


@pytest.fixture
def ready(authority: Authority) -> Authority:
    """Everything up to the freeze: 200 objects, 12 inspectors, 5 experts."""
    authority.ready()
    return authority
