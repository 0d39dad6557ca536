"""Texts of HTML and XML: what stands between tags, in attributes, in comments and in scripts; pure.

Tags within a word do not part it (``138<b>0013</b>8000``), cells and paragraphs do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, ParseError, fromstring

from shuangsui.privacy.pieces import Piece, Record, Unreadable

_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tspan", "tt", "u", "var", "wbr",
})  # fmt: skip
_RECORDS = frozenset({
    "tr", "li", "dl", "article", "section", "fieldset", "form", "tbody", "thead", "header", "footer", "aside", "main",
    "nav",
})  # fmt: skip
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_XML_INLINE = frozenset({"t", "r", "delText", "instrText", "rPr", "rPh", "phoneticPr", "proofErr", "span", "tspan"})
_XML_RECORDS = frozenset({"p", "tr", "row", "si", "item", "record", "comment", "Relationship"})


class _Reader(HTMLParser):
    """Gathers records; entities are resolved by the parser itself."""

    def __init__(self, where: str) -> None:
        super().__init__(convert_charrefs=True)
        self.records: list[Record] = [[]]
        self._text: list[str] = []
        self._line = 1
        self._where = where

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes belong to the record that the element is in or opens."""
        self._border(tag)
        for name, value in attrs:
            if value:
                self.records[-1].append(
                    Piece(f"{self._where}第 {self.getpos()[0]} 行 {tag} 的属性 {name}", value, name)
                )

    def handle_endtag(self, tag: str) -> None:
        """An element's end parts texts as its beginning does."""
        self._border(tag)

    def handle_data(self, data: str) -> None:
        """Also what stands in scripts and styles."""
        if not self._text:
            self._line = self.getpos()[0]
        self._text.append(data)

    def handle_comment(self, data: str) -> None:
        """Nobody sees it and anybody can read it."""
        self.records[-1].append(Piece(f"{self._where}第 {self.getpos()[0]} 行的注释", data))

    def handle_decl(self, decl: str) -> None:
        """``<!DOCTYPE …>``."""
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        """``<? … >``."""
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        """``<![CDATA[ … ]]>``."""
        self.handle_data(data)

    def flush(self) -> None:
        """Close the text that was gathered."""
        text = "".join(self._text)
        self._text.clear()
        if text.strip():
            self.records[-1].append(Piece(f"{self._where}第 {self._line} 行", text))

    def _border(self, tag: str) -> None:
        if tag in _INLINE:
            return
        self.flush()
        if tag in _RECORDS and self.records[-1]:
            self.records.append([])


def html_records(text: str, where: str) -> Iterator[Record]:
    """Rows, list entries and sections are records."""
    reader = _Reader(where)
    reader.feed(text)
    reader.close()
    reader.flush()
    yield from reader.records


def xml_records(data: bytes, where: str) -> Iterator[Record]:
    """Paragraphs and rows are records; document types and entities are refused."""
    if _DOCTYPE.search(data):
        raise Unreadable(where, "含有文档类型声明或实体")
    try:
        root = fromstring(data)  # noqa: S314 - no document type, no entities
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable(where, "不是格式正确的 XML") from error
    yield from _Walk(where).records(root)


class _Walk:
    """One document's texts in their order."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.found: list[Record] = [[]]
        self.text: list[str] = []

    def records(self, root: Element) -> list[Record]:
        """All of them."""
        self._visit(root)
        self._flush("")
        return self.found

    def _visit(self, element: Element) -> None:
        name = str(element.tag).rpartition("}")[2]
        if name not in _XML_INLINE:
            self._flush(name)
        if name in _XML_RECORDS and self.found[-1]:
            self.found.append([])
        for key, value in element.attrib.items():
            self.found[-1].append(Piece(f"{self.where} {name} 的属性 {key.rpartition('}')[2]}", value, key))
        self.text.append(element.text or "")
        for child in element:
            self._visit(child)
            self.text.append(child.tail or "")
        if name not in _XML_INLINE:
            self._flush(name)

    def _flush(self, name: str) -> None:
        text = "".join(self.text)
        self.text.clear()
        if text.strip():
            self.found[-1].append(Piece(f"{self.where} 第 {len(self.found)} 段", text, name))
