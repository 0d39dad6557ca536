"""No read of one tenant sees another tenant's rows; each fence alone is enough (promise P3, H8)."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from databases import Database
from leaky import MINE, PROBES, Probe, without_first_fence, without_second_fence
from shuangsui.db import TenantSession

every_read = pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)


def answer(engine: Engine, probe: Probe) -> object:
    """What a session of :data:`MINE` sees; nothing is kept of what it changed."""
    with TenantSession(engine, MINE) as session:
        return probe.read(session)


@every_read
def test_read_sees_own_rows_only(planted: Engine, probe: Probe):
    """With both fences up."""
    assert answer(planted, probe) == probe.scoped


@every_read
def test_read_is_scoped_by_the_first_fence_alone(planted: Engine, leaky: Database, probe: Probe):
    """Row-level security is off, as always on SQLite."""
    with without_second_fence(leaky):
        assert answer(planted, probe) == probe.scoped


@every_read
def test_read_is_scoped_by_the_second_fence_alone(planted: Engine, leaky: Database, probe: Probe):
    """The session adds nothing; PostgreSQL hides the rows, SQLite has no second fence."""
    with without_first_fence():
        assert answer(planted, probe) == (probe.scoped if leaky.is_postgres else probe.leaked)


@every_read
def test_read_leaks_without_fences(planted: Engine, leaky: Database, probe: Probe):
    """The probe can fail: without fences it sees the other tenant."""
    with without_first_fence(), without_second_fence(leaky):
        assert answer(planted, probe) == probe.leaked
