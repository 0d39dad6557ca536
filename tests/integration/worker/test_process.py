"""``shuangsui worker`` as a process: it works, ends when told to, and may be killed at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from sqlmodel import select

from databases import Database
from ports import free_port
from shuangsui import db
from shuangsui.migrations import migrate
from shuangsui.outbox import OutboxRow, WorkState
from workbench import HERE, ROOT, Bench

COMMAND = "from shuangsui.cli import main; main()"
STUBBORN = """
import sys, time
from datetime import timedelta
from pathlib import Path
from shuangsui import db
from shuangsui.settings import Settings
from shuangsui.worker import policy
from shuangsui.worker.work import Job, Known
from shuangsui.worker.process import working

policy.LEASE = timedelta(seconds=2)
diary = Path(sys.argv[1])

def do(work):
    with diary.open("a") as file:
        file.write("begun\\n")
    if len(diary.read_text().splitlines()) == 1:
        time.sleep(600)

settings = Settings()
with working(db.engine(settings), settings, jobs=Known({"test.do": Job("test.do", do)}, ())):
    time.sleep(600)
"""


def start(url: str, folder: Path, code: str, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
    told = {"VAR": str(folder), "TENANTS": str(ROOT / "tenants"), "DATABASE_URL": url, **more}
    environment = os.environ | {f"SHUANGSUI_{name}": value for name, value in told.items()}
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env=environment, stderr=subprocess.DEVNULL)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not true():
        assert time.monotonic() < deadline, "still not"
        time.sleep(0.2)


def state(url: str, job: str) -> WorkState | None:
    engine = db.engine(url)
    with db.session(engine, HERE, readonly=True) as session:
        found = session.exec(select(OutboxRow.state).where(OutboxRow.job == job)).first()
    engine.dispose()
    return found


def test_command_does_the_work_of_the_day_and_ends_when_told_to(tmp_path: Path) -> None:
    """In a new embedded installation; it says that it lives, ends with exit status 0 and leaves nothing running."""
    url, port = f"sqlite:///{tmp_path / 'shuangsui.db'}", free_port()
    migrate(url)
    process = start(url, tmp_path, COMMAND, "worker", METRICS_PORT=str(port))
    until(lambda: state(url, "registry.ask") is WorkState.DONE)
    assert httpx.get(f"http://127.0.0.1:{port}/livez", trust_env=False).status_code == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0


def test_work_of_a_killed_worker_is_done_by_the_next_one(bench: Bench, database: Database, tmp_path: Path) -> None:
    """SIGKILL in the middle of a job: begun twice, done once."""
    url, diary = database.app, tmp_path / "diary"
    bench.ask()
    first = start(url, tmp_path, STUBBORN, str(diary))
    until(diary.exists)
    first.kill()
    first.wait()
    assert state(url, "test.do") is WorkState.RUNNING
    second = start(url, tmp_path, STUBBORN, str(diary))
    until(lambda: state(url, "test.do") is WorkState.DONE)
    second.kill()
    second.wait()
    assert diary.read_text().splitlines() == ["begun", "begun"]
