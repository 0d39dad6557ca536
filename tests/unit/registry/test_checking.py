"""Files as a whole: good input in every form, every class of bad input, all errors at once."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from shuangsui.errors import BadInput, RowErrors
from shuangsui.registry import findings
from shuangsui.registry.cells import Row
from shuangsui.registry.checking import Checked, check_file, iter_checked

Cells = list[object]
MakeRows = Callable[[int], list[Cells]]
WriteFile = Callable[..., Path]

INSPECTOR = ["执法证号", "姓名", "所属处室", "可任组长", "证件有效期起", "证件有效期止"]


def errors(checked: Checked) -> list[tuple[int, str, str]]:
    """Row, column and code of every error."""
    return [(error.row, error.column, error.code) for error in checked.errors]


def good_rows(path: Path, kind: str) -> list[Row]:
    """The values of a file without errors."""
    checked = check_file(path, kind)
    assert checked.errors == []
    return [row.values for batch in iter_checked(path, kind, digest=checked.digest) for row in batch]


def refused(path: Path, kind: str = "objects", sheet: str | None = None) -> tuple[str, dict[str, object]]:
    """Code and parameters with which the file as a whole is refused."""
    with pytest.raises(BadInput) as error:
        check_file(path, kind, sheet=sheet)
    return error.value.code, error.value.params


# Good input


def test_cells_that_say_the_same_are_each_row_s_own(rows: MakeRows, write_csv: WriteFile) -> None:
    """What was read before is not read again, and nobody changes another row with it."""
    first, second = good_rows(write_csv(rows(2)), "objects")
    assert first["items"] == second["items"] == ["JX-01", "JX-02"]
    assert first["items"] is not second["items"]


def test_a_remark_is_made_of_every_cell_that_deserves_it(rows: MakeRows, write_csv: WriteFile) -> None:
    """However often it says the same."""
    made = rows(3)
    for row in made:
        row[2] = "渝北区  一街"
    checked = check_file(write_csv(made), "objects")
    assert [(note.row, note.code) for note in checked.notes] == [(n, "spaces_joined") for n in (2, 3, 4)]


def test_object_row_becomes_plain_values(rows: MakeRows, write_csv: WriteFile) -> None:
    """Every field of the kind, absent columns too."""
    (row,) = rows(1)
    row[4] = "行政处罚|市应急局|2026-03-01|"
    assert good_rows(write_csv([row]), "objects") == [
        {
            "code": row[0],
            "name": "第0有限公司（模拟）",
            "district": "渝北区",
            "address": None,
            "industry": None,
            "risk_class": None,
            "items": ["JX-01", "JX-02"],
            "flags": [{"kind": "penalty", "source": "市应急局", "since": date(2026, 3, 1), "until": None}],
            "status": "active",
        }
    ]


def test_utf8_bom_gb18030_and_workbook_give_the_same_rows(
    rows: MakeRows, write_csv: WriteFile, write_book: WriteFile
) -> None:
    """Whatever program saved the registry."""
    files = [
        write_csv(rows(50), encoding=encoding, name=f"{encoding}.csv") for encoding in ("utf-8", "utf-8-sig", "gb18030")
    ]
    files.append(write_book(rows(50)))
    results = [good_rows(path, "objects") for path in files]
    assert len(results[0]) == 50
    assert results == [results[0]] * 4


def test_english_names_and_own_codes_are_accepted(rows: MakeRows, write_csv: WriteFile) -> None:
    """The names used in our own data files."""
    code = rows(1)[0][0]
    path = write_csv([["moved", "第0有限公司", code, "JX-01"]], ["status", "name", "code", "items"])
    assert good_rows(path, "objects")[0]["status"] == "moved"


def test_inspectors_experts_and_interests_become_plain_values(rows: MakeRows, write_csv: WriteFile) -> None:
    """Official words become stable codes, absent statuses their default."""
    code = rows(1)[0][0]
    inspector = write_csv([["MX1", "张　三", "电力处", "是", "", "2027/12/31"]], INSPECTOR)
    (row,) = good_rows(inspector, "inspectors")
    assert row == {
        "cert_no": "MX1", "name": "张三", "office": "电力处", "quals": [], "lead": True,
        "valid_from": None, "valid_to": date(2027, 12, 31), "status": "on_duty", "post": None,
    }  # fmt: skip
    expert = write_csv([["ZJ-1", "李四", "民爆、化工", ""]], ["专家编号", "姓名", "专业领域", "聘期止"])
    (row,) = good_rows(expert, "experts")
    assert row == {
        "expert_no": "ZJ-1", "name": "李四", "quals": ["民爆", "化工"],
        "employer": None, "valid_to": None, "status": "active",
    }  # fmt: skip
    interest = write_csv([["专家", "ZJ-1", code, "持股"]], ["人员类别", "人员编号", "检查对象编号", "关系类别"])
    (row,) = good_rows(interest, "interests")
    assert row == {
        "person_kind": "expert", "person_no": "ZJ-1", "object_code": code, "relation": "shareholding",
        "since": None, "until": None, "source": None,
    }  # fmt: skip


@pytest.mark.parametrize(("name", "count"), [("items-miit-sample.csv", 16), ("items-zhejiang-a.csv", 40)])
def test_real_item_lists_lose_no_row_and_no_word(data: Path, name: str, count: int) -> None:
    """Every row of both lists, with every cell somewhere in its values, and a code of its own."""
    found = good_rows(data / name, "items")
    with (data / name).open(encoding="utf-8", newline="") as stream:
        original = list(csv.DictReader(stream))
    assert len(found) == len(original) == count
    assert len({row["code"] for row in found}) == count
    for row, cells in zip(found, original, strict=True):
        assert {cell for cell in cells.values() if cell} - {"重点", "一般"} <= {str(value) for value in row.values()}


def test_r5_1_unknown_columns_of_an_item_list_are_kept(write_csv: WriteFile) -> None:
    """第五条 ends with 等: what a list adds is not lost."""
    path = write_csv([["JX-01", "民爆检查", "63897000", ""]], ["编号", "事项名称", "联系电话", "传真"])
    assert good_rows(path, "items")[0]["extra"] == {"联系电话": "63897000"}


def test_item_code_has_domain_and_row_where_numbers_repeat(write_csv: WriteFile) -> None:
    """Several sub-items under one number, as in lists with merged numbers."""
    path = write_csv([["market", 15, 11, "直销"], ["market", 17, 11, "直销"]], ["domain", "row", "no", "item_name"])
    assert [row["code"] for row in good_rows(path, "items")] == ["market-15", "market-17"]


# Notes and warnings


def test_normalisation_is_reported(rows: MakeRows, write_csv: WriteFile) -> None:
    """Full-width digits, stray spaces, small letters, a dropped zero: accepted, and every one is told."""
    (row,) = rows(1)
    wide = str(row[0]).translate({ord(char): ord(char) + 0xFEE0 for char in str(row[0])})
    path = write_csv([[f" {wide}", " 第0有限公司", "JX-01，JX-01", "610"]], ["code", "name", "items", "industry"])
    checked = check_file(path, "objects")
    assert [(note.row, note.column, note.code) for note in checked.notes] == [
        (2, "code", "spaces_removed"),
        (2, "code", "width_folded"),
        (2, "name", "spaces_joined"),
        (2, "items", "repeated_entry"),
        (2, "industry", "zero_restored"),
    ]
    assert good_rows(path, "objects")[0]["code"] == row[0]


def test_small_letters_are_reported(rows: MakeRows, write_csv: WriteFile) -> None:
    """Codes are written in capitals."""
    (row,) = rows(1)
    row[0] = str(row[0]).lower()
    assert [note.code for note in check_file(write_csv([row]), "objects").notes] == ["case_folded"]


def test_ignored_columns_and_short_rows_are_warnings(rows: MakeRows, write_csv: WriteFile) -> None:
    """Accepted, but said."""
    (row,) = rows(1)
    path = write_csv([row[:4]], ["统一社会信用代码", "名称", "区县", "事项编号", "电话"])
    checked = check_file(path, "objects")
    assert [(found.row, found.column, found.code) for found in checked.warnings] == [
        (1, "电话", "column_ignored"),
        (2, "", "short_row"),
    ]


# Errors of rows


def test_all_errors_come_at_once_with_row_column_code_and_sentence(rows: MakeRows, write_csv: WriteFile) -> None:
    """Five rows, four of them bad, one of them twice."""
    table = rows(5)
    table[1][0] = str(table[1][0])[:-1] + "0"
    table[2][1], table[2][5] = "", "营业"
    table[3][4] = "行政处罚"
    table[4][0] = "11010519491231002X"
    checked = check_file(write_csv(table), "objects")
    assert checked.rows == 5
    assert errors(checked) == [
        (3, "统一社会信用代码", "uscc_check"),
        (4, "名称", "required_empty"),
        (4, "状态", "bad_choice"),
        (5, "违法违规记录", "bad_flag"),
        (6, "统一社会信用代码", "id_number"),
    ]
    assert [error.message for error in checked.errors][1:3] == [
        "“名称”不能为空：请填写。",
        "“营业”不在可填范围内：请填写存续、注销、吊销、撤销、迁出之一。",
    ]
    with pytest.raises(RowErrors) as refusal:
        checked.refuse()
    assert refusal.value.params == {"rows": 5, "count": 5}


def test_one_bad_row_in_ten_thousand_refuses_all(rows: MakeRows, write_csv: WriteFile) -> None:
    """All rows or none; the bad one is named."""
    table = rows(10_000)
    table[7_776][1] = "\u200b"
    path, seen = write_csv(table), list[tuple[int, int]]()
    checked = check_file(path, "objects", on_progress=lambda *rows: seen.append(rows))
    assert errors(checked) == [(7_778, "名称", "invisible_character")]
    assert seen == [(done, 10_000) for done in range(1000, 10_001, 1000)]
    with pytest.raises(RowErrors):
        list(iter_checked(path, "objects", digest=checked.digest))


def test_identical_and_contradicting_rows_differ(rows: MakeRows, write_csv: WriteFile) -> None:
    """Repeated after normalisation, and repeated with another name."""
    table = rows(2)
    again = [f" {table[0][0]}", *table[0][1:]]
    other = [table[1][0], "另一家有限公司", *table[1][2:]]
    checked = check_file(write_csv([*table, again, other]), "objects")
    assert [(error.row, error.code) for error in checked.errors] == [(4, "duplicate_row"), (5, "duplicate_conflict")]
    assert checked.errors[0].message == "与第2行完全相同：请删去其中一行。"


def test_duplicate_is_found_although_the_row_has_another_error(rows: MakeRows, write_csv: WriteFile) -> None:
    """Nobody should learn of the second error only after mending the first."""
    table = rows(1)
    second = [*table[0][:5], "营业"]
    assert [error.code for error in check_file(write_csv([*table, second]), "objects").errors] == [
        "bad_choice",
        "duplicate_conflict",
    ]


def test_person_may_have_two_periods_with_one_firm(rows: MakeRows, write_csv: WriteFile) -> None:
    """The start date belongs to the key of an interest."""
    code = rows(1)[0][0]
    header = ["人员类别", "人员编号", "统一社会信用代码", "关系类别", "起始日期"]
    table = [["专家", "ZJ-1", code, "任职", day] for day in ("2020-01-01", "2024-01-01", "2020-01-01")]
    assert errors(check_file(write_csv(table, header), "interests")) == [(4, "人员类别", "duplicate_row")]


def test_period_must_not_end_before_it_begins(write_csv: WriteFile) -> None:
    """The certificate's two dates."""
    path = write_csv([["MX1", "张三", "电力处", "", "2027-01-01", "2026-12-31"]], INSPECTOR)
    assert errors(check_file(path, "inspectors")) == [(2, "证件有效期止", "dates_reversed")]


