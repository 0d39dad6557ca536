"""For vendors' tests: fixtures (:mod:`shuangsui.testing.fixtures`), an authority to try a plugin in, mock systems."""

from __future__ import annotations

from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import Sink
from shuangsui.testing.specimens import RESULT
from shuangsui.testing.trial import BUNDLE, Trial

__all__ = ["BUNDLE", "RESULT", "Fault", "Sink", "Trial"]
