"""Commands of the platform run within the test's own process."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner

from shuangsui.cli import app


def run(*words: object, status: int = 0) -> str:
    """What the command writes; errors of the platform come through."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.stdout


def answer(*words: object) -> Any:
    """The JSON document of a command."""
    return json.loads(run(*words, "--json"))
