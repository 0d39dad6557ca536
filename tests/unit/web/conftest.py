"""Node runs the browser's verifier outside a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shuangsui.web.rendering import STATIC

SUPPORT = Path(__file__).parents[2] / "support"
Node = Callable[[str, Any], Any]


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """``node(script, value)``: run a script of this folder on a JSON value, answer the JSON it prints.

    The modules are copied beside a ``package.json`` that tells Node what the browser knows from the script tag.
    """
    executable = shutil.which("node")
    if executable is None:
        pytest.skip("node is not installed: the verifier runs in the browser tests only")
    folder = tmp_path_factory.mktemp("node")
    shutil.copytree(STATIC / "js" / "verifier", folder / "verifier")
    shutil.copy(SUPPORT / "outcomes.js", folder)
    (folder / "package.json").write_text('{"type": "module"}')

    def run(script: str, value: Any) -> Any:
        shutil.copy(Path(__file__).parent / script, folder)
        done = subprocess.run(
            [executable, script], cwd=folder, input=json.dumps(value), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
