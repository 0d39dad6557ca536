"""A plugin that floods the log: its lines are let through up to a quota, and the rest is counted."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from shuangsui.extension.lanes import THREAD

QUOTA, WINDOW = 200, 60.0
"""So many lines of one plugin in so many seconds."""
TOO_MUCH = "%s floods the log: its lines are dropped for a while"


class Quota(logging.Filter):
    """For a handler; whatever a plugin's threads log, under whichever name, is the plugin's."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock, self._lock = clock, threading.Lock()
        self._since: dict[str, float] = {}
        self._lines: dict[str, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written; the first that is one too many says so instead."""
        name = record.threadName or ""
        if not name.startswith(THREAD):
            return True
        count = self._count(name)
        if count == QUOTA + 1:
            record.msg, record.args, record.exc_info = (
                "%s floods the log: its lines are dropped for a while",
                (name,),
                None,
            )
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return count <= QUOTA + 1

    def _count(self, name: str) -> int:
        with self._lock:
            if self._clock() - self._since.setdefault(name, self._clock()) >= WINDOW:
                self._since[name], self._lines[name] = self._clock(), 0
            self._lines[name] = self._lines.get(name, 0) + 1
            return self._lines[name]
