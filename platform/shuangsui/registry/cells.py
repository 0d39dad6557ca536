"""A file as rows of typed cells, before anything is known about their meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

Cell = str | float | bool | date | datetime | None
"""What the file stores: CSV knows text only; a workbook keeps numbers, booleans and dates apart from text."""

Flag = dict[str, str | date | None]
Value = str | bool | date | list[str] | list[Flag] | dict[str, str] | None
Row = dict[str, Value]
"""A checked row by field name; every field of its kind is present."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """``number`` counts as the spreadsheet does, from 1; ``cells`` from column A."""

    number: int
    cells: list[Cell]

    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return all(is_empty(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class SheetFault:
    """What a sheet's XML says and its values hide; ``column`` counts from 0, ``text`` is a range or empty."""

    row: int
    column: int
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet or CSV file: its rows once, and the faults found before reading them.

    ``last_row`` is where it ends; of a CSV file the last line, beyond its last record where cells have several lines.
    """

    rows: Iterator[RawRow]
    faults: list[SheetFault]
    hidden_rows: int = 0
    last_row: int = 0


def is_empty(cell: Cell) -> bool:
    """Whether the cell holds nothing a person would see."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def letters(column: int) -> str:
    """A column's name in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
