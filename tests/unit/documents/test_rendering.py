"""Every form as PDF: what it says, in which fonts, on how many pages, whatever its values are."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
import segno
from pypdf import PdfReader

from shuangsui.documents.rendering import TEMPLATES, pdf, qr_svg, texts
from shuangsui.documents.samples import approval, draw, notice, rectification, samples, visit
from shuangsui.documents.values import FORMS, Form, Point

HOSTILE = '&<>{}#$@*_`~\\ #import "x" #sys.inputs $x$ *重* _斜_ // [] <标> @引 "引号" --- https://a.b'

every_form = pytest.mark.parametrize("form", samples().values(), ids=lambda form: form.kind)


def pages(form: Form) -> list[str]:
    """The text of each page without white space: where lines break is no part of what a form says."""
    return [bare(page.extract_text()) for page in PdfReader(BytesIO(pdf(form).data)).pages]


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_there_is_a_sample_and_a_template_of_every_form() -> None:
    """A new form comes with both."""
    kinds = sorted(FORMS)
    assert sorted(samples()) == kinds
    assert sorted(file.stem for file in TEMPLATES.glob("*.typ")) == sorted([*kinds, "common"])


@every_form
def test_everything_a_form_says_is_on_paper(form: Form) -> None:
    """Each value of the sample is in the text of the pages; the kind and the ISO day are for programs."""
    said = "".join(pages(form))
    hidden = (form.kind, form.dated.isoformat())
    assert [t for t in texts(form.as_data()) if t not in hidden and bare(t) not in said] == []


@every_form
def test_fonts_are_embedded_and_ours_alone(form: Form) -> None:
    """No face of the computer that happens to print, nor one of the type setter's own."""
    found = {font["/BaseFont"].split("+")[1]: embedded for font, embedded in fonts(pdf(form).data)}
    assert {name.split("-")[0] for name in found} <= {"NotoSerifSC", "NotoSansSC"}
    assert set(found.values()) == {True}


def fonts(data: bytes) -> Iterator[tuple[dict, bool]]:
    for page in PdfReader(BytesIO(data)).pages:
        for reference in page["/Resources"]["/Font"].values():
            font = reference.get_object()
            descendant = font["/DescendantFonts"][0].get_object()
            yield font, any(name.startswith("/FontFile") for name in descendant["/FontDescriptor"].get_object())


@every_form
def test_a4_with_numbered_pages(form: Form) -> None:
    """210 × 297 mm; each page says which one of how many it is."""
    reader = PdfReader(BytesIO(pdf(form).data))
    sizes = {
        (round(float(p.mediabox.width) / 72 * 25.4), round(float(p.mediabox.height) / 72 * 25.4)) for p in reader.pages
    }
    assert sizes == {(210, 297)}
    count = len(reader.pages)
    assert [f"第{n}页共{count}页" in text for n, text in enumerate(pages(form), start=1)] == [True] * count


def test_samples_are_as_long_as_they_look_good() -> None:
    """One sheet where one is enough."""
    assert {kind: len(pages(form)) for kind, form in samples().items()} == {
        "draw": 2, "notice": 2, "visit": 2, "review": 1, "recusal": 1, "rectification": 1, "feedback": 1, "approval": 1,
    }  # fmt: skip


@every_form
def test_equal_forms_are_equal_bytes(form: Form) -> None:
    """The date in the file is the form's, not the clock's."""
    data = pdf(form).data
    assert data == pdf(form).data
    assert PdfReader(BytesIO(data)).metadata.creation_date.date() == form.dated
    assert data != pdf(replace(form, dated=date(2026, 1, 1))).data


@every_form
def test_no_value_is_read_as_markup(form: Form) -> None:
    """Whatever somebody types in stands on paper as typed."""
    assert bare(HOSTILE) in "".join(pages(replace(form, authority=HOSTILE)))


def test_hostile_facts_of_a_point_are_literal() -> None:
    """Deep inside a table too."""
    form = replace(visit(), points=(Point("1", HOSTILE, "不符合", HOSTILE),), facts=HOSTILE)
    said = "".join(pages(form))
    assert said.count(bare(HOSTILE)[:20]) == 3


