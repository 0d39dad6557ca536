"""Brings up workers: ``shuangsui worker`` in a process of its own each time, without importing everything anew.

One line ``start LOGFILE`` on standard input forks a worker and answers its process id. The command is the real one;
only its patience is shorter, as the run's clock is faster, and ``SHUANGSUI_FAULTS_SEEDED`` may spoil it on purpose.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

from shuangsui.cli import app
from shuangsui.contracts import Receipt
from shuangsui.disclosure import ways
from shuangsui.worker import jobs, policy, relay, work
from shuangsui.worker.work import Job

PATIENCE = timedelta(seconds=3)


def shorten() -> None:
    """Hours of the run pass within a second: a dead worker's rows and lost hints are missed as much earlier."""
    policy.LEASE = policy.HINT = PATIENCE
    relay.SLOW = 2 * relay.QUICK


def blind() -> None:
    """What was sent is taken for public; nobody looks."""

    def deliver(way: Any, item: Any, allowed: Any) -> Receipt:
        sent = way.exporter.send(way.exporter.convert(item))
        return Receipt(sent.channel, sent.reference, sent.digest, confirmed=True)

    ways.ExporterWay.deliver = deliver  # type: ignore[method-assign]


def silent() -> None:
    """Nobody looks at any term."""
    jobs.JOBS = tuple(Job(one.name, lambda _work: None) if one.name == "terms.look" else one for one in jobs.JOBS)


SEEDED = {"blind": blind, "silent": silent}


def bring_up(log: Path) -> NoReturn:
    """The command, in a session of its own."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with log.open("ab") as file:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        app(["worker"], standalone_mode=False)
    except BaseException:  # noqa: BLE001 - the nursery's own loop must never go on in here
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def main() -> None:
    shorten()
    for name in filter(None, os.environ.get("SHUANGSUI_FAULTS_SEEDED", "").split(",")):
        SEEDED.get(name, lambda: None)()
    work.known()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            bring_up(Path(line.split(maxsplit=1)[1].strip()))
        print(pid, flush=True)


if __name__ == "__main__":
    main()