def test_unquoted_comma_is_found(rows: MakeRows, write_csv: WriteFile) -> None:
    """Cells beyond the header would be lost."""
    assert errors(check_file(write_csv([[*rows(1)[0], "多出"]]), "objects")) == [(2, "G", "extra_cells")]


def test_row_of_totals_is_an_error(rows: MakeRows, write_csv: WriteFile) -> None:
    """A sum below the list is no inspection object."""
    assert errors(check_file(write_csv([*rows(1), ["合 计", 1]]), "objects")) == [(3, "", "total_row")]


def test_errors_beyond_the_limit_are_counted(
    rows: MakeRows, write_csv: WriteFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of another world must not fill the memory with sentences."""
    monkeypatch.setattr(findings, "KEPT_ERRORS", 3)
    checked = check_file(write_csv([["坏", *row[1:]] for row in rows(10)]), "objects")
    assert [error.code for error in checked.errors] == ["code_length"] * 3 + ["more_errors"]
    assert checked.counts == {"code_length": 10}
    assert checked.errors[3].message == "错误太多，还有7处没有逐条列出：请先改正以上错误。"


# Workbooks


def test_code_stored_as_a_number_is_an_error_never_repaired(rows: MakeRows, write_book: WriteFile) -> None:
    """A spreadsheet keeps fifteen digits of eighteen."""
    (row,) = rows(1)
    checked = check_file(write_book([[915000000000000017, *row[1:]]]), "objects")
    assert errors(checked) == [(2, "统一社会信用代码", "code_as_number")]


def test_formula_merge_and_error_cells_are_errors_at_their_place(rows: MakeRows, write_book: WriteFile) -> None:
    """Their values look innocent; each is named once."""

    def spoil(book: Workbook) -> None:
        sheet = book.worksheets()[0]
        sheet.write_formula("B2", '="某"&"公司"', None, "某公司")
        sheet.write_formula("C3", "=1/0", None, "#DIV/0!")
        sheet.merge_range("F4:F5", "存续")

    checked = check_file(write_book(rows(4), also=spoil), "objects")
    assert errors(checked) == [
        (2, "名称", "formula_cell"),
        (3, "区县", "error_cell"),
        (3, "区县", "formula_cell"),
        (4, "状态", "merged_cells"),
    ]


def test_dates_of_a_workbook_are_dates(write_book: WriteFile) -> None:
    """Date cells and dates written as text, in one column."""
    table = [["MX1", "张三", "电力处", True, date(2024, 1, 1), "2027年12月31日"]]
    (row,) = good_rows(write_book(table, INSPECTOR), "inspectors")
    assert (row["lead"], row["valid_from"], row["valid_to"]) == (True, date(2024, 1, 1), date(2027, 12, 31))


def test_sheet_whose_header_fits_is_taken(rows: MakeRows, write_book: WriteFile) -> None:
    """A cover sheet before the list does no harm."""

    def cover(book: Workbook) -> None:
        book.add_worksheet("说明").write_row(0, 0, ["填表说明", "请逐行填写"])

    assert check_file(write_book(rows(3), also=cover), "objects").rows == 3


def test_wrong_and_ambiguous_sheets_are_refused_with_the_names(rows: MakeRows, write_book: WriteFile) -> None:
    """The error lists what there is."""

    def second(book: Workbook) -> None:
        book.add_worksheet("备份").write_row(0, 0, ["统一社会信用代码", "名称", "事项编号"])

    path = write_book(rows(1), also=second)
    assert refused(path) == ("several_sheets", {"title": "检查对象名录", "sheets": "名录、备份"})
    assert refused(path, sheet="表一") == ("wrong_sheet", {"wanted": "表一", "sheets": "名录、备份"})
    assert refused(path, "experts")[0] == "wrong_sheet"
    assert check_file(path, "objects", sheet="名录").rows == 1


# Files refused as a whole


def test_title_row_above_the_header_is_named(rows: MakeRows, write_book: WriteFile, write_csv: WriteFile) -> None:
    """Merged or not: the header must be the first row."""
    header, *table = [["统一社会信用代码", "名称", "事项编号"], *[[row[0], row[1], row[3]] for row in rows(1)]]
    titled = write_csv([header, *table], ["检查对象名录（2026年）", "", ""])
    assert refused(titled) == ("header_below_title", {"row": 2})

    def title(book: Workbook) -> None:
        book.worksheets()[0].merge_range("A1:C1", "检查对象名录（2026年）")

    assert refused(write_book([header, *table], [""], also=title)) == ("merged_header", {"range": "A1:C1"})


def test_file_of_another_registry_is_refused(write_csv: WriteFile) -> None:
    """Inspectors in the place of objects."""
    path = write_csv([["MX1", "张三", "电力处", "", "", "2027-12-31"]], INSPECTOR)
    assert refused(path) == ("wrong_kind", {"expected": "检查对象名录", "found": "执法检查人员名录"})


def test_header_without_rows_is_refused(write_csv: WriteFile, write_book: WriteFile) -> None:
    """An empty registry is a mistake, not an import."""
    assert refused(write_csv([]))[0] == "no_rows"
    assert refused(write_book([]))[0] == "no_rows"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("名录.csv", b"", "empty_file"),
        ("名录.xlsx", b"", "empty_file"),
        ("名录.pdf", b"%PDF-1.7", "unknown_file_type"),
        ("名录.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "legacy_workbook"),
        ("名录.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "legacy_workbook"),
        ("名录.xls", b"<html><table>", "mislabelled_file"),
        ("名录.xlsx", b"code,name\n", "mislabelled_file"),
        ("名录.csv", b"PK\x03\x04rest", "mislabelled_file"),
        ("名录.csv", "代码,名称\n".encode("utf-16"), "utf16_file"),
    ],
)
def test_other_formats_are_refused_by_content(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    """The content decides; a suffix that lies is said."""
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path)[0] == code


def test_missing_file_is_bad_input(tmp_path: Path) -> None:
    """No traceback for a misspelt path."""
    assert refused(tmp_path / "没有.csv") == ("unreadable_file", {"file": "没有.csv"})


def test_file_changed_between_the_passes_is_refused(rows: MakeRows, write_csv: WriteFile) -> None:
    """What is inserted is what was checked, to the byte."""
    path = write_csv(rows(2))
    checked = check_file(path, "objects")
    batches = iter_checked(path, "objects", digest=checked.digest, batch=1)
    assert len(next(batches)) == 1
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(BadInput) as late:
        list(batches)
    with pytest.raises(BadInput) as early:
        list(iter_checked(path, "objects", digest=checked.digest))
    assert (late.value.code, early.value.code) == ("file_changed", "file_changed")
