"""One invented city with districts of real codes."""

from __future__ import annotations

from datetime import date

import pytest

from shuangsui.sample.scene import District, Scene

CODES = ("500101", "500102", "500103", "500104", "500106", "500107", "500108", "500109", "500229", "500230")


@pytest.fixture(scope="session")
def scene() -> Scene:
    """山城市 with ten districts, seen from 2026-11-01."""
    districts = tuple(District(f"第{number}区", code) for number, code in enumerate(CODES, start=1))
    return Scene("shancheng:7", "山城市", "500000", districts, date(2026, 11, 1))
