"""One table from a file, whatever its format: header recognised, rows as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from shuangsui.errors import BadInput
from shuangsui.registry.cells import Grid, RawRow, SheetFault
from shuangsui.registry.columns import Kind
from shuangsui.registry.headers import Layout, Names, fits, recognise
from shuangsui.registry.sheets import Limits, open_workbook
from shuangsui.registry.text_files import lines_of, read_csv

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_TEXT_SUFFIXES = ("", ".csv", ".txt")
_WORKBOOK_SUFFIXES = ("", ".xlsx", ".xlsm")
_HEADER_WITHIN = 10


@dataclass(frozen=True, slots=True)
class Table:
    """A recognised table: ``rows`` below its header, read once; ``faults`` of the whole sheet; ``last_row`` about."""

    layout: Layout
    header_row: int
    rows: Iterator[RawRow]
    faults: list[SheetFault]
    hidden_rows: int
    last_row: int


@contextmanager
def read_table(
    path: Path, kind: Kind, *, sheet: str | None = None, names: Names | None = None, limits: Limits | None = None
) -> Iterator[Table]:
    """The table of ``kind`` in a CSV file or workbook; raises ``BadInput``, also while rows are read."""
    if is_workbook(path):
        with open_workbook(path, lambda heads: _chosen(heads, kind, sheet, names), limits) as grid:
            yield _table(grid, kind, names)
    else:
        yield _table(Grid(read_csv(path), [], last_row=lines_of(path)), kind, names)


def is_workbook(path: Path) -> bool:
    """Whether the content is a workbook; raises ``BadInput`` for other formats and for a suffix that lies."""
    suffix = path.suffix.lower()
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
    except OSError:
        raise BadInput("unreadable_file", file=path.name) from None
    if suffix not in _TEXT_SUFFIXES + _WORKBOOK_SUFFIXES + (".xls",):
        raise BadInput("unknown_file_type", suffix=suffix)
    if not magic:
        raise BadInput("empty_file")
    if magic == _OLE:
        raise BadInput("legacy_workbook")
    if suffix not in (_WORKBOOK_SUFFIXES if magic == _ZIP else _TEXT_SUFFIXES):
        raise BadInput("mislabelled_file", suffix=suffix)
    return magic == _ZIP


def _chosen(heads: dict[str, list[RawRow]], kind: Kind, sheet: str | None, names: Names | None) -> str:
    """The sheet asked for, or the only one whose header fits ``kind``."""
    if sheet is not None:
        if sheet not in heads:
            raise BadInput("wrong_sheet", wanted=sheet, sheets="、".join(heads))
        return sheet
    fitting = [name for name, rows in heads.items() if any(fits(kind, row.cells, names) for row in rows)]
    if len(fitting) > 1:
        raise BadInput("several_sheets", title=kind.title, sheets="、".join(fitting))
    if not fitting and len(heads) > 1:
        raise BadInput("wrong_sheet", wanted=kind.title, sheets="、".join(heads))
    return fitting[0] if fitting else next(iter(heads))


def _table(grid: Grid, kind: Kind, names: Names | None) -> Table:
    """The rows of ``grid`` below their header."""
    first = next((row for row in grid.rows if not row.is_blank()), None)
    if first is None:
        raise BadInput("empty_file")
    ahead = list(islice(grid.rows, _HEADER_WITHIN))
    if not fits(kind, first.cells, names):
        _refuse_title_rows(grid, kind, first, ahead, names)
    layout, rows = recognise(kind, first.cells, names), chain(ahead, grid.rows)
    return Table(layout, first.number, rows, grid.faults, grid.hidden_rows, grid.last_row)


def _refuse_title_rows(grid: Grid, kind: Kind, first: RawRow, ahead: list[RawRow], names: Names | None) -> None:
    """Say what is in the header's place: merged cells, or title rows with the header below them."""
    header = next((row for row in ahead if fits(kind, row.cells, names)), None)
    for fault in grid.faults:
        if fault.code == "merged_cells" and fault.row <= (header or first).number:
            raise BadInput("merged_header", range=fault.text)
    if header is not None:
        raise BadInput("header_below_title", row=header.number)
