"""Workbooks from outside: the archive is judged first, then a limited child process reads it (threat 16, test T11)."""

from __future__ import annotations

import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from threading import Timer
from typing import IO, Any

import msgspec

import shuangsui
from shuangsui.errors import BadInput
from shuangsui.registry.cells import Cell, Grid, RawRow, SheetFault
from shuangsui.registry.sheet_child import OUT_OF_MEMORY
from shuangsui.said import say

_SOURCE_ROOT = Path(shuangsui.__file__).parents[1]
_CROWDED = 1 << 20
_CRASHED = {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGBUS, OUT_OF_MEMORY}

Choose = Callable[[dict[str, list[RawRow]]], str]
"""Picks one sheet from the first rows of every sheet that is not empty; may raise ``BadInput``."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, seconds and counts a workbook may cost."""

    entries: int = 1000
    unpacked: int = 200 << 20
    ratio: int = 100
    columns: int = 256
    memory: int = 1 << 30
    seconds: int = 60


@contextmanager
def open_workbook(path: Path, choose: Choose, limits: Limits | None = None) -> Iterator[Grid]:
    """The chosen sheet of a workbook while the child lives; raises ``BadInput``, also while rows are read."""
    limits = limits or Limits()
    check_archive(path, limits)
    child = _Child(_start(path, limits), limits)
    try:
        yield _grid(child, choose)
    finally:
        child.end()


def check_archive(path: Path, limits: Limits) -> None:
    """Judge the archive by its directory; raises ``not_a_workbook``, ``hostile_workbook``, ``workbook_too_large``."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise BadInput("not_a_workbook") from None
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise BadInput("hostile_workbook", part="重名部件")
    if "xl/workbook.xml" not in names:
        raise BadInput("not_a_workbook")
    if len(names) > limits.entries:
        raise BadInput("workbook_too_large", limit=say("{entries}个部件", entries=limits.entries))
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise BadInput("workbook_too_large", limit=say("解压后{unpacked}MB", unpacked=limits.unpacked >> 20))
    for entry in entries:
        if entry.file_size > max(_CROWDED, entry.compress_size * limits.ratio):
            raise BadInput("hostile_workbook", part=entry.filename)


def _start(path: Path, limits: Limits) -> subprocess.Popen[bytes]:
    """The child with nothing in its environment but the way to our code."""
    figures = (limits.memory, limits.seconds, limits.columns)
    return subprocess.Popen(
        [sys.executable, "-P", "-s", "-m", "shuangsui.registry.sheet_child", str(path.resolve()), *map(str, figures)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(_SOURCE_ROOT)},
    )


class _Child:
    """The child's lines as documents; its death becomes ``BadInput``."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._limits, self._late = process, limits, False
        self._in: IO[bytes] = process.stdin
        self._out: IO[bytes] = process.stdout
        self._clock = Timer(limits.seconds, self._expire)
        self._clock.start()

    def hear(self) -> Any:
        """The next document."""
        line = self._out.readline()
        if not line.endswith(b"\n"):
            raise self._death()
        document = msgspec.json.decode(line)
        if isinstance(document, dict) and "error" in document:
            raise BadInput(document["error"], **document["params"])
        return document

    def say(self, answer: str) -> None:
        """Answer the child; from here on only its processor time counts, for it waits for its reader."""
        self._clock.cancel()
        with suppress(BrokenPipeError):
            self._in.write(msgspec.json.encode(answer) + b"\n")
            self._in.flush()

    def end(self) -> None:
        """Leave no process and no thread behind."""
        self._clock.cancel()
        self._process.kill()
        self._process.communicate()

    def _expire(self) -> None:
        """The child did not come to the point in time."""
        self._late = True
        self._process.kill()

    def _death(self) -> BadInput:
        """Why the child said no more."""
        status = self._process.wait()
        if self._late or status == -signal.SIGXCPU:
            return BadInput("workbook_too_slow", seconds=self._limits.seconds)
        if status in _CRASHED:
            return BadInput("workbook_too_large", limit=say("内存{memory}MB", memory=self._limits.memory >> 20))
        return BadInput("not_a_workbook")


def _grid(child: _Child, choose: Choose) -> Grid:
    """The sheet ``choose`` picks."""
    sheets = {sheet["name"]: [_row(head) for head in sheet["head"]] for sheet in child.hear()["sheets"]}
    if not sheets:
        raise BadInput("empty_file")
    child.say(choose(sheets))
    found = child.hear()
    faults = [SheetFault(**fault) for fault in found["faults"]]
    return Grid(_rows(child), faults, found["hidden"], found["last"])


def _rows(child: _Child) -> Iterator[RawRow]:
    """Rows until the child says how many there were: a stream cut short is an error, never a shorter file."""
    while isinstance(document := child.hear(), list):
        yield _row(document)


def _row(document: list[Any]) -> RawRow:
    """A row as the child sent it."""
    number, cells = document
    return RawRow(number, [_cell(cell) if isinstance(cell, dict) else cell for cell in cells])


def _cell(sent: dict[str, str]) -> Cell:
    """A date or date with time."""
    if "date" in sent:
        return date.fromisoformat(sent["date"])
    return datetime.fromisoformat(sent["datetime"])
