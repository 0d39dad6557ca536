"""The error report: a workbook with the faulty rows' own columns and what is wrong beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from shuangsui.errors import BadInput, RowError
from shuangsui.registry.cells import Cell
from shuangsui.registry.columns import KINDS
from shuangsui.registry.headers import Names
from shuangsui.registry.reading import Table, read_table

_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CELL_LIMIT = 32_000
_CLOSED_TO_GUESSES = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip


def write_errors(
    source: Path,
    kind: str,
    errors: Sequence[RowError],
    out: Path,
    *,
    sheet: str | None = None,
    names: Names | None = None,
) -> None:
    """Write ``out``: one line for each error — row number, the row's original columns, 错误列, 错误代码, 错误说明.

    Every cell is text and none can become a formula. Raises ``errors_over_source`` instead of replacing the file.
    """
    if out.resolve() == source.resolve():
        raise BadInput("errors_over_source", file=source.name)
    asked = read_table(source, KINDS[kind], sheet=sheet, names=names)
    with asked as table, Workbook(str(out), _CLOSED_TO_GUESSES) as book:
        _write(table, errors, book.add_worksheet("错误清单"))


def inert(text: str) -> str:
    """``text`` that no spreadsheet takes for a formula (threat 15): a trigger gets an apostrophe before it."""
    return f"'{text}" if text.startswith(_TRIGGERS) else text


def _write(table: Table, errors: Sequence[RowError], sheet: Worksheet) -> None:
    """Headers, then errors in the file's order; those of no data row come last."""
    by_row: dict[int, list[RowError]] = defaultdict(list)
    for error in errors:
        by_row[error.row].append(error)
    width = table.layout.width
    line = _put(sheet, 0, ["行号", *table.layout.header[:width], "错误列", "错误代码", "错误说明"])
    for row in table.rows:
        for error in by_row.pop(row.number, ()):
            line = _put(sheet, line, [str(row.number), *_padded(row.cells, width), *_words(error)])
    for others in by_row.values():
        for error in others:
            line = _put(sheet, line, [str(error.row or ""), *[""] * width, *_words(error)])


def _put(sheet: Worksheet, line: int, texts: Iterable[str]) -> int:
    """Write one line as text; the number of the next."""
    for column, text in enumerate(texts):
        sheet.write_string(line, column, inert(text)[:_CELL_LIMIT])
    return line + 1


def _padded(cells: Sequence[Cell], width: int) -> list[str]:
    """Exactly ``width`` cells as text."""
    texts = ["" if cell is None else f"{cell:.0f}" if _is_whole(cell) else str(cell) for cell in cells[:width]]
    return texts + [""] * (width - len(texts))


def _is_whole(cell: Cell) -> bool:
    """Whether the cell is a number without fraction."""
    return isinstance(cell, float) and cell.is_integer()


def _words(error: RowError) -> list[str]:
    """The three columns that explain an error."""
    return [error.column, error.code, error.message]
