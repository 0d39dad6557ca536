"""A municipality and one of its districts on each database; the leader of the municipality may also propose."""

from __future__ import annotations

import pytest

from authority import Authority
from shelf import Place
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.draws import feasibility
from tenures import DISTRICT, City


@pytest.fixture
def city(place: Place, monkeypatch: pytest.MonkeyPatch) -> City:
    """Users only."""
    monkeypatch.setattr(feasibility, "TRIALS", 3)
    made = Authority(place.engine, place.folder, place=place)
    with made.session() as session:
        access.grant(session, "leader", Role.LEAD_OFFICE, by="sec.admin")
    return City(made, made.beside(DISTRICT))
