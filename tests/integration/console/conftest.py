"""An authority at work by browser, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from authority import Authority
from offices import Offices, environment
from shelf import Place
from shuangsui.draws import feasibility


@pytest.fixture
def offices(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offices]:
    """Users with passwords, each with one role; no registry, no list, no plan."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    for name, value in environment(place.database.app, place.folder).items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:
        made = Offices(Authority(place.engine, place.folder, place=place), stack)
        made.authority.once("passwords", made.staff)
        yield made


@pytest.fixture
def stocked(offices: Offices) -> Offices:
    """With registries and a published list."""
    offices.stock()
    return offices
