"""How much of something endless a run of the suite tries: a part, or, in ``make fuzz``, all that is claimed of it."""

from __future__ import annotations

import os
from typing import TypeVar

THOROUGH = bool(os.environ.get("SHUANGSUI_THOROUGH"))


Amount = TypeVar("Amount")


def times(whole: Amount, part: Amount) -> Amount:
    """``whole`` in a thorough run, ``part`` in any other."""
    return whole if THOROUGH else part
