"""``shuangsui worker``: what follows official acts, and daily work, in a process of its own."""

from __future__ import annotations

import signal
import threading
from typing import Annotated, Any

import typer

from shuangsui import traces
from shuangsui.cli.common import notes, settings
from shuangsui.cli.desk import database
from shuangsui.ledger import first_look
from shuangsui.web import logs
from shuangsui.worker.endpoint import answering
from shuangsui.worker.process import House, working

AWAKE = 1.0
"""Seconds."""


def worker(threads: Annotated[int, typer.Option(min=1, max=32, help="同时办理多少项")] = 2) -> None:
    """办理后台任务：公示、名录拉取、期限检查等；日志逐行写到标准错误，按 Ctrl+C 结束，正在办理的办完再停。"""
    environment = settings().as_worker
    engine = database(environment)
    logs.configure()
    traces.configure(environment)
    first_look.begin(engine, House(engine, environment).tree)
    stop = threading.Event()

    def end(_signal: int, _frame: Any) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with working(engine, environment, threads=threads) as crew, answering(environment, crew.alive):
        notes.print("后台任务已经开始办理。")
        while not stop.wait(AWAKE):
            pass  # a signal that comes just before a wait without end would be heard after it
    engine.dispose()
    traces.flush()
