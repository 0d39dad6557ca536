"""An authority with its database, and a place where plugins can be installed for one test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from console import staff
from distributions import Install, installing
from shuangsui.access.policy import Role
from shuangsui.settings import Settings

ROOT = Path(__file__).parents[3]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """``installed("name", "source")`` installs a plugin for this test only."""
    with installing(tmp_path / "site-packages", monkeypatch) as install:
        yield install


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with the tenants of this repository."""
    return Settings(var=tmp_path / "var", tenants=ROOT / "tenants")


@pytest.fixture
def admins(engine: Engine) -> Engine:
    """The database, in which the city has a system administrator and somebody else."""
    staff(engine, {"root": Role.SYSTEM_ADMIN, "lead": Role.LEAD_OFFICE})
    return engine
