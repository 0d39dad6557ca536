"""The calls into plugins that stay in this process: timed, counted, and stopped by a fuse.

A plugin that hangs keeps threads of its own busy and nothing else: whoever asked goes on after the time limit. One
that hangs, or makes several mistakes in a row, is left alone for a while; the next try then decides. Threads cannot be
killed, so a plugin that goes on hanging is left alone until the process starts anew.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Generic, TypeVar

from shuangsui import traces
from shuangsui.errors import OutsideFailed

T = TypeVar("T")
log = logging.getLogger(__name__)
trace = logging.getLogger("shuangsui.trace")
trace.setLevel(logging.WARNING)  # a server's log begins at INFO, and a line for every call is for who asks for it

QUICK, LONG = 5.0, 600.0
"""Seconds for a hook and for whatever is only looked up or worked out; for what goes somewhere or writes much."""
MISTAKES, PAUSE = 5, 60.0
"""So many mistakes in a row blow the fuse; seconds until the plugin is asked again."""
THREAD = "plugin-"
"""How the names of the threads begin in which plugins run."""
FOR_GOOD = float("inf")
HANGS, BESIDE, KEPT = 3, 4, 20
"""Hangs before a plugin is given up; quick calls of one plugin beside each other; incidents that are remembered."""


@dataclass(frozen=True, slots=True)
class Incident:
    """What a plugin did wrong; ``at`` is this machine's clock, in UTC, since nothing official rests on it."""

    at: datetime
    step: str
    error: OutsideFailed
    traceback: str


class Answer(threading.Thread, Generic[T]):
    """One call in a thread of its own, which ends with the process whatever it does."""

    def __init__(self, plugin: str, function: Callable[[], T]) -> None:
        super().__init__(name=f"{THREAD}{plugin}", daemon=True)
        self._function, self._context = function, copy_context()
        self.value: T
        self.error: BaseException | None = None

    def __str__(self) -> str:
        """What came out of it, without its contents."""
        if self.is_alive():
            return "no answer"
        return type(self.error).__name__ if self.error else "answered"

    def run(self) -> None:
        """Keep what comes out of it."""
        try:
            self.value = self._context.run(self._function)
        except BaseException as error:  # noqa: BLE001 - whoever asked judges it
            self.error = error


class Lane:
    """The calls into one plugin."""

    def __init__(self, plugin: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing has happened yet."""
        self.plugin, self.incidents = plugin, deque[Incident](maxlen=KEPT)
        self.calls = self.mistakes = self.hangs = 0
        self._clock, self._row, self._until = clock, 0, 0.0
        self._lock, self._beside = threading.Lock(), threading.BoundedSemaphore(BESIDE)

    def call(self, step: str, function: Callable[[], T], seconds: float = QUICK) -> Answer[T]:
        """What comes out of ``function``; :class:`OutsideFailed` if it takes too long or is not asked at all."""
        if left := self.resting:
            if left == FOR_GOOD:
                raise OutsideFailed("plugin_given_up", plugin=self.plugin, step=step)
            raise OutsideFailed("plugin_resting", plugin=self.plugin, step=step, seconds=ceil(left))
        self.calls += 1
        with traces.inner("plugin call", plugin=self.plugin, step=step):
            return self._in_turn(step, function, seconds)

    def _in_turn(self, step: str, function: Callable[[], T], seconds: float) -> Answer[T]:
        if seconds > QUICK:
            return self._answer(step, function, seconds)
        if not self._beside.acquire(timeout=seconds):
            raise OutsideFailed("plugin_too_slow", plugin=self.plugin, step=step, seconds=seconds)
        try:
            return self._answer(step, function, seconds)
        finally:
            self._beside.release()

    def erred(self, step: str, error: OutsideFailed, cause: BaseException | None = None) -> OutsideFailed:
        """Count a mistake: an exception that is none of the contract's, or a wrong answer; ``error``, to be raised."""
        error.__cause__ = cause
        self.note(step, error)
        with self._lock:
            self.mistakes, self._row = self.mistakes + 1, self._row + 1
            if self._row >= MISTAKES:
                self._rest(PAUSE)
        return error

    def went_well(self) -> None:
        """The row of mistakes is broken."""
        self._row = 0

    def note(self, step: str, error: OutsideFailed) -> None:
        """Remember and log it."""
        self.incidents.append(Incident(datetime.now(UTC), step, error, "".join(traceback.format_exception(error))))
        log.warning("plugin %s failed at %s: %s", self.plugin, step, error)

    @property
    def resting(self) -> float:
        """Seconds until the plugin is asked again, ``inf`` for not in this process; 0 if it is asked now."""
        return max(0.0, self._until - self._clock())

    def _answer(self, step: str, function: Callable[[], T], seconds: float) -> Answer[T]:
        answer, started = Answer(self.plugin, function), self._clock()
        answer.start()
        answer.join(seconds)
        trace.info("%s.%s %.1f ms: %s", self.plugin, step, (self._clock() - started) * 1000, answer)
        if answer.is_alive():
            raise self._hung(step, seconds)
        return answer

    def _hung(self, step: str, seconds: float) -> OutsideFailed:
        error = OutsideFailed("plugin_too_slow", plugin=self.plugin, step=step, seconds=seconds)
        self.note(step, error)
        with self._lock:
            self.hangs += not self.resting
            self._rest(PAUSE if self.hangs < HANGS else FOR_GOOD)
        return error

    def _rest(self, seconds: float) -> None:
        self._until, self._row = self._clock() + seconds, 0


class Lanes:
    """One lane for each plugin of the process."""

    def __init__(self) -> None:
        self._lanes: dict[str, Lane] = {}

    def of(self, plugin: str) -> Lane:
        """The plugin's lane."""
        return self._lanes.setdefault(plugin, Lane(plugin))

    def clear(self) -> None:
        """As in a new process."""
        self._lanes.clear()


lanes = Lanes()
"""Of this process."""


def show_calls() -> None:
    """Have a line written about every call, on stderr unless the process's log goes elsewhere."""
    trace.setLevel(logging.INFO)
    if not trace.hasHandlers():
        trace.addHandler(logging.StreamHandler())
