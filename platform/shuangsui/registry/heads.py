"""The beginning of a file before anybody has said which column is which: its sheets, their headers, the first rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from shuangsui.errors import BadInput
from shuangsui.registry.cells import Cell, RawRow
from shuangsui.registry.columns import Kind
from shuangsui.registry.headers import TITLE, fits, short, written
from shuangsui.registry.reading import is_workbook
from shuangsui.registry.sheets import Limits, open_workbook
from shuangsui.registry.text_files import read_csv

ROWS = 10
SAMPLES = 3
SHEETS = 20
LONGEST = 40
"""Signs of a cell that are shown."""


@dataclass(frozen=True, slots=True)
class Head:
    """One sheet: its ``header``, and below each title the first filled cells; ``fits``: we know its columns."""

    sheet: str
    header: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    fits: bool


def heads_of(path: Path, kind: Kind) -> list[Head]:
    """Every sheet with rows, first those whose columns we know; a CSV file is one sheet without a name.

    Raises ``BadInput`` for a file that cannot be read, and ``header_below_title`` where only a later row is a header.
    """
    found = [(sheet, rows) for sheet, rows in _begun(path).items() if any(not row.is_blank() for row in rows)]
    if not found:
        raise BadInput("empty_file")
    heads = [_head(sheet, rows, kind) for sheet, rows in found[:SHEETS]]
    if not any(head.fits for head in heads):
        _refuse_titles(found, kind)
    return sorted(heads, key=lambda head: not head.fits)


def _begun(path: Path) -> dict[str, list[RawRow]]:
    """The first rows of each sheet."""
    if not is_workbook(path):
        return {"": list(islice(read_csv(path), ROWS))}
    found: dict[str, list[RawRow]] = {}

    def look(heads: dict[str, list[RawRow]]) -> str:
        found.update(heads)
        return next(iter(heads))

    with open_workbook(path, look):
        return found


def _head(sheet: str, rows: Sequence[RawRow], kind: Kind) -> Head:
    filled = [row for row in rows if not row.is_blank()]
    header = tuple(storable(short(title)) for title in written(filled[0].cells)[: Limits().columns])
    samples = tuple(_samples(filled[1:], place) for place in range(len(header)))
    return Head(storable(sheet)[:TITLE], header, samples, fits(kind, filled[0].cells))


def _samples(rows: Sequence[RawRow], place: int) -> tuple[str, ...]:
    texts = (_text(row.cells[place]) for row in rows if place < len(row.cells))
    return tuple(islice(filter(None, texts), SAMPLES))


def _text(cell: Cell) -> str:
    """A cell in one short line; a whole number without the point that a workbook keeps."""
    text = f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else "" if cell is None else str(cell)
    return storable(" ".join(text.split()))[:LONGEST]


def storable(text: str) -> str:
    """``text`` without what no database keeps."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _refuse_titles(found: Sequence[tuple[str, Sequence[RawRow]]], kind: Kind) -> None:
    """Say that the header stands below title rows."""
    for _, rows in found:
        for row in rows:
            if fits(kind, row.cells):
                raise BadInput("header_below_title", row=row.number)
