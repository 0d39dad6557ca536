"""Templates of the authorities: the nearest folder wins, and all of them are tried before they are needed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from shuangsui.documents.overrides import check, template_of
from shuangsui.documents.starters import starter
from shuangsui.documents.values import FORMS
from shuangsui.tenancy.tree import Tree, load

HEAD = 'slug = "{slug}"\nname = "{slug}经信委(模拟)"\nshort = "{slug}"\n'
TOP = 'packs = []\nplugins = []\nlog_domain = "a.example"\nportal_title = "{name}"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A city with two districts."""
    top = tmp_path / "tenants" / "moushi"
    for slug, folder in (("moushi", top), ("jiaqu", top / "districts" / "jiaqu"), ("yiqu", top / "districts" / "yiqu")):
        folder.mkdir(parents=True)
        text = HEAD.format(slug=slug) + (TOP if slug == "moushi" else "")
        (folder / "tenant.toml").write_text(text, "utf-8")
    return tmp_path / "tenants"


@pytest.fixture
def tree(root: Path) -> Tree:
    return load(root)


def put(folder: Path, name: str, text: str) -> bytes:
    """A template in an authority's folder."""
    document, out = Document(), BytesIO()
    document.add_paragraph(text)
    document.save(out)
    (folder / "documents").mkdir(exist_ok=True)
    (folder / "documents" / name).write_bytes(out.getvalue())
    return out.getvalue()


def test_default_stands_where_nobody_has_one(root: Path, tree: Tree) -> None:
    """No folder is needed."""
    assert template_of(root, tree, "jiaqu", "notice") == starter("notice")


def test_district_takes_that_of_the_city(root: Path, tree: Tree) -> None:
    """As it takes everything else of the folder above; other forms keep their default."""
    own = put(root / "moushi", "notice.docx", "{{ title }}")
    for slug in ("moushi", "jiaqu", "yiqu"):
        found = template_of(root, tree, slug, "notice")
        assert (found.name, found.data) == ("tenants/moushi/documents/notice.docx", own)
    assert template_of(root, tree, "jiaqu", "visit") == starter("visit")


def test_own_template_of_a_district_wins(root: Path, tree: Tree) -> None:
    """For itself alone."""
    city = put(root / "moushi", "notice.docx", "{{ title }}")
    own = put(root / "moushi" / "districts" / "jiaqu", "notice.docx", "{{ number }}")
    assert template_of(root, tree, "jiaqu", "notice").data == own
    assert template_of(root, tree, "yiqu", "notice").data == city


def test_tree_with_templates_loads(root: Path) -> None:
    """The folder is no tenant."""
    put(root / "moushi", "notice.docx", "{{ title }}")
    assert [tenant.slug for tenant in load(root)] == ["moushi", "jiaqu", "yiqu"]


def test_defaults_pass_the_check(root: Path, tree: Tree) -> None:
    """Every form, none of them an authority's own."""
    assert [(one.form, one.own, one.error) for one in check(root, tree, "jiaqu")] == [(k, False, None) for k in FORMS]


def test_check_names_the_file_and_the_fault(root: Path, tree: Tree) -> None:
    """An inherited template is the district's trouble too."""
    put(root / "moushi", "notice.docx", "{{ titel }}")
    faults = {one.file: one.error for one in check(root, tree, "jiaqu") if one.error}
    error = faults.pop("tenants/moushi/documents/notice.docx")
    assert (error.code, error.params["problem"]) == (
        "document_template", "用了这份文书没有的变量（'titel' is undefined）",
    )  # fmt: skip
    assert faults == {}


def test_file_under_a_wrong_name_is_told(root: Path, tree: Tree) -> None:
    """It would be ignored in silence; Word's lock file is nothing."""
    put(root / "moushi", "notce.docx", "x")
    put(root / "moushi", "~$notice.docx", "x")
    put(root / "moushi", ".keep", "x")
    faults = [(one.file, one.error.code) for one in check(root, tree, "moushi") if one.error]
    assert faults == [("tenants/moushi/documents/notce.docx", "document_file_unknown")]
