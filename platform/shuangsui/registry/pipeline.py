"""The chain of checks: small generators that each take rows on their way, judge one thing, and hand all of them on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shuangsui.errors import BadInput
from shuangsui.registry.cells import Cell, RawRow, Row, Value, is_empty, letters
from shuangsui.registry.columns import Column, Kind
from shuangsui.registry.findings import Findings
from shuangsui.registry.headers import Layout
from shuangsui.registry.normalise import fold
from shuangsui.registry.reading import Table
from shuangsui.registry.values import wording

_TOTALS = frozenset(("合计", "总计", "小计"))
_FINGERPRINT = (1 << 64) - 1
_KNOWN = 10_000
"""So many cells of a column are remembered."""
_UNKNOWN: Any = object()

_read_extra = wording()


@dataclass(slots=True)
class CheckedRow:
    """A row by fields; ``failed`` names those with an error. A row is good where the findings hold no error of it."""

    number: int
    values: Row
    failed: set[str] = field(default_factory=set)


def checked_rows(table: Table, findings: Findings) -> Iterator[CheckedRow]:
    """Every row of the table, judged; what is found goes to ``findings``."""
    layout = table.layout
    tell_sheet(table, findings)
    raw = filled(table.rows, findings)
    raw = squared(raw, layout, findings)
    rows = read(raw, layout, {(fault.row, fault.column) for fault in table.faults}, findings)
    rows = in_order(rows, layout, findings)
    rows = agreed(rows, layout, findings)
    return unique(rows, layout, findings)


def tell_sheet(table: Table, findings: Findings) -> None:
    """What concerns the sheet: faults of its XML, hidden rows, columns nobody asked for."""
    findings.at(table.header_row, "")
    if table.hidden_rows:
        findings.tell("hidden_rows", count=table.hidden_rows)
    for title in table.layout.ignored:
        findings.at(table.header_row, title)
        findings.tell("column_ignored", column=title)
    for fault in table.faults:
        findings.at(fault.row, table.layout.title(fault.column))
        findings.tell(fault.code, text=fault.text)


def filled(rows: Iterator[RawRow], findings: Findings) -> Iterator[RawRow]:
    """Rows that hold something; a row of totals is an error and goes no further."""
    for row in rows:
        first = next((cell for cell in row.cells if not is_empty(cell)), None)
        if isinstance(first, str) and fold(first) in _TOTALS:
            findings.at(row.number, "")
            findings.tell("total_row", value=fold(first))
        elif first is not None:
            yield row


def squared(rows: Iterator[RawRow], layout: Layout, findings: Findings) -> Iterator[RawRow]:
    """Cells without a header are errors; cells missing at the end are told."""
    width = layout.width
    unnamed = {position for position in range(width) if not layout.header[position]}
    for row in rows:
        if len(row.cells) < width:
            findings.at(row.number, "")
            findings.tell("short_row", count=width - len(row.cells))
        for position in (*unnamed, *range(width, len(row.cells))):
            if position < len(row.cells) and not is_empty(row.cells[position]):
                findings.at(row.number, letters(position))
                findings.tell("extra_cells", value=str(row.cells[position])[:40])
        yield row


@dataclass(slots=True)
class _Place:
    """A column of the file with what some of its cells were read as, without a remark: many say the same."""

    position: int
    title: str
    column: Column
    known: dict[Cell, Value] = field(default_factory=dict)

    def read(self, cell: Cell, row: CheckedRow, findings: Findings) -> None:
        """Set the value of the cell, or keep what it is refused with."""
        findings.at(row.number, self.title)
        before = findings.told
        try:
            _read_cell(cell, self.column, row, findings)
        except BadInput as error:
            row.failed.add(self.column.field)
            findings.refused(error)
        if isinstance(cell, str) and findings.told == before and len(self.known) < _KNOWN:
            self.known[cell] = row.values[self.column.field]


def read(
    rows: Iterator[RawRow], layout: Layout, faulty: set[tuple[int, int]], findings: Findings
) -> Iterator[CheckedRow]:
    """Cells become values; a cell whose fault is known already is not judged again."""
    places = [_Place(position, layout.header[position], column) for position, column in layout.columns]
    width = layout.width
    for raw in rows:
        row = CheckedRow(raw.number, {column.field: column.empty() for column in layout.kind.columns})
        values, cells = row.values, raw.cells + [None] * (width - len(raw.cells))
        for place in places:
            known = place.known.get(cells[place.position], _UNKNOWN)
            if faulty and (raw.number, place.position) in faulty:
                row.failed.add(place.column.field)
            elif known is _UNKNOWN:
                place.read(cells[place.position], row, findings)
            else:
                values[place.column.field] = known.copy() if isinstance(known, list) else known
        if layout.kind.extensible:
            row.values["extra"] = _extra(raw, layout, findings)
        row.values = layout.kind.complete(row.values)
        yield row


def _read_cell(cell: Cell, column: Column, row: CheckedRow, findings: Findings) -> None:
    """Set the value of a filled cell; raises ``BadInput``."""
    if not is_empty(cell):
        row.values[column.field] = column.read(cell, findings.tell)
    elif column.required:
        raise BadInput("required_empty")


def _extra(raw: RawRow, layout: Layout, findings: Findings) -> dict[str, str]:
    """Filled cells of the columns an extensible kind does not know, by their header."""
    extra: dict[str, str] = {}
    for position, title in layout.extra:
        cell = _cell(raw, position)
        findings.at(raw.number, title)
        try:
            if not is_empty(cell):
                extra[title] = str(_read_extra(cell, findings.tell))
        except BadInput as error:
            findings.refused(error)
    return extra


def _cell(raw: RawRow, position: int) -> Cell:
    """The cell at ``position``; rows may end early."""
    return raw.cells[position] if position < len(raw.cells) else None


def in_order(rows: Iterator[CheckedRow], layout: Layout, findings: Findings) -> Iterator[CheckedRow]:
    """Periods begin before they end."""
    for row in rows:
        for first, last in layout.kind.periods:
            since, until = row.values[first], row.values[last]
            if isinstance(since, date) and isinstance(until, date) and since > until:
                findings.at(row.number, layout.title_of(last))
                findings.tell("dates_reversed", since=since.isoformat(), until=until.isoformat())
        yield row


def agreed(rows: Iterator[CheckedRow], layout: Layout, findings: Findings) -> Iterator[CheckedRow]:
    """What the columns of a row say goes together."""
    for row in rows:
        for wrong in layout.kind.wrong(row.values):
            if wrong.field not in row.failed:
                findings.at(row.number, layout.title_of(wrong.field))
                findings.tell(wrong.code, **wrong.params)
                row.failed.add(wrong.field)
        yield row


def unique(rows: Iterator[CheckedRow], layout: Layout, findings: Findings) -> Iterator[CheckedRow]:
    """No key stands twice: a row that repeats another differs in its error from one that contradicts it.

    One integer a key holds the row and a 64-bit fingerprint of its values; a row with another error equals no other.
    """
    kind, seen = layout.kind, dict[object, int]()
    for row in rows:
        if not row.failed & {kind.columns[0].field, *kind.key}:
            mark = hash((*map(_comparable, row.values.values()), row.number if row.failed else 0)) & _FINGERPRINT
            earlier = seen.setdefault(_identity(kind, row), row.number << 64 | mark)
            if earlier >> 64 != row.number:
                findings.at(row.number, layout.title_of(kind.columns[0].field))
                same = earlier & _FINGERPRINT == mark
                findings.tell("duplicate_row" if same else "duplicate_conflict", first=earlier >> 64)
        yield row


def _comparable(value: Value) -> object:
    return value if value is None or isinstance(value, str) else repr(value)


def _identity(kind: Kind, row: CheckedRow) -> object:
    """The key of a row: a single value as it is, to save memory."""
    key = tuple(row.values[field] for field in kind.key)
    return key[0] if len(key) == 1 else key
