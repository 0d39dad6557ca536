"""An authority at work by browser, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine

from authority import Authority
from databases import Database
from offices import Offices, environment
from shuangsui.access import passwords
from shuangsui.draws import feasibility


@pytest.fixture
def offices(engine: Engine, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offices]:
    """Users with passwords, each with one role; no registry, no list, no plan."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    for name, value in environment(database.app, tmp_path).items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:
        made = Offices(Authority(engine, tmp_path), stack)
        made.staff()
        yield made


@pytest.fixture
def stocked(offices: Offices) -> Offices:
    """With registries and a published list."""
    offices.stock()
    return offices
