"""An authority with a list and registries, and who in it may ask and approve."""

from __future__ import annotations

import pytest

from authority import Authority, experts, inspectors, objects
from shelf import Place
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.draws import feasibility


@pytest.fixture
def stocked(place: Place, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Two hundred objects of two items, twelve inspectors, a published list; the leader may also propose."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    made = Authority(place.engine, place.folder, place=place)
    made.once("stocked", lambda: _stock(made))
    return made


def _stock(made: Authority) -> None:
    made.take_in(objects=objects(200, items="JX-11、JX-14"), inspectors=inspectors(12), experts=experts(5))
    made.publish_list()
    with made.session() as session:
        access.grant(session, "leader", Role.INSPECTION_OFFICE, by="sec.admin")
