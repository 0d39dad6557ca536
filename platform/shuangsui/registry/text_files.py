"""CSV files: which encoding the bytes are in, and their rows as a stream.

UTF-8 with or without a byte order mark and GB18030 (with it GBK and GB2312) are good input. A file that begins as good
UTF-8 and then breaks is damaged UTF-8, never GB18030: its letters would turn into others without a word.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOBase
from pathlib import Path

from shuangsui.errors import BadInput
from shuangsui.registry.cells import RawRow

_BLOCK = 1 << 20
_LINE_LIMIT = 1_000_000
_PROOF_OF_UTF8 = 8
"""So many letters decode as UTF-8 by accident in a GBK text less than once in a million files."""


@dataclass(frozen=True, slots=True)
class _Break:
    """Where decoding stopped, and how many letters beyond ASCII had come through."""

    offset: int
    line: int
    letters: int


def read_csv(path: Path) -> Iterator[RawRow]:
    """Every record of the file, counted as a spreadsheet counts rows; raises ``BadInput``."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as stream:
        yield from _records(stream)


def lines_of(path: Path) -> int:
    """How many lines the file has, the last one whether or not it is ended."""
    lines, block = 0, b"\n"
    with path.open("rb") as stream:
        while more := stream.read(_BLOCK):
            lines, block = lines + more.count(b"\n"), more
    return lines + (not block.endswith(b"\n"))


def encoding_of(path: Path) -> str:
    """``utf-8-sig`` or ``gb18030``; raises ``empty_file``, ``utf16_file`` or ``undecodable`` with the place."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip():
        raise BadInput("empty_file")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in head:
        raise BadInput("utf16_file")
    broken = _first_break(path, "utf-8")
    if broken is None:
        return "utf-8-sig"
    if broken.letters >= _PROOF_OF_UTF8 or head.startswith(codecs.BOM_UTF8):
        raise BadInput("undecodable", line=broken.line, offset=broken.offset, encoding="UTF-8")
    broken = _first_break(path, "gb18030")
    if broken is not None:
        raise BadInput("undecodable", line=broken.line, offset=broken.offset, encoding="GB18030")
    return "gb18030"


def _first_break(path: Path, encoding: str) -> _Break | None:
    """The first byte that does not decode, if any."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = lines = letters = 0
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            pending = decoder.getstate()[0]
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = (pending + block)[: error.start]
                letters += _beyond_ascii(good.decode(encoding))
                return _Break(offset - len(pending) + error.start, lines + good.count(b"\n") + 1, letters)
            if not block:
                return None
            offset, lines, letters = offset + len(block), lines + block.count(b"\n"), letters + _beyond_ascii(text)


def _beyond_ascii(text: str) -> int:
    """How many characters of ``text`` are not ASCII."""
    return 0 if text.isascii() else len(text) - len(text.encode("ascii", "ignore"))


def _records(stream: TextIOBase) -> Iterator[RawRow]:
    """Rows of a strict CSV reader; a broken quote names the record it begins in."""
    reader = csv.reader(_lines(stream), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BadInput("csv_malformed", row=number) from None
        if number == 1 and len(cells) == 1 and any(mark in cells[0] for mark in "\t;；，"):
            raise BadInput("wrong_delimiter")
        if number == 1 and cells:
            cells[0] = cells[0].removeprefix("\ufeff")
        yield RawRow(number, list(cells))


def _lines(stream: TextIOBase) -> Iterator[str]:
    """Physical lines; one beyond the limit ends the reading before it fills the memory."""
    number = 0
    while line := stream.readline(_LINE_LIMIT):
        number += 1
        if len(line) == _LINE_LIMIT:
            raise BadInput("line_too_long", row=number, limit=_LINE_LIMIT)
        yield line
