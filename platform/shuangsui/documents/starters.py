"""The default DOCX templates, made of :mod:`layouts`: what an administrator gets to start from in Word or WPS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from shuangsui.documents.filling import Template
from shuangsui.documents.layouts import LAYOUTS, Block, Closing, Fields, Grid, Listing, Prose

SERIF, SANS = "宋体", "黑体"
WIDTHS = (30, 52, 26, 48)
_CENTER = WD_ALIGN_PARAGRAPH.CENTER
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def starter(kind: str) -> Template:
    """The default template of a form."""
    document = _blank()
    _line(document, "{{ authority }}", size=16, align=_CENTER, after=4)
    _line(document, "{{ title }}", size=22, bold=True, align=_CENTER, after=8)
    _line(document, "{{ number }}", align=WD_ALIGN_PARAGRAPH.RIGHT, after=4)
    for block in LAYOUTS[kind]:
        _put(document, block)
    out = BytesIO()
    document.save(out)
    return Template(f"{kind}.docx", out.getvalue())


def _blank() -> Any:
    """A4 with the margins of GB/T 9704, fonts that Word and WPS have, page numbers at the foot."""
    document = Document()
    style = document.styles["Normal"]
    style.font.size = Pt(12)
    _face(style, SERIF)
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    properties = document.core_properties
    properties.author, properties.title = "", ""
    properties.created = properties.modified = _EPOCH.replace(tzinfo=None)
    foot = section.footer.paragraphs[0]
    foot.alignment = _CENTER
    for text, code in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES"), (" 页", "")):
        foot.add_run(text).font.size = Pt(9)
        if code:
            _field(foot, code)
    return document


def _put(document: Any, block: Block) -> None:
    match block:
        case Fields():
            _fields(document, block)
        case Grid():
            if block.optional:
                _line(document, f"{{%p if {block.loop} %}}")
            _heading(document, block.heading)
            _grid(document, block)
            if block.optional:
                _line(document, "{%p endif %}")
        case Prose():
            _heading(document, block.heading)
            _line(document, block.text, after=4)
        case Listing():
            _heading(document, block.heading)
            for text in (f"{{%p for x in {block.loop} %}}", "　　{{ loop.index }}．{{ x }}", "{%p endfor %}"):
                _line(document, text)
        case Closing():
            _closing(document, block)


def _fields(document: Any, block: Fields) -> None:
    table = _table(document, WIDTHS)
    for row in block.rows:
        cells = table.add_row().cells
        if len(row) == 1:
            cells[1].merge(cells[3])
        for n, (label, value) in enumerate(row):
            _write(cells[2 * n], label, face=SANS, align=_CENTER)
            _write(cells[2 * n + 1], value)
    _line(document, "", size=4)


def _grid(document: Any, block: Grid) -> None:
    table = _table(document, [width for _, _, width in block.columns])
    head = table.add_row()
    _mark(head, "w:tblHeader")
    for cell, (title, _, _) in zip(head.cells, block.columns, strict=True):
        _write(cell, title, face=SANS, align=_CENTER)
    for text in (f"{{%tr for x in {block.loop} %}}", None, "{%tr endfor %}"):
        row = table.add_row()
        _mark(row, "w:cantSplit")
        for cell, (_, mark, width) in zip(row.cells, block.columns, strict=True):
            if text is None:
                _write(cell, mark, align=_CENTER if width <= 20 else None)
        if text is not None:
            _write(row.cells[0], text)
    _line(document, "", size=4)


def _closing(document: Any, block: Closing) -> None:
    for line in block.lines:
        _line(document, line, after=10, keep=True)
    if block.sealed:
        for text in ("{{ authority }}", "{{ date_text }}", "（印章）"):
            _line(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT, keep=True, size=9 if text == "（印章）" else 14)
    _line(document, "{{ qr }}", keep=True)
    _line(document, block.remark, size=9)
    _line(document, "{{ address }}", size=8)


def _table(document: Any, widths: Sequence[int]) -> Any:
    """An empty table with hairlines and fixed widths."""
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _write(cell: Any, text: str, *, face: str = SERIF, align: Any = None) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    _spacing(paragraph, 2, 2)
    _face(paragraph.add_run(text), face)


def _heading(document: Any, text: str) -> None:
    if text:
        _line(document, text, face=SANS, before=8, after=4, keep=True)


def _line(
    document: Any,
    text: str,
    *,
    size: int = 12,
    bold: bool = False,
    face: str = SERIF,
    align: Any = None,
    before: int = 0,
    after: int = 0,
    keep: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.keep_with_next = keep
    _spacing(paragraph, before, after)
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    _face(run, face)


def _spacing(paragraph: Any, before: int, after: int) -> None:
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(after)


def _face(styled: Any, name: str) -> None:
    """A font for Chinese and for Latin text alike, and the language by which punctuation takes its shape."""
    styled.font.name = name
    properties = styled.element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), name)
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def _mark(row: Any, name: str) -> None:
    """``w:tblHeader``: repeated on every page; ``w:cantSplit``: kept on one."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - python-docx has no public way


def _field(paragraph: Any, code: str) -> None:
    """A field that Word computes: PAGE, NUMPAGES."""
    for kind in ("begin", None, "end"):
        run = paragraph.add_run()
        run.font.size = Pt(9)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = code
        run._r.append(element)  # noqa: SLF001 - python-docx has no public way
