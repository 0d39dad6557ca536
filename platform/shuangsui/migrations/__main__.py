"""``python -m shuangsui.migrations new "what changed"``: write the next revision."""

from __future__ import annotations

import sys

from shuangsui.migrations import new_revision

if len(sys.argv) != 3 or sys.argv[1] != "new":
    sys.exit('usage: python -m shuangsui.migrations new "what changed"')
new_revision(sys.argv[2])
