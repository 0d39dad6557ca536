"""Workbooks with one sheet for each table; every cell is text, so none is ever read as a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import xlsxwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL = 32767
"""Characters that a cell can hold; a longer text would be dropped in silence."""

_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""The same for all: the same rows make the same bytes."""


@dataclass(frozen=True, slots=True)
class Table:
    """``columns``: code and Chinese title, in the order of the form."""

    code: str
    title: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its rows."""

    name: str
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]


def made(sheets: Iterable[Sheet]) -> bytes:
    """The first row holds the columns' codes, the second their titles, the others the data."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(2, 0)
            lines = [list(sheet.columns), list(sheet.columns.values()), *(list(row.values()) for row in sheet.rows)]
            for number, line in enumerate(lines):
                for place, text in enumerate(line):
                    page.write_string(number, place, text)
    return out.getvalue()
