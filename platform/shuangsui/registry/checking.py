"""A registry file checked as a whole: all rows are good, or every fault is known with row, column and code.

``check_file`` judges and may put the rows by, ``iter_checked`` hands them out for insertion, or judges those of the
same bytes once more. So neither ever holds the rows, and a million need some two hundred megabytes for their keys.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from shuangsui.errors import BadInput, RowError, RowErrors
from shuangsui.registry.columns import KINDS
from shuangsui.registry.findings import Findings
from shuangsui.registry.headers import Names
from shuangsui.registry.kept import KeptRows
from shuangsui.registry.pipeline import CheckedRow, checked_rows
from shuangsui.registry.reading import read_table

_PROGRESS_EVERY = 1000

Progress = Callable[[int, int], None]
"""Called with the rows done and about how many there are."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on a file: ``rows`` it has, SHA-256 ``digest`` of its bytes, findings; ``counts`` by code."""

    kind: str
    rows: int
    digest: str
    errors: list[RowError]
    warnings: list[RowError]
    notes: list[RowError]
    counts: dict[str, int]

    def refuse(self) -> None:
        """Raise ``RowErrors`` if a single row is bad: all rows or none."""
        if self.errors:
            raise RowErrors(self.errors, rows=self.rows)


def check_file(
    path: Path,
    kind: str,
    *,
    sheet: str | None = None,
    names: Names | None = None,
    on_progress: Progress | None = None,
    keep: KeptRows | None = None,
) -> Checked:
    """Check every row; raises ``BadInput`` only where the file as a whole cannot be read."""
    digest, findings, rows = _digest(path), Findings(), 0
    with read_table(path, KINDS[kind], sheet=sheet, names=names) as table:
        for rows, row in enumerate(checked_rows(table, findings), start=1):
            if keep and not findings.errors:
                keep.put(row)
            if on_progress and rows % _PROGRESS_EVERY == 0:
                on_progress(rows, max(rows, table.last_row - table.header_row))
    if not rows:
        raise BadInput("no_rows")
    findings.close()
    if keep:
        keep.close()
    return Checked(kind, rows, digest, findings.errors, findings.warnings, findings.notes, dict(findings.counts))


def iter_checked(
    path: Path,
    kind: str,
    *,
    digest: str,
    sheet: str | None = None,
    names: Names | None = None,
    batch: int = 1000,
    kept: KeptRows | None = None,
) -> Iterator[list[CheckedRow]]:
    """The good rows of a checked file in batches; ``kept``: where the check put them.

    Raises ``BadInput`` ``file_changed`` if its bytes are no longer those of ``digest``, at the latest after the last
    batch, and ``RowErrors`` for a bad row: insert inside one transaction.
    """
    _refuse_change(path, digest)
    if kept:
        yield from kept.batches()
    else:
        yield from _judged_again(path, kind, sheet, names, batch)
    _refuse_change(path, digest)


def _judged_again(
    path: Path, kind: str, sheet: str | None, names: Names | None, batch: int
) -> Iterator[list[CheckedRow]]:
    findings = Findings()
    with read_table(path, KINDS[kind], sheet=sheet, names=names) as table:
        rows = checked_rows(table, findings)
        while some := list(islice(rows, batch)):
            if findings.errors:
                raise RowErrors(findings.errors, rows=len(some))
            yield some


def _refuse_change(path: Path, digest: str) -> None:
    """Refuse a file that is not the one that was checked."""
    if _digest(path) != digest:
        raise BadInput("file_changed")


def _digest(path: Path) -> str:
    """SHA-256 of the file, lower-case hexadecimal."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        raise BadInput("unreadable_file", file=path.name) from None
