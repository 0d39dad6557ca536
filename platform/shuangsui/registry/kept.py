"""Good rows put by while a file is judged: whoever writes them afterwards need not read and judge it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from tempfile import SpooledTemporaryFile
from weakref import finalize

from shuangsui.registry.cells import Row
from shuangsui.registry.pipeline import CheckedRow

BATCH = 5000
_IN_MEMORY = 8 << 20
_DAY = "\0"
"""The name under which a day stands, which no file can have as a header."""


class KeptRows:
    """A pile in a temporary file that nobody else can open; it goes with its owner."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile[bytes](max_size=_IN_MEMORY)
        self._next: list[tuple[int, Row]] = []
        finalize(self, self._file.close)

    def put(self, row: CheckedRow) -> None:
        """Behind the others."""
        self._next.append((row.number, row.values))
        if len(self._next) == BATCH:
            self.close()

    def close(self) -> None:
        """No more rows, or enough for one batch."""
        self._file.write(_encode(self._next).encode() + b"\n")
        self._next = []

    def batches(self) -> Iterator[list[CheckedRow]]:
        """All of them, as often as wanted, :data:`BATCH` at a time."""
        self._file.seek(0)
        while line := self._file.readline():
            yield [CheckedRow(number, values) for number, values in _decode(line.decode())]


def _named(value: object) -> dict[str, str]:
    if not isinstance(value, date):
        raise TypeError(f"no value of a row: {value!r}")
    return {_DAY: value.isoformat()}


def _read(members: dict[str, object]) -> object:
    return date.fromisoformat(str(members[_DAY])) if _DAY in members else members


_encode = json.JSONEncoder(default=_named).encode
_decode = json.JSONDecoder(object_hook=_read).decode
