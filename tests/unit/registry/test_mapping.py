"""Columns by guess, by memory and by what a person says, through the whole chain of a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from shuangsui.errors import BadInput
from shuangsui.registry.checking import check_file, iter_checked
from shuangsui.registry.columns import OBJECTS
from shuangsui.registry.heads import Head, heads_of
from shuangsui.registry.mapping import differing, guessed, is_plain, suggested
from shuangsui.registry.report import write_errors
from shuangsui.registry.service import good_file

MakeRows = Callable[[int], list[list[object]]]
WriteFile = Callable[..., Path]
FOREIGN = ["信用号", "全称", "所在区", "涉及的事项", "备注", "状态"]
SAID = {"code": "信用号", "name": "全称", "district": "所在区", "items": "涉及的事项", "status": "状态"}


def test_guess_names_a_header_or_nowhere() -> None:
    """For every field of the registry."""
    found = guessed(OBJECTS, ["名称", "＊统一社会信用代码", "备注"])
    assert {field: title for field, title in found.items() if title} == {"code": "＊统一社会信用代码", "name": "名称"}
    assert list(found) == [column.field for column in OBJECTS.columns]


def test_only_what_cannot_be_guessed_is_kept_and_comes_back() -> None:
    """Of the next file, where it has the header too; what it lacks is guessed anew."""
    names = differing(OBJECTS, FOREIGN, SAID)
    assert names == {field: title for field, title in SAID.items() if field != "status"}
    again = suggested(OBJECTS, ["信用 号", "名称", "涉及的事项", "状态"], names)
    assert {field: title for field, title in again.items() if title} == {
        "code": "信用 号", "name": "名称", "items": "涉及的事项", "status": "状态",
    }  # fmt: skip


def test_a_column_left_out_on_purpose_stays_out() -> None:
    """Nowhere is an answer too."""
    header = ["统一社会信用代码", "名称", "事项编号", "区县"]
    names = differing(OBJECTS, header, {**guessed(OBJECTS, header), "district": ""})
    assert (names, suggested(OBJECTS, header, names)["district"]) == ({"district": ""}, "")


@pytest.mark.parametrize(
    ("header", "plain"),
    [
        (["名称", "统一社会信用代码"], False),
        (["名称", "统一社会信用代码", "事项编号"], True),
        (["名称", "统一社会信用代码", "事项编号", ""], True),
        (["名称", "统一社会信用代码", "事项编号", "备注"], False),
    ],
)
def test_nobody_is_asked_where_every_header_is_known(header: list[str], plain: bool) -> None:
    """One that must be there is missing, or one is left over: then somebody is."""
    assert is_plain(OBJECTS, header, guessed(OBJECTS, header)) is plain


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({**SAID, "address": "所在区"}, "column_twice"),
        ({**SAID, "name": ""}, "missing_columns"),
        ({**SAID, "name": "没有这一列"}, "column_unknown"),
    ],
)
def test_what_cannot_be_meant_is_refused(said: dict[str, str], code: str) -> None:
    """Before anything is checked."""
    with pytest.raises(BadInput) as refused:
        differing(OBJECTS, FOREIGN, said)
    assert refused.value.code == code


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_columns_named_by_a_person_are_read_checked_and_reported(
    rows: MakeRows, write_csv: WriteFile, write_book: WriteFile, tmp_path: Path, kind: str
) -> None:
    """The check, the rows of a good file, and the report of a bad one speak of the file's own headers."""
    write, names = (write_csv if kind == "csv" else write_book), differing(OBJECTS, FOREIGN, SAID)
    path = write(rows(3), FOREIGN)
    told: list[tuple[str, int, int | None]] = []
    file = good_file(path, "objects", names=names, on_progress=lambda *one: told.append(one))
    assert [row.values["district"] for batch in file.batches() for row in batch] == ["渝北区"] * 3
    assert told == [("write", 3, 3)]
    assert [warning.column for warning in file.checked.warnings] == ["备注"]
    bad = write([*rows(3), ["1", *rows(1)[0][1:]]], FOREIGN, name=f"bad.{kind}")
    checked = check_file(bad, "objects", names=names)
    assert [(error.row, error.column) for error in checked.errors] == [(5, "信用号")]
    write_errors(bad, "objects", checked.errors, tmp_path / "errors.xlsx", names=names)
    (reported,) = heads_of(tmp_path / "errors.xlsx", OBJECTS)
    assert reported.header == ("行号", *FOREIGN, "错误列", "错误代码", "错误说明")
    with pytest.raises(BadInput, match="missing_columns"):
        list(iter_checked(path, "objects", digest=file.checked.digest))


def test_r6_1_heads_show_each_sheet_with_its_first_rows(rows: MakeRows, write_csv: WriteFile, write_book: WriteFile):
    """Those that we know come first; what is long is cut."""

    def notes(book: Workbook) -> None:
        sheet = book.add_worksheet("说明")
        sheet.write_row(0, 0, ["填表人", "长" * 60])
        sheet.write_row(1, 0, [20260101, "长" * 60])

    (plain,) = heads_of(write_csv(rows(5)), OBJECTS)
    known, other = heads_of(write_book(rows(1), also=notes), OBJECTS)
    assert (plain.sheet, plain.fits, len(plain.samples[1])) == ("", True, 3)
    assert replace(known, samples=()) == Head("名录", plain.header, (), fits=True)
    assert other == Head("说明", ("填表人", "长" * 60), (("20260101",), ("长" * 40,)), fits=False)


def test_header_below_title_rows_is_told_at_once(write_csv: WriteFile, rows: MakeRows) -> None:
    """No person has to guess from a title."""
    path = write_csv([["统一社会信用代码", "名称", "事项编号"], *rows(1)], ["名录", "", ""])
    with pytest.raises(BadInput, match="header_below_title"):
        heads_of(path, OBJECTS)


def test_a_header_longer_than_what_is_kept_of_it_is_still_that_column(rows: MakeRows, write_csv: WriteFile) -> None:
    """Two such that begin alike are two; what was said of them is kept short, and read by the whole chain."""
    long = "统一社会信用代码，没有的填注册号，" * 8
    path = write_csv(rows(2), [f"{long}甲", f"{long}乙", "区县", "事项编号", "违法违规记录", "状态"])
    (head,) = heads_of(path, OBJECTS)
    assert [len(title) for title in head.header[:2]] == [100, 100]
    said = {**guessed(OBJECTS, head.header), "code": head.header[0], "name": head.header[1]}
    names = differing(OBJECTS, head.header, said)
    assert names == {"code": head.header[0], "name": head.header[1]}
    assert suggested(OBJECTS, head.header, names)["code"] == head.header[0]
    assert good_file(path, "objects", names=names).checked.rows == 2
