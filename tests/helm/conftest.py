"""Programs that the chart's containers have, where the tests find them."""

from __future__ import annotations

import os
import shutil

import pytest


@pytest.fixture
def nginx() -> str:
    """The program; a test without it is skipped and says so."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if found is None:
        pytest.skip("nginx: not installed")
    return found
