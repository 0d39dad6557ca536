"""The quality list tries a plugin in an authority that has the usual source of public events: that source as well."""

from __future__ import annotations

import json
import subprocess
import sys

from shuangsui.testing.trial import CEREMONY

MAIN = "from shuangsui.cli import main; main()"


def test_the_usual_plugin_passes_the_quality_list() -> None:
    """Switched on once, though the trial has it anyway, and gone where the trial leaves it out."""
    words = [sys.executable, "-c", MAIN, "plugin", "check", CEREMONY, "--json"]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    assert [one for one in json.loads(said.stdout) if one["problem"]] == []
