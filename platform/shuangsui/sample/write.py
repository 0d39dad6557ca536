"""Files of the sample: CSV for every program, xlsx for spreadsheets; both streamed, both complete or absent."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from xlsxwriter import Workbook

from shuangsui.errors import BadInput
from shuangsui.sample.registries import Registry

SHEET_ROWS = 1_048_575
"""Rows of one worksheet below the header."""


def write_csv(path: Path, registry: Registry) -> None:
    """RFC 4180 with a byte order mark, which spreadsheets need to read UTF-8."""
    with _finished(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(registry.columns.values())
        writer.writerows([row[field] for field in registry.columns] for row in registry.rows)


def write_xlsx(path: Path, registry: Registry) -> None:
    """One worksheet of text cells; raises BadInput ``sample_sheet_full`` before the first row is made."""
    if registry.total > SHEET_ROWS:
        raise BadInput("sample_sheet_full", rows=SHEET_ROWS)
    with _finished(path) as part, Workbook(str(part), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, registry.columns.values())
        for number, row in enumerate(registry.rows, start=1):
            for column, field in enumerate(registry.columns):
                sheet.write_string(number, column, row[field])


WRITERS: dict[str, Callable[[Path, Registry], None]] = {"csv": write_csv, "xlsx": write_xlsx}


@contextmanager
def _finished(path: Path) -> Iterator[Path]:
    """A neighbour of ``path`` that takes its name when the block ends well; an interrupted run leaves nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
