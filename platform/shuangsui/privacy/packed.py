"""Texts of packed files: ZIP, workbooks, text documents and PDF; pure.

Sizes are looked at before anything is unpacked (threat 16).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, time, timedelta

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject, TextStringObject
from python_calamine import CalamineError, CalamineWorkbook

from shuangsui.privacy.markup import xml_records
from shuangsui.privacy.pieces import Piece, Record, Unreadable

MOST_MEMBERS, MOST_BYTES, MOST_RATIO = 10_000, 200 * 2**20, 200
_SHEETS = ("xl/worksheets/", "xl/sharedStrings.xml")
_EXACT = 1e15
_PDF_FAULTS = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, NotImplementedError, OSError,
    zlib.error,
)  # fmt: skip
Cell = int | float | str | bool | time | date | datetime | timedelta


def members(data: bytes, where: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file; encrypted, oversized and damaged archives are refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_sizes(entries, len(data), where)
            for entry in entries:
                if not entry.is_dir():
                    yield entry.filename, archive.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unreadable(where, "压缩包已损坏或加密") from error


def _check_sizes(entries: list[zipfile.ZipInfo], size: int, where: str) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_MEMBERS or total > MOST_BYTES or total > MOST_RATIO * max(size, 1000):
        raise Unreadable(where, "解压后过大")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(where, "压缩包已加密")


def notes(data: bytes, where: str) -> Iterator[Record]:
    """Names and comments in an archive, which are texts too."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = [(f"第 {n} 个文件", entry) for n, entry in enumerate(archive.infolist(), start=1)]
        yield [Piece(f"{where}{place}的名称", entry.filename) for place, entry in found]
        yield [Piece(f"{where}{place}的注释", entry.comment.decode("utf-8", "replace")) for place, entry in found]
        yield [Piece(f"{where}注释", archive.comment.decode("utf-8", "replace"))]


def office_records(data: bytes, where: str) -> Iterator[Record]:
    """Every XML part of a document: paragraphs, notes, headers, properties, addresses of links."""
    for name, content in members(data, where):
        if name.endswith((".xml", ".rels")) and not name.startswith(_SHEETS):
            yield from xml_records(content, f"{where}{name}")


def workbook_records(data: bytes, where: str) -> Iterator[Record]:
    """Row by row with sheet, row and column, then every other part; numbers as they are kept, not as they are shown."""
    seen: set[str] = set()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for n, name in enumerate(book.sheet_names, start=1):
            yield [Piece(f"{where}第 {n} 张工作表的名称", name)]
            rows = book.get_sheet_by_index(n - 1).to_python(skip_empty_area=False)
            texts = [row_of(row) for row in rows]
            seen.update(cell.lstrip("≈") for row in texts for cell in row)
            yield from table_records(iter(texts), f"{where}工作表 {n}，")
    except (CalamineError, ValueError, OSError) as error:
        raise Unreadable(where, "工作簿无法读取") from error
    yield from office_records(data, where)
    for name, content in members(data, where):
        if name.startswith(_SHEETS):
            yield from _hidden(content, f"{where}{name}", seen)


def _hidden(content: bytes, where: str, seen: Collection[str]) -> Iterator[Record]:
    """What a sheet holds besides the values of its cells: formulas, headers, hints; and strings that no cell shows."""
    for record in xml_records(content, where):
        yield [piece for piece in record if piece.text not in seen]


def row_of(row: list[Cell]) -> list[str]:
    """Cells as texts; a whole number without its ``.0``, and with a mark if it has more digits than a cell keeps."""
    return [_written(cell) if isinstance(cell, float) else str(cell) for cell in row]


def _written(cell: float) -> str:
    if not cell.is_integer():
        return str(cell)
    return f"≈{cell:.0f}" if abs(cell) >= _EXACT else f"{cell:.0f}"


def table_records(rows: Iterator[list[str]], where: str) -> Iterator[Record]:
    """One record for each row; cells carry the name their column has in the first row."""
    header: list[str] = []
    for number, row in enumerate(rows, start=1):
        header = header or row
        names = [*header, *[""] * (len(row) - len(header))]
        yield [
            Piece(f"{where}第 {number} 行第 {column} 列", cell, name)
            for column, (cell, name) in enumerate(zip(row, names, strict=False), start=1)
            if cell
        ]


def pdf_records(data: bytes, where: str, attached: Callable[[bytes, str, str], Iterator[Record]]) -> Iterator[Record]:
    """Lines of every page, what stands beside them and files inside; pages that are only a picture are refused."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Unreadable(where, "PDF 已加密")
        for number, page in enumerate(reader.pages, start=1):
            place, text = f"{where}第 {number} 页", page.extract_text()
            if not text.strip() and len(page.images):
                raise Unreadable(place, "只有图像，没有文字")
            yield [Piece(place, text, lines=True)]
        yield from _objects(reader, where)
        for name, files in reader.attachments.items():
            for content in files:
                yield from attached(content, name, f"{where}附件：")
    except (PyPdfError, *_PDF_FAULTS) as error:
        raise Unreadable(where, "PDF 无法读取") from error


def _objects(reader: PdfReader, where: str) -> Iterator[Record]:
    """What stands beside the pages: notes, form fields, titles, names of attachments, programs, metadata."""
    for number in range(1, int(reader.trailer.get("/Size", 0))):
        value = reader.get_object(number)
        if isinstance(value, StreamObject) and value.get("/Type") == "/Metadata":
            yield from xml_records(value.get_data(), f"{where}元数据")
        yield [Piece(f"{where}第 {number} 号对象", text) for text in _strings(value)]


def _strings(value: object) -> Iterator[str]:
    """Texts of one object, not of those it refers to."""
    if isinstance(value, TextStringObject):
        yield str(value)
    elif isinstance(value, DictionaryObject | ArrayObject):
        for member in value.values() if isinstance(value, DictionaryObject) else value:
            yield from _strings(member)
