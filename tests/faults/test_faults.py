"""The fault run itself, in small: it ends well, and it finds what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from queues import PROGRAMS, missing

RUN = Path(__file__).with_name("run.py")
SMALL = ("--hours", "6", "--quiet", "24")


def run(folder: Path, *arguments: str) -> tuple[int, dict[str, Any], set[str]]:
    """Exit status, figures, and what was wrong."""
    report = folder / "faults.json"
    path = os.pathsep.join(one for one in sys.path if one)
    done = subprocess.run(
        [sys.executable, str(RUN), *arguments, "--report", str(report)], env=os.environ | {"PYTHONPATH": path},
        capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    assert report.exists(), done.stderr[-4000:]
    told = json.loads(report.read_text("utf-8"))
    wrong = {line.split("  ")[0] for line in done.stdout.splitlines() if line.endswith("WRONG")}
    assert told["failures"] == len(wrong)
    return done.returncode, told["figures"], wrong


@pytest.mark.postgres
def test_r14_5_nothing_is_late_lost_or_doubled_while_everything_fails(tmp_path: Path) -> None:
    """60 publications, 6 kills, 3 stops of the broker; those due while their channel is down are alarmed before."""
    if missing("amqp"):
        pytest.skip(f"{PROGRAMS['amqp']} is not installed")
    status, figures, wrong = run(tmp_path, "--publications", "60", "--kills", "6", *SMALL)
    assert (status, wrong) == (0, set())
    assert (figures["workers killed"], figures["restarts of the broker"]) == (6, 3)
    assert figures["late because the channel was down"] == 5


@pytest.mark.postgres
def test_a_platform_that_does_not_look_is_found_out(tmp_path: Path) -> None:
    """No read-back, no look at the terms, a system that keeps everything twice: each shows in a count of its own."""
    seeded = [word for name in ("blind", "silent", "twice") for word in ("--seeded", name)]
    status, figures, wrong = run(
        tmp_path, "--publications", "20", "--kills", "0", "--without-broker", *SMALL, *seeded
    )  # fmt: skip
    assert status == 1
    found = {name: figures[name] for name in ("lost", "late without an alarm before the day", "duplicated")}
    assert all(found.values()), found
    assert {*found} <= wrong
    assert figures["late though there was time"] == figures["dead letters of the outbox"] == 0
