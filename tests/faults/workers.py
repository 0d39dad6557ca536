"""One worker at a time: started, watched, killed; and the broker that is taken away from it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlmodel import col, select

from installation import Installation
from queues import Queue
from shuangsui.db import now
from shuangsui.outbox import OutboxRow, Turn, WorkState

NURSERY = Path(__file__).with_name("nursery.py")
_EACH = re.compile(r" [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}.*")
"""Which of many, of work that is there once for every entry of the ledger."""
Running = dict[tuple[UUID, datetime | None], str]
"""Row and lease → work: whoever takes a row up again gets another lease."""


@dataclass
class Workers:
    """``kills`` so far, ``hit`` the jobs that ran, ``ends``: how often a worker ended that nobody had killed."""

    installation: Installation
    environment: Mapping[str, str]
    log: Path
    pid: int = 0
    kills: int = 0
    hit: Counter[str] = field(default_factory=Counter)
    ends: int = 0
    _left: Running = field(default_factory=dict)

    def __post_init__(self) -> None:
        path = os.pathsep.join(dict.fromkeys(one for one in sys.path if one))
        self._nursery = subprocess.Popen(
            [sys.executable, str(NURSERY)], env=os.environ | {"PYTHONPATH": path} | self.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._answer() == "ready"

    def start(self) -> None:
        assert self._nursery.stdin
        self._nursery.stdin.write(f"start {self.log}\n")
        self._nursery.stdin.flush()
        self.pid = int(self._answer())

    def watch(self) -> None:
        """As an operator's supervisor does: one that is gone is started again."""
        if not _is_alive(self.pid):
            self.ends += 1
            self.start()

    def kill(self, after: float, patience: float = 6) -> None:
        """SIGKILL, so long after the worker was seen at work; then the next one."""
        deadline = time.monotonic() + patience
        while not self._at_work() and time.monotonic() < deadline:
            time.sleep(0.03)
        time.sleep(after)
        found = self._at_work()
        os.kill(self.pid, signal.SIGKILL)
        self._left |= found
        self.kills += 1
        self.hit.update([_EACH.sub("", what) for what in found.values()] or ["nothing"])
        while _is_alive(self.pid):
            time.sleep(0.01)
        self.start()

    def close(self) -> None:
        if self.pid and _is_alive(self.pid):
            os.kill(self.pid, signal.SIGKILL)
        assert self._nursery.stdin
        self._nursery.stdin.close()
        self._nursery.wait(timeout=20)

    def is_idle(self, *jobs: str) -> bool:
        """Whether nothing is due or running, of these jobs or of all; a day has come before it is asked for."""
        with self.installation.session(readonly=True) as session:
            moment, open_ = now(session), (WorkState.NEW, WorkState.RUNNING)
            rows = select(OutboxRow.job, OutboxRow.state, OutboxRow.run_at).where(col(OutboxRow.state).in_(open_))
            due = {job for job, state, at in session.exec(rows) if state is WorkState.RUNNING or at <= moment}
            turns = session.exec(select(Turn)).all()
        due |= {turn.job for turn in turns if turn.next_at <= moment}
        return bool(turns) and not (due & {*jobs} if jobs else due)

    def keep_up(self, limit: float, *jobs: str) -> None:
        """Let the worker do what is due, or as much of these jobs, at most so many seconds."""
        deadline = time.monotonic() + limit
        while not self.is_idle(*jobs) and time.monotonic() < deadline:
            self.watch()
            time.sleep(0.1)

    def _at_work(self) -> Running:
        """What the present worker runs; not what a killed one has left."""
        with self.installation.session(readonly=True) as session:
            query = select(OutboxRow.id, OutboxRow.lease_until, OutboxRow.job, OutboxRow.key)
            rows = session.exec(query.where(OutboxRow.state == WorkState.RUNNING)).all()
        found = {(id_, lease): f"{job} {key}" if "/" in key else job for id_, lease, job, key in rows}
        return {name: what for name, what in found.items() if name not in self._left}

    def _answer(self) -> str:
        assert self._nursery.stdout
        return self._nursery.stdout.readline().strip()


@dataclass
class Broker:
    """RabbitMQ that forgets everything when it is stopped; none: the queue is inside the worker and dies with it."""

    queue: Queue | None
    restarts: int = 0

    @property
    def url(self) -> str | None:
        return self.queue.url if self.queue else None

    def be(self, *, there: bool) -> None:
        """Stop it at once and empty it, or bring it back."""
        if self.queue is None or there is bool(self.queue.process):
            return
        if there:
            self.queue.start()
            self.restarts += 1
        else:
            self.queue.stop()
            shutil.rmtree(self.queue.folder)


def _is_alive(pid: int) -> bool:
    """Zombies do not come about: the nursery takes no notice of its children's end."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
