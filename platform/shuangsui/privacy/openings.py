"""What is inside a file that goes out: its texts with their places, record by record; pure.

What cannot be opened is refused as :class:`Unreadable`; the few types without text stand in :data:`OPAQUE`, and even
of those the readable bytes are looked at. What a file says it is counts less than how it begins.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import PurePosixPath
from typing import Any

from shuangsui.privacy import packed
from shuangsui.privacy.markup import html_records, xml_records
from shuangsui.privacy.pieces import Piece, Record, Unreadable

OPAQUE = frozenset({
    "image/png", "image/jpeg", "image/webp", "image/gif", "image/x-icon", "image/vnd.microsoft.icon",
    "font/woff", "font/woff2", "font/ttf", "font/otf",
})  # fmt: skip
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXTS = frozenset({
    "application/javascript", "application/toml", "application/yaml", "application/x-www-form-urlencoded",
    "application/octet-stream",
})  # fmt: skip
"""Types that are text, or must be, although their name does not begin with ``text/``."""
_ENDINGS = {
    ".html": "text/html", ".htm": "text/html", ".json": "application/json", ".jsonl": "application/jsonl",
    ".csv": "text/csv", ".xml": "application/xml", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg", ".webp": "image/webp", ".woff2": "font/woff2", ".eml": "message/rfc822",
}  # fmt: skip
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_PRINTED = re.compile(rb"[\x20-\x7e]{8,}")
_DEPTH = 4
"""So many files inside files are opened."""


def records(data: bytes, media_type: str, where: str = "", depth: int = 0) -> Iterator[Record]:
    """All texts of ``data``."""
    kind = media_type.partition(";")[0].strip().lower()
    if depth > _DEPTH:
        raise Unreadable(where, "文件层层嵌套")
    if b"%PDF-" in data[:1024]:
        yield from packed.pdf_records(data, where, lambda inner, name, at: _member(inner, name, at, depth))
    elif data.startswith(b"PK\x03\x04") or (kind in ("application/zip", "application/octet-stream") and _is_zip(data)):
        yield from _zip(data, where, depth)
    elif kind == "message/rfc822":
        yield from _mail(data, where, depth)
    elif kind in OPAQUE:
        yield [Piece(f"{where}图像或字体的内部", run.decode()) for run in _PRINTED.findall(data)]
    else:
        yield from _text(data, kind, where)


def decoded(data: bytes, where: str) -> str:
    """Text by its mark, as UTF-8 or as GB 18030; anything else is refused."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    for name in (encoding, "gb18030"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(where, "不是可以识别的文字编码")


def _is_zip(data: bytes) -> bool:
    """Also with something before it, as a program that unpacks itself has."""
    return b"PK\x05\x06" in data[-66_000:]


def _text(data: bytes, kind: str, where: str) -> Iterator[Record]:
    if kind.endswith(("/xml", "+xml")) and kind != "application/xhtml+xml":
        yield from xml_records(data, where)
        return
    if not (kind.startswith("text/") or kind.endswith(("json", "jsonl", "xhtml+xml")) or kind in TEXTS):
        raise Unreadable(where, f"类型 {kind or '不明'} 无法检查")
    text = decoded(data, where)
    if kind.endswith("html") or kind == "application/xhtml+xml":
        yield from html_records(text, where)
    elif kind.endswith("json"):
        yield from _json(text, where)
    elif kind == "text/csv":
        yield from _csv(text, where)
    elif kind.endswith("jsonl"):
        for number, line in enumerate(filter(str.strip, text.splitlines()), start=1):
            yield from _json(line, f"{where}第 {number} 行 ")
    else:
        yield [Piece(where, text, lines=True)]


def _csv(text: str, where: str) -> Iterator[Record]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise Unreadable(where, "不是格式正确的 CSV") from error
    yield from packed.table_records(iter(rows), where)


def _json(text: str, where: str) -> Iterator[Record]:
    """Each member of a list is a record with all that is below it; names given twice are seen twice."""
    try:
        value = json.loads(text, object_pairs_hook=_Pairs, parse_float=_Number, parse_int=_Number)
    except (ValueError, RecursionError) as error:
        raise Unreadable(where, "不是格式正确的 JSON") from error
    yield from _below(value, f"{where}$")


class _Pairs(list[tuple[str, Any]]):
    """An object's members in their order."""


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


def _below(value: Any, path: str) -> Iterator[Record]:
    own: Record = []
    waiting = [(value, path, "")]
    lists: list[tuple[Any, str]] = []
    while waiting:
        one, at, name = waiting.pop()
        if isinstance(one, _Pairs):
            for n, (key, member) in enumerate(one, start=1):
                own.append(Piece(f"{at} 的第 {n} 个成员名", key))
                waiting.append((member, f"{at}.{key}", key))
        elif isinstance(one, list):
            lists += [(member, f"{at}[{n}]") for n, member in enumerate(one)]
        elif isinstance(one, _Number):
            own.append(Piece(at, _whole(one), name))
        elif isinstance(one, str) or one is True:
            own.append(Piece(at, str(one), name))
    yield own
    for member, at in lists:
        yield from _below(member, at)


def _whole(number: str) -> str:
    """A fraction has no digits that could be a person's number, except behind a whole one's point."""
    head, point, tail = number.partition(".")
    return number if not point or "e" in number.lower() else head if tail.strip("0") == "" or len(head) > 9 else ""


def _zip(data: bytes, where: str, depth: int) -> Iterator[Record]:
    files = list(packed.members(data, where))
    names = {name for name, _ in files}
    yield from packed.notes(data, where)
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        yield from packed.workbook_records(data, where)
    elif "[Content_Types].xml" in names:
        yield from packed.office_records(data, where)
    for number, (name, content) in enumerate(files, start=1):
        if "[Content_Types].xml" not in names or not name.endswith((".xml", ".rels")):
            yield from _member(content, name, f"{where}第 {number} 个文件 ", depth)


def _member(data: bytes, name: str, where: str, depth: int) -> Iterator[Record]:
    """By its ending; what has none that is known must be text."""
    suffix = PurePosixPath(name).suffix.lower()
    yield from records(data, _ENDINGS.get(suffix, "text/plain"), where, depth + 1)


def _mail(data: bytes, where: str, depth: int) -> Iterator[Record]:
    message = BytesParser(policy=policy.default).parsebytes(data)
    yield [Piece(f"{where}邮件头 {name}", str(value), name) for name, value in message.items()]
    for part in message.walk():
        assert isinstance(part, EmailMessage)
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            name = part.get_filename() or ""
            yield [Piece(f"{where}附件的名称", name)]
            kind = part.get_content_type()
            assert isinstance(content, bytes)
            yield from records(content, kind, f"{where}邮件正文或附件 ", depth + 1)
