"""What every test of services, pages and jobs takes for granted."""

from __future__ import annotations

import pytest

from hashing import QUICK
from shuangsui.access import passwords


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less work for each; what it is in earnest is a test of its own."""
    monkeypatch.setattr(passwords, "_hasher", QUICK)
