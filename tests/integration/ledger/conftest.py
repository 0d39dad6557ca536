"""Keys of a log and of its witnesses."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuangsui.ledger.keys import Keyring


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    """A master key of this test."""
    return Keyring(tmp_path / "keys" / "master.key")
