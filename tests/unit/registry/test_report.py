"""The error report: original columns, what is wrong beside them, and no formula."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from shuangsui.errors import BadInput, RowError
from shuangsui.registry.checking import check_file
from shuangsui.registry.report import inert, write_errors
from shuangsui.registry.sheet_scan import scan_sheet

Cells = list[object]
MakeRows = Callable[[int], list[Cells]]
WriteFile = Callable[..., Path]


def lines(path: Path) -> list[list[object]]:
    """Every line of the report."""
    return list(CalamineWorkbook.from_path(path).get_sheet_by_name("错误清单").iter_rows())


def test_report_has_the_original_columns_and_one_line_for_each_error(
    rows: MakeRows, write_csv: WriteFile, tmp_path: Path
) -> None:
    """Row numbers are those of the file."""
    table = rows(3)
    table[1][1], table[1][5] = "", "营业"
    source, out = write_csv(table), tmp_path / "错误.xlsx"
    write_errors(source, "objects", check_file(source, "objects").errors, out)
    header = ["统一社会信用代码", "名称", "区县", "事项编号", "违法违规记录", "状态"]
    original = ["3", table[1][0], "", "渝北区", "JX-01；JX-02", "", "营业"]
    assert lines(out) == [
        ["行号", *header, "错误列", "错误代码", "错误说明"],
        [*original, "名称", "required_empty", "“名称”不能为空：请填写。"],
        [*original, "状态", "bad_choice", "“营业”不在可填范围内：请填写存续、注销、吊销、撤销、迁出之一。"],
    ]


def test_numbers_of_a_workbook_are_shown_as_the_file_stores_them(
    rows: MakeRows, write_book: WriteFile, tmp_path: Path
) -> None:
    """A code stored as a number shows its lost digits."""
    (row,) = rows(1)
    source, out = write_book([[915000000000000017, *row[1:]]]), tmp_path / "错误.xlsx"
    write_errors(source, "objects", check_file(source, "objects").errors, out)
    assert lines(out)[1][:2] == ["2", "915000000000000000"]


def test_errors_of_no_row_come_last(rows: MakeRows, write_csv: WriteFile, tmp_path: Path) -> None:
    """Such as the line that counts what was left out."""
    source, out = write_csv(rows(1)), tmp_path / "错误.xlsx"
    write_errors(source, "objects", [RowError(0, "", "more_errors", "还有7处")], out)
    assert lines(out)[1] == [""] * 8 + ["more_errors", "还有7处"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_can_become_a_formula(start: str) -> None:
    """Threat 15: a name from outside is opened in a spreadsheet inside."""
    assert inert(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_report_itself_holds_neither_formula_nor_link(rows: MakeRows, write_csv: WriteFile, tmp_path: Path) -> None:
    """Payloads in every original column."""
    payloads = ["=1+1", "+1", "@SUM(A1)", "-2", "http://example.invalid/", "＝1"]
    source, out = write_csv([payloads]), tmp_path / "错误.xlsx"
    write_errors(source, "objects", check_file(source, "objects").errors, out)
    assert lines(out)[1][1:7] == ["'=1+1", "'+1", "'@SUM(A1)", "'-2", "http://example.invalid/", "'＝1"]
    with zipfile.ZipFile(out) as archive, archive.open("xl/worksheets/sheet1.xml") as part:
        assert scan_sheet(part).faults == []


def test_report_never_replaces_the_file_it_is_about(rows: MakeRows, write_book: WriteFile) -> None:
    """The same path, however it is written."""
    source = write_book(rows(1))
    before = source.read_bytes()
    with pytest.raises(BadInput) as refused:
        write_errors(source, "objects", [], source.parent / "." / source.name)
    assert refused.value.code == "errors_over_source"
    assert source.read_bytes() == before
