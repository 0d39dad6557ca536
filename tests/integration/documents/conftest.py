"""An authority that has drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from authority import Authority
from shuangsui.draws import feasibility


@pytest.fixture
def authority(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Users only."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    return Authority(engine, tmp_path)
