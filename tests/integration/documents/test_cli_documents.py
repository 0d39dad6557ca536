"""``shuangsui document`` as a person uses it."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader

from authority import Authority
from command import ROOT, Installation
from shuangsui import db
from shuangsui.draws import feasibility
from shuangsui.migrations import migrate

FORMS = ["draw", "notice", "visit", "review", "recusal", "rectification", "feedback", "approval"]


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    """An empty installation with a tenants tree of its own."""
    shutil.copytree(ROOT / "tenants", tmp_path / "tenants")
    (tmp_path / "var").mkdir()
    return Installation(tmp_path / "var", tmp_path / "tenants", {"SHUANGSUI_SIMULATED_CLOCK": "true"})


def test_forms_are_listed(here: Installation) -> None:
    """Each with what its number is the number of."""
    found = here.done("document", "forms", "--json").json
    assert [one["form"] for one in found] == FORMS
    assert found[0] == {"form": "draw", "title": "随机抽取记录", "subject": "抽取编号"}


def test_template_is_written_changed_and_used(here: Installation, tmp_path: Path) -> None:
    """The administrator's way: default, Word, folder, check."""
    folder = here.tenants / "chongqing" / "documents"
    folder.mkdir()
    here.done("document", "template", "draw", "--out", folder / "draw.docx")
    document = Document(str(folder / "draw.docx"))
    document.add_paragraph("本机关自行补充的一句")
    document.save(str(folder / "draw.docx"))
    checked = here.done("document", "check", "--tenant", "yuzhong", "--json").json
    assert [(one["form"], one["own"], one["problem"]) for one in checked] == [(f, f == "draw", None) for f in FORMS]


def test_bad_template_fails_the_check(here: Installation) -> None:
    """One sentence with the file; exit status 2."""
    folder = here.tenants / "chongqing" / "documents"
    folder.mkdir()
    document = Document()
    document.add_paragraph("{{ ''.__class__ }}")
    document.save(str(folder / "visit.docx"))
    said = here.run("document", "check", "--tenant", "chongqing", "--json")
    assert said.status == 2
    problem = next(one["problem"] for one in said.json if one["form"] == "visit")
    assert problem.startswith("文书模板 tenants/chongqing/documents/visit.docx 不能用：用了不允许的表达式")


def test_draw_is_printed_as_pdf_and_as_docx(
    here: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both under the same number."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    url = f"sqlite:///{here.var / 'shuangsui.db'}"
    migrate(url)
    engine = db.engine(url, simulated_clock=True)
    authority = Authority(engine, tmp_path)
    authority.ready()
    no = authority.draw().no
    engine.dispose()
    words = ("document", "print", "draw", no, "--tenant", "chongqing", "--as", "lead")
    first = here.done(*words, "--out", tmp_path / "a.pdf", "--json").json
    second = here.done(*words, "--out", tmp_path / "a.docx", "--docx", "--json").json
    assert (first["number"], first["again"], first["missing"]) == ("市经济信息委抽记〔2026〕1号", False, "")
    assert (second["number"], second["again"]) == (first["number"], True)
    page = PdfReader(BytesIO((tmp_path / "a.pdf").read_bytes())).pages[0].extract_text()
    assert first["number"] in page.replace(" ", "")
    assert first["number"] in [p.text for p in Document(str(tmp_path / "a.docx")).paragraphs]


def test_unknown_form_is_told(here: Installation, tmp_path: Path) -> None:
    """With the forms that there are."""
    said = here.run("document", "template", "letter", "--out", tmp_path / "x.docx")
    assert said.status == 2
    assert (
        "没有名为 letter 的文书：可以用的有 draw、notice、visit、review、recusal、rectification、feedback、approval"
        in said.err
    )
    assert not (tmp_path / "x.docx").exists()
