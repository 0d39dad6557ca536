"""A whole list as a file: CSV as spreadsheets open it, or a workbook; in the order in which the page shows it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import quote

from litestar import Response
from litestar.response import Stream
from xlsxwriter import Workbook

from shuangsui.errors import BadInput
from shuangsui.pages import Table
from shuangsui.registry.report import inert
from shuangsui.web.parting import ordered, sort_of, tables_of
from shuangsui.web.telling import plain

MOST = 1_000_000
"""Rows; a sheet has room for 1 048 576."""
IN_MEMORY = 4 << 20
CHUNK = 256 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(shown: Any, query: Mapping[str, str], title: str) -> Response[Any]:
    """The table that the query names, by ``list`` (0 is the first) and ``export`` (csv or xlsx)."""
    tables = tables_of(shown)
    number, kind = query.get("list", "0"), query["export"]
    if kind not in WRITERS or number not in map(str, range(len(tables))):
        raise BadInput("export_unknown", kind=kind[:20])
    table = tables[int(number)]
    rows = ordered(table, sort_of(table, query.get(f"sort{int(number) or ''}", "")))
    if len(rows) > MOST:
        raise BadInput("export_too_long", most=MOST)
    write, media = WRITERS[kind]
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - open until the last chunk is sent
    write(file, table, rows)
    name = quote(f"{table.title or title}.{kind}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Content-Length": str(file.tell())}
    file.seek(0)
    return Stream(_chunks(file), headers=headers, media_type=media)


def _csv(file: IO[bytes], table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    out = csv.writer(text)
    out.writerow(table.columns.values())
    out.writerows([_text(row.get(key)) for key in table.columns] for row in rows)
    text.detach()


def _xlsx(file: IO[bytes], table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    with Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for column, heading in enumerate(table.columns.values()):
            sheet.write_string(0, column, heading, bold)
        for line, row in enumerate(rows, 1):
            for column, key in enumerate(table.columns):
                sheet.write_string(line, column, _text(row.get(key)))
    file.seek(0, io.SEEK_END)


def _text(value: Any) -> str:
    """What the page shows, and no spreadsheet computes; an empty cell is empty."""
    return "" if value in (None, "", ()) else inert(plain(value))


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


WRITERS: dict[str, tuple[Callable[[IO[bytes], Table, Sequence[Mapping[str, Any]]], None], str]] = {
    "csv": (_csv, "text/csv; charset=utf-8"), "xlsx": (_xlsx, XLSX),
}  # fmt: skip
