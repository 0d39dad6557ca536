"""Check forms: files, versions, and the form an item is inspected by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from xlsxwriter import Workbook

from authority import Authority
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.catalogue import drafting
from shuangsui.errors import BadInput, NotAllowed, NotFound, RowErrors
from shuangsui.inspections import forms
from shuangsui.inspections.tables import CheckForm, FormAttachment
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.sample.registries import forms as sample_forms
from shuangsui.sample.registries import items
from shuangsui.sample.write import write_csv

REAL = Path(__file__).with_name("check-forms.csv")
"""Twenty-eight forms of a published list; form B07 counts two of its points as number 2."""
HEADER = "检查表编号,检查表名称,序号,检查内容,检查方法"
TWO = f"{HEADER}\nB1,甲表,1,许可证,查看证书\nB1,甲表,2,台账,\n"


@pytest.fixture
def keeper(authority: Authority) -> Authority:
    """An authority with a system administrator and the sample list as a draft."""
    with authority.session() as session:
        access.add_user(session, "sys", "系统管理员", by="sec.admin")
        access.grant(session, "sys", Role.SYSTEM_ADMIN, by="sec.admin")
        drafting.import_items(session, authority.write("items", items()), actor="lead")
    return authority


def take(keeper: Authority, text: str | Path, encoding: str = "utf-8", actor: str = "sys") -> forms.ImportedForms:
    """Import a text, or a file."""
    path = text if isinstance(text, Path) else keeper.folder / "forms.csv"
    if isinstance(text, str):
        path.write_bytes(text.encode(encoding))
    with keeper.session() as session:
        return forms.import_forms(session, path, actor=actor)


def rows_refused(keeper: Authority, text: str | Path) -> list[tuple[int, str, str]]:
    """Row, column and code of every error; and nothing was written."""
    with pytest.raises(RowErrors) as caught:
        take(keeper, text)
    with keeper.session() as session:
        assert session.exec(select(CheckForm)).all() == []
    return [(error.row, error.column, error.code) for error in caught.value.errors]


def form_of(keeper: Authority, item: str) -> dict[str, Any]:
    with keeper.session() as session:
        return forms.form_of(session, item)


def attach(keeper: Authority, item: str, form: str, actor: str = "sys") -> None:
    with keeper.session() as session:
        forms.attach(session, item, form, actor=actor)


def acts(keeper: Authority, prefix: str) -> list[str]:
    """Acts in the ledger."""
    with keeper.session() as session:
        found = session.exec(select(LedgerEntry.act).order_by(LedgerEntry.n)).all()
    return [act for act in found if act.startswith(prefix)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_file_becomes_versions_in_any_encoding(keeper: Authority, encoding: str) -> None:
    """Points keep the file's order; an empty method is empty."""
    done = take(keeper, TWO, encoding)
    assert (done.points, done.new, done.unchanged) == (2, {"B1": 1}, [])
    attach(keeper, "JX-11", "B1")
    assert form_of(keeper, "JX-11") == {
        "code": "B1", "version": 1, "title": "甲表",
        "points": [
            {"no": "1", "content": "许可证", "method": "查看证书"},
            {"no": "2", "content": "台账", "method": ""},
        ],
    }  # fmt: skip


def test_workbook_is_read_like_csv(keeper: Authority) -> None:
    """Numbers of points as the spreadsheet counts them."""
    path = keeper.folder / "forms.xlsx"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write_row(1, 0, ["B1", "甲表", 1, "许可证", "查看证书"])
        sheet.write_row(2, 0, ["B1", "甲表", 2, "台账"])
    take(keeper, TWO)
    assert take(keeper, path).unchanged == ["B1"]


def test_same_content_makes_no_new_version(keeper: Authority) -> None:
    """Another content does, and the old one stays readable."""
    take(keeper, TWO)
    assert (take(keeper, TWO).new, take(keeper, TWO.replace("台账", "台账记录")).new) == ({}, {"B1": 2})
    with keeper.session() as session:
        assert [forms.show(session, "B1", n).points[1]["content"] for n in (1, 2, None)] == [
            "台账", "台账记录", "台账记录",
        ]  # fmt: skip
    assert acts(keeper, "form.") == ["form.import"] * 3


