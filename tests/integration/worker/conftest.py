"""One workbench for every test of the worker."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from shuangsui.settings import Settings
from workbench import ROOT, Bench


@pytest.fixture
def bench(engine: Engine, tmp_path: Path) -> Bench:
    """On SQLite and on PostgreSQL."""
    return Bench(engine, Settings(var=tmp_path, tenants=ROOT / "tenants"))
