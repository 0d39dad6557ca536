"""An authority on each database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from authority import Authority
from shuangsui.draws import feasibility


@pytest.fixture
def authority(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Users only; tests say what else there is. Fewer trials than in production: their number is not what is tested."""
    monkeypatch.setattr(feasibility, "TRIALS", 3)
    return Authority(engine, tmp_path)


@pytest.fixture
def ready(authority: Authority) -> Authority:
    """Everything up to the freeze: 200 objects, 12 inspectors, 5 experts."""
    authority.ready()
    return authority
