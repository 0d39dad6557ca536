"""The README's trial of an exporter against ``mock-sink``, as printed, in a folder that looks like the repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from command import ROOT
from examples import example
from ports import free_port


def like_the_repository(folder: Path) -> Path:
    """Where ``.venv/bin/shuangsui`` and ``tenants`` stand."""
    program = folder / ".venv" / "bin" / "shuangsui"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from shuangsui.cli import main; main()" "$@"\n')
    program.chmod(0o755)
    shutil.copytree(ROOT / "tenants", folder / "tenants")
    return folder


def test_readme_trial_reaches_the_mock_sink(tmp_path: Path) -> None:
    """Every line succeeds; the sink heard of packages, and what was handed over is listed as confirmed."""
    port = str(free_port())
    block = example("README.md", "sh").replace("8090", port).replace("mock-sink", f"mock-sink --port {port}")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        ["bash", "-e", "-c", block], cwd=like_the_repository(tmp_path), env=environment, capture_output=True, text=True,
        check=False, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    heard = [json.loads(line) for line in (tmp_path / "var" / "trial" / "requests.jsonl").read_text().splitlines()]
    assert {(one["system"], one["authorised"]) for one in heard} == {("credit", True)}
    assert [one for one in heard if one["method"] == "POST"]
    assert "exporter-gsxt" in done.stdout
