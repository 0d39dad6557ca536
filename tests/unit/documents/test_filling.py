"""DOCX from templates that an administrator wrote: what they may, and what the child process keeps them from."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from time import monotonic
from zipfile import ZipFile

import pytest
import segno
from docx import Document

from shuangsui.documents.filling import Limits, Template, docx
from shuangsui.documents.rendering import texts
from shuangsui.documents.samples import draw, notice, samples, visit
from shuangsui.documents.starters import starter
from shuangsui.documents.values import Form, Point
from shuangsui.errors import BadInput

SMALL = Limits(seconds=2)

every_form = pytest.mark.parametrize("form", samples().values(), ids=lambda form: form.kind)


def written(*lines: str) -> Template:
    """A template of some paragraphs."""
    document, out = Document(), BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return Template("tenants/moushi/documents/notice.docx", out.getvalue())


def said(data: bytes) -> list[str]:
    """Every text of a file, paragraphs and cells."""
    document = Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [p.text for p in document.paragraphs] + cells


def refused(template: Template, limits: Limits | None = None) -> str:
    """The problem that is told."""
    with pytest.raises(BadInput) as caught:
        docx(notice(), template, limits)
    assert caught.value.code == "document_template"
    assert caught.value.params["file"] == template.name
    return str(caught.value.params["problem"])


@every_form
def test_default_template_holds_everything_a_form_says(form: Form) -> None:
    """What Word shows is what the PDF shows."""
    found = "\n".join(said(docx(form, starter(form.kind))))
    hidden = (form.kind, form.dated.isoformat())
    assert [t for t in texts(form.as_data()) if t not in hidden and t not in found] == []
    assert "{" not in found


@every_form
def test_default_template_is_small_and_repeats_heads(form: Form) -> None:
    """Below 60 KB; every table of a list has a head that Word repeats."""
    data = starter(form.kind).data
    assert len(data) < 60_000
    body = ZipFile(BytesIO(data)).read("word/document.xml").decode()
    assert body.count("w:tblHeader") == body.count("{%tr for")


def test_rows_of_a_table_are_those_of_the_list() -> None:
    """One row for each point, between head and end."""
    points = tuple(Point(str(n), f"要点{n}", "符合", "") for n in range(30))
    document = Document(BytesIO(docx(replace(visit(), points=points), starter("visit"))))
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "序号")
    assert [row.cells[1].text for row in table.rows] == ["检查内容", *(f"要点{n}" for n in range(30))]


def test_values_are_never_marks() -> None:
    """XML and Jinja in a value stay text; control characters are left out, XML has no place for them."""
    hostile = "&<b>{{ 7*7 }}{% raw %}</w:t>\x07丙"
    form = replace(notice(), object_name=hostile)
    assert said(docx(form, written("{{ object_name }}"))) == [hostile.replace("\x07", "")]


def test_qr_code_is_the_picture_of_the_address() -> None:
    """The only picture of the file."""
    out = BytesIO()
    segno.make(draw().address, error="m", micro=False).save(out, kind="png", scale=8, border=0)
    archive = ZipFile(BytesIO(docx(draw(), starter("draw"))))
    assert [archive.read(n) for n in archive.namelist() if n.startswith("word/media/")] == [out.getvalue()]


def test_form_without_address_has_no_picture() -> None:
    """And no hole in its place."""
    archive = ZipFile(BytesIO(docx(replace(draw(), address=""), starter("draw"))))
    assert [n for n in archive.namelist() if n.startswith("word/media/")] == []


@pytest.mark.parametrize(
    "mark",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ title.format.__globals__ }}",
        "{{ rights.__init__ }}",
        "{{ qr._image.tpl }}",
    ],
)
def test_template_cannot_leave_the_sandbox(mark: str) -> None:
    """T: an administrator's template is input, not program."""
    assert refused(written(mark)).startswith("用了不允许的表达式")


@pytest.mark.parametrize(
    "mark", ["{{ qr.tpl }}", "{{ lipsum() }}", "{{ cycler }}", "{{ nmae }}", "{{ officers[0].nmae }}"]
)
def test_unknown_variable_is_named(mark: str) -> None:
    """Nothing but the form's values exists; a misspelt one never prints as nothing."""
    assert refused(written(mark)).startswith("用了这份文书没有的变量")


@pytest.mark.parametrize("mark", ["{{ title", "{% for x in rights %}{{ x }}", "{% endfor %}", "{% frobnicate %}"])
def test_broken_mark_is_told(mark: str) -> None:
    """With Jinja's own words."""
    assert refused(written(mark)).startswith("模板标记写得不对")


def test_endless_template_is_stopped() -> None:
    """Ten to the twelfth rounds end with the processor's time."""
    loop = "{% for a in title.ljust(10000) %}" * 3 + "{% endfor %}" * 3
    started = monotonic()
    assert refused(written(loop), SMALL) == "超出 2 秒或 1024 MB 内存的限制"
    assert monotonic() - started < 30


def test_greedy_template_is_stopped() -> None:
    """Memory is the other end."""
    assert refused(written("{{ title.ljust(3000000000) }}"), SMALL) == "超出 2 秒或 1024 MB 内存的限制"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no archive", b"<html>"])
def test_what_is_no_docx_is_told(data: bytes) -> None:
    """An image renamed to .docx, a page saved as one."""
    assert refused(Template("x.docx", data)).startswith("不是可以填写的 DOCX 模板")


def test_huge_file_is_not_even_opened() -> None:
    """Five megabytes are much for a form."""
    assert refused(Template("x.docx", bytes(6 << 20))) == "文件超过 5 MB"
