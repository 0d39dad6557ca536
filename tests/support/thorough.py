"""How much of what is endless, or is tried on PostgreSQL anyway, a run tries: a part, or all of it in ``make fuzz``."""

from __future__ import annotations

import os
from typing import TypeVar
from zlib import crc32

THOROUGH = bool(os.environ.get("SHUANGSUI_THOROUGH"))
SUITE = bool(os.environ.get("SHUANGSUI_SUITE"))
"""Everything is run; otherwise what somebody names is."""
PART = 5


Amount = TypeVar("Amount")


def times(whole: Amount, part: Amount) -> Amount:
    """``whole`` in a thorough run, ``part`` in any other."""
    return whole if THOROUGH else part


def is_left(test: str, database: str | None) -> bool:
    """Whether the suite leaves a test of an area on SQLite to ``make fuzz``: four of five, always the same ones."""
    areas = test.startswith("tests/integration/") and not test.startswith("tests/integration/db/")
    return SUITE and not THOROUGH and areas and database == "sqlite" and crc32(test.encode()) % PART != 0
