"""Good rows put by while a file is judged: whoever writes them afterwards need not read and judge it again."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from weakref import finalize

from shuangsui.registry.cells import Row
from shuangsui.registry.pipeline import CheckedRow

BATCH = 5000
_IN_MEMORY = 8 << 20


class KeptRows:
    """A pile in a temporary file that nobody else can open; it goes with its owner."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile[bytes](max_size=_IN_MEMORY)
        self._next: list[tuple[int, Row]] = []
        self._end = 0
        finalize(self, self._file.close)

    def put(self, row: CheckedRow) -> None:
        """Behind the others."""
        self._next.append((row.number, row.values))
        if len(self._next) == BATCH:
            self.close()

    def close(self) -> None:
        """No more rows, or enough for one batch."""
        pickle.dump(self._next, self._file, pickle.HIGHEST_PROTOCOL)
        self._next, self._end = [], self._file.tell()

    def batches(self) -> Iterator[list[CheckedRow]]:
        """All of them, as often as wanted, :data:`BATCH` at a time."""
        self._file.seek(0)
        while self._file.tell() < self._end:
            yield [CheckedRow(number, values) for number, values in pickle.load(self._file)]  # noqa: S301 - our own
