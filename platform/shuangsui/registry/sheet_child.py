"""The child process that opens a workbook: ``python -m shuangsui.registry.sheet_child FILE MEMORY SECONDS WIDTH``.

A hostile workbook can exhaust memory or crash the parser; here it takes only this process with it. Protocol, one JSON
document a line: out ``{"sheets": [{"name", "head"}]}`` with the first rows of every sheet that is not empty; in, the
name of one of them; out ``{"faults", "hidden", "last"}``, then ``[row, cells]`` for each row, then ``{"end": rows}``.
``{"error", "params"}`` ends it early. Dates travel as ``{"date": ISO}`` or ``{"datetime": ISO}``. Whatever else
happens, the process dies without the end, and the parent says what its death means.
"""

from __future__ import annotations

import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

import msgspec
from python_calamine import CalamineSheet, CalamineWorkbook

from shuangsui.registry.sheet_scan import HostileXml, SheetScan, refuse_document_type, scan_sheet, sheet_parts

HEAD_ROWS = 10
OUT_OF_MEMORY = 70
"""Exit status when the interpreter ran out of memory, or the parser's inflate did (a panic that names ``MemError``);
any other failure of the parser to allocate is a signal."""

_ENCODER = msgspec.json.Encoder()


class Refused(Exception):
    """The workbook is refused; ``args`` are the error's code and parameters."""


def main(path: str, memory: int, seconds: int, width: int) -> int:
    """Serve one workbook; the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        _serve(path, width)
    except Refused as refused:
        _say({"error": refused.args[0], "params": refused.args[1]})
    except MemoryError:
        return OUT_OF_MEMORY
    except BaseException as panic:
        if "MemError" in str(panic):
            return OUT_OF_MEMORY
        raise
    return 0


def _serve(path: str, width: int) -> None:
    """The protocol of the module's docstring."""
    scans = _scanned(path, width)
    workbook = CalamineWorkbook.from_path(path)
    sheets = {name: workbook.get_sheet_by_name(name) for name, scan in scans.items() if scan.last_row}
    _say({"sheets": [{"name": name, "head": list(islice(_rows(sheet), HEAD_ROWS))} for name, sheet in sheets.items()]})
    chosen = msgspec.json.decode(sys.stdin.buffer.readline())
    scan = scans[chosen]
    _say({"faults": scan.faults, "hidden": scan.hidden_rows, "last": scan.last_row})
    sheet, count = sheets[chosen], 0
    sheets.clear()
    for row in _rows(sheet):
        _say(row)
        count += 1
    _say({"end": count})


def _scanned(path: str, width: int) -> dict[str, SheetScan]:
    """The scan of every worksheet by name; refuses document types and sheets too wide to hold in memory."""
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if part.endswith((".xml", ".rels")):
                with archive.open(part) as stream:
                    _refuse_hostile(part, stream)
        scans = {}
        for name, part in sheet_parts(archive).items():
            with archive.open(part) as stream:
                scans[name] = scan_sheet(stream)
    for name, scan in scans.items():
        if scan.last_column > width:
            raise Refused("sheet_too_wide", {"sheet": name, "columns": scan.last_column, "limit": width})
    return scans


def _refuse_hostile(part: str, stream: Any) -> None:
    """Refuse a part with a document type."""
    try:
        refuse_document_type(stream)
    except HostileXml:
        raise Refused("hostile_workbook", {"part": part}) from None


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """``[number, cells]`` of every row with content, columns counted from A."""
    if sheet.start is None:
        return
    indent: list[Any] = [""] * sheet.start[1]
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" for cell in cells):
            yield [number, indent + [_sent(cell) for cell in cells]]


def _sent(cell: Any) -> Any:
    """A cell as JSON can carry it without losing its type."""
    if isinstance(cell, str | bool):
        return cell
    if isinstance(cell, int | float):
        return float(cell)
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    return {"date": cell.isoformat()} if isinstance(cell, date) else str(cell)


def _say(document: object) -> None:
    """One line to the parent."""
    sys.stdout.buffer.write(_ENCODER.encode(document) + b"\n")
    if not isinstance(document, list):
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:5])))