def test_every_bad_row_is_told_at_once(keeper: Authority) -> None:
    """Row and column of each; not one form is taken."""
    text = f"{TWO}B1,乙表,3,安全,\nB1,甲表,2,重复,\nB2,丙表,,无序号,\nB2,丙表,1,,\n,丁表,1,无编号,\n"
    assert rows_refused(keeper, text) == [
        (4, "检查表名称", "form_title_differs"),
        (5, "检查表编号", "duplicate_conflict"),
        (6, "序号", "required_empty"),
        (7, "检查内容", "required_empty"),
        (8, "检查表编号", "required_empty"),
    ]


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty_file"), (f"{HEADER}\n", "no_rows"), ("甲,乙\n1,2\n", "missing_columns")]
)
def test_file_that_is_no_list_of_forms(keeper: Authority, text: str, code: str) -> None:
    """One sentence for the file as a whole."""
    with pytest.raises(BadInput, match=code):
        take(keeper, text)


def test_real_forms_have_one_fault(keeper: Authority) -> None:
    """A published file counts two points of one form as number 2: it is named, and nothing else is."""
    assert rows_refused(keeper, REAL) == [(75, "item_code", "duplicate_conflict")]


def test_real_forms_with_the_fault_put_right(keeper: Authority) -> None:
    """All of them, by their own English headers."""
    lines = REAL.read_text("utf-8-sig").splitlines(keepends=True)
    lines[74] = lines[74].replace(",2,", ",3,", 1)
    done = take(keeper, "".join(lines))
    assert (done.points, len(done.new), done.new["A01"]) == (135, 28, 1)
    with keeper.session() as session:
        assert [point["no"] for point in forms.show(session, "B07").points] == ["1", "2", "3"]


def test_sample_forms_fit_the_sample_items(keeper: Authority) -> None:
    """Sixteen forms of three to six points, one for each item of the list."""
    written, attachments = sample_forms()
    write_csv(keeper.folder / "sample.csv", written)
    assert len(take(keeper, keeper.folder / "sample.csv").new) == 16
    for row in attachments.rows:
        attach(keeper, row["事项编号"], row["检查表编号"])
    assert {row["事项编号"] for row in attachments.rows} == {item["编号"] for item in items()}
    with keeper.session() as session:
        listed = forms.list_forms(session)
    assert [(one["code"], one["items"]) for one in listed] == [(f"BJ-{n:02}", [f"JX-{n:02}"]) for n in range(1, 17)]
    assert {one["points"] for one in listed} <= {3, 4, 5, 6}


def test_item_without_form_gets_one_from_its_own_content(keeper: Authority) -> None:
    """A point for each part of 抽查内容; the version is that of the list."""
    assert form_of(keeper, "JX-11") == {
        "code": "general", "version": 1, "title": "国家明令淘汰用能设备和生产工艺使用情况监察记录表",
        "points": [
            {"no": "1", "content": "是否使用国家明令淘汰的用能设备、生产工艺", "method": "现场监察"},
            {"no": "2", "content": "淘汰计划执行", "method": "现场监察"},
        ],
    }  # fmt: skip


def test_item_without_content_gets_one_point(keeper: Authority) -> None:
    """Something can always be written down."""
    with keeper.session() as session:
        drafting.set_field(session, "JX-11", "content", "", actor="lead")
    assert [point["content"] for point in form_of(keeper, "JX-11")["points"]] == ["检查内容"]


def test_attaching_again_changes_the_form(keeper: Authority) -> None:
    """One form per item; the same again writes nothing."""
    take(keeper, f"{TWO}B2,乙表,1,安全,\n")
    for name in ("B1", "B1", "B2"):
        attach(keeper, "JX-11", name)
    assert (form_of(keeper, "JX-11")["code"], acts(keeper, "form.attach")) == ("B2", ["form.attach"] * 2)
    with keeper.session() as session:
        assert len(session.exec(select(FormAttachment)).all()) == 1


@pytest.mark.parametrize(
    ("item", "form", "code"), [("JX-99", "B1", "form_item_missing"), ("JX-11", "B9", "form_missing")]
)
def test_attaching_what_is_not_there(keeper: Authority, item: str, form: str, code: str) -> None:
    """Items of no version of the list, forms that were never imported."""
    take(keeper, TWO)
    with pytest.raises(NotFound, match=code):
        attach(keeper, item, form)


def test_unknown_item_has_no_form(keeper: Authority) -> None:
    """Not even the general one."""
    with pytest.raises(NotFound, match="form_item_missing"):
        form_of(keeper, "JX-99")


def test_only_who_manages_settings_changes_forms(keeper: Authority) -> None:
    """The inspecting office uses them."""
    take(keeper, TWO)
    with pytest.raises(NotAllowed, match="not_allowed"):
        take(keeper, TWO, actor="inspection")
    with pytest.raises(NotAllowed, match="not_allowed"):
        attach(keeper, "JX-11", "B1", actor="inspection")