def test_two_hundred_points_break_over_pages_under_a_repeated_head() -> None:
    """No point is lost; each page with points has the head of the table."""
    points = tuple(Point(str(n), f"检查要点{n}甲乙丙" * 3, "符合", f"事实{n}末") for n in range(1, 201))
    found = pages(replace(visit(), points=points))
    assert [n for n in range(1, 201) if f"事实{n}末" not in "".join(found)] == []
    with_points = [text for text in found if re.search(r"事实\d+末", text)]
    assert len(with_points) > 5
    assert [text.count("检查内容检查结果检查发现的事实") for text in with_points] == [1] * len(with_points)
    assert [text.startswith("现场检查记录（续）") for text in found[1:]] == [True] * (len(found) - 1)


def test_a_row_is_not_split_between_pages() -> None:
    """Content and facts of a point stand on one page, however the rows before it fill that page."""
    points = tuple(
        Point(str(n), f"首{n}点" + "要" * (n % 70), "不符合", "事" * (n % 90) + f"末{n}点") for n in range(1, 81)
    )
    found = pages(replace(visit(), points=points))
    apart = [n for n in range(1, 81) if not any(f"首{n}点" in text and f"末{n}点" in text for text in found)]
    assert apart == []


def test_a_row_longer_than_a_page_is_not_cut_off() -> None:
    """The one reason to split it: nothing of the facts may be lost below the page."""
    facts = "".join(chr(0x4E00 + n) for n in range(2500))
    said = pages(replace(visit(), points=(Point("1", "要点", "不符合", facts),)))
    assert set(facts) - set("".join(said)) == set()
    assert len(said) > 4


def test_a_long_text_goes_on_on_the_next_page() -> None:
    """Ten thousand characters of facts are all there."""
    facts = "".join(f"第{n}句现场情况。" for n in range(1200))
    said = "".join(pages(replace(visit(), facts=facts)))
    running = re.sub(r"第\d+页共\d+页现场检查记录（续）检记〔2026〕41号\(模拟\)|第\d+页共\d+页", "", said)
    running = running.replace("现场检查记录（续）检记〔2026〕41号(模拟)", "")
    assert bare(facts) in running


def test_a_seal_is_never_alone_on_its_page() -> None:
    """R11.1: the page of the seal carries a part of what it seals, however many rights there are."""
    for count in range(1, 40):
        form = replace(rectification(), rights=tuple(f"权利{n}" for n in range(count)))
        last = next(text for text in pages(form) if "（印章）" in text)
        assert "权利" in last


def test_empty_fields_leave_a_place_to_write() -> None:
    """An approval that is still to be given has no approver's name and no day."""
    form = replace(approval(), opinion="", approver="", approved="", planned="", reason="")
    said = "".join(pages(form))
    assert "审批人（签名）：年月日" in said
    assert "同意检查" not in said


@pytest.mark.parametrize(("text", "missing"), [("赵𠮷(模拟)", "𠮷"), ("龙溪(模拟)", ""), ("😀与𠮷", "😀𠮷")])
def test_characters_without_a_glyph_are_told(text: str, missing: str) -> None:
    """An empty box in a name is never printed in silence."""
    assert pdf(replace(notice(), object_name=text)).missing == missing


def test_qr_code_leads_to_the_public_page() -> None:
    """Dark modules of the drawing are those of the address."""
    address = draw().address
    assert modules(qr_svg(address)) == [
        [bool(m) for m in row] for row in segno.make(address, error="m", micro=False).matrix
    ]


def modules(svg: str) -> list[list[bool]]:
    """The matrix that an SVG of horizontal strokes draws."""
    root = ET.fromstring(svg)
    size = int(root.attrib["width"])
    path = next(e for e in root.iter() if e.tag.endswith("path")).attrib["d"]
    grid, x, y = [[False] * size for _ in range(size)], 0.0, 0.0
    for move, first, second, run in re.findall(r"([Mm])(-?[\d.]+)[ ,]?(-?[\d.]+)h(\d+)", path):
        x, y = (float(first), float(second)) if move == "M" else (x + float(first), y + float(second))
        for step in range(int(run)):
            grid[int(y)][int(x) + step] = True
        x += int(run)
    return grid


def test_form_without_address_has_no_qr_code() -> None:
    """And a changed address is another drawing."""
    bare_form = replace(notice(), address="")
    assert qr_svg("") == ""
    assert len({pdf(form).data for form in (bare_form, notice(), replace(notice(), address="https://b.example/"))}) == 3


def test_templates_ask_for_nothing_from_outside() -> None:
    """No package of a registry, no file but the shared one."""
    asked = {
        line for file in TEMPLATES.glob("*.typ") for line in file.read_text("utf-8").splitlines() if "import" in line
    }
    assert asked == {'#import "common.typ": *'}
