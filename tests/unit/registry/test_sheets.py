"""Workbooks: what the archive and the XML say, read in a process of its own with limits."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from shuangsui.errors import BadInput
from shuangsui.registry.cells import Cell, SheetFault
from shuangsui.registry.sheets import Limits, open_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="名录" sheetId="1" r:id="a"/></sheets></workbook>'
)
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)
ROOT = (
    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>代码</t></is></c></row>'

BuildBook = Callable[..., Path]


@pytest.fixture
def build(tmp_path: Path) -> BuildBook:
    """A workbook from the XML of its only sheet; ``parts`` replaces or adds others."""

    def make(rows: str, tail: str = "", **parts: str) -> Path:
        path = tmp_path / "名录.xlsx"
        sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{tail}</worksheet>'
        written = {"workbook": WORKBOOK, "_rels/workbook.xml.rels": RELATIONS, "worksheets/sheet1": sheet, **parts}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("_rels/.rels", ROOT)
            for name, text in written.items():
                archive.writestr(f"xl/{name}" if name.endswith(".rels") else f"xl/{name}.xml", text)
        return path

    return make


def opened(path: Path, limits: Limits | None = None) -> tuple[list[tuple[int, list[Cell]]], list[SheetFault], int]:
    """Rows, faults and hidden rows of the first sheet."""
    with open_workbook(path, lambda heads: next(iter(heads)), limits) as grid:
        return [(row.number, row.cells) for row in grid.rows], grid.faults, grid.hidden_rows


def refused(path: Path, limits: Limits | None = None) -> str:
    """The code of the refusal."""
    with pytest.raises(BadInput) as error:
        opened(path, limits)
    return error.value.code


def test_cells_keep_their_type_and_place(write_book) -> None:  # type: ignore[no-untyped-def]
    """Text, number, date and boolean; rows count as the spreadsheet does."""
    path = write_book([["91", 9.15e17, date(2026, 3, 1)], ["", "", ""], ["92", True, ""]], ["a", "b", "c"])
    rows, faults, hidden = opened(path)
    assert rows == [
        (1, ["a", "b", "c"]),
        (2, ["91", 9.15e17, date(2026, 3, 1)]),
        (4, ["92", True, ""]),
    ]
    assert (faults, hidden) == ([], 0)


def test_table_that_begins_further_down_and_right_keeps_its_addresses(build: BuildBook) -> None:
    """Column C is the third cell even when A and B are empty."""
    path = build('<row r="3"><c r="C3" t="inlineStr"><is><t>代码</t></is></c></row>')
    assert opened(path)[0] == [(3, ["", "", "代码"])]


def test_formulas_merges_error_cells_and_hidden_rows_are_found_in_the_xml(build: BuildBook) -> None:
    """All of them have innocent values; positions may be implied."""
    rows = (
        f'{ROW}<row><c><f>1+1</f><v>2</v></c><c t="e"><v>#N/A</v></c></row>'
        '<row r="5" hidden="1"><c r="B5" t="str"><f t="shared" si="0"/><v>x</v></c></row>'
    )
    path = build(rows, '<mergeCells count="1"><mergeCell ref="A7:B9"/></mergeCells>')
    assert opened(path)[1:] == (
        [
            SheetFault(2, 0, "formula_cell"),
            SheetFault(2, 1, "error_cell"),
            SheetFault(5, 1, "formula_cell"),
            SheetFault(7, 0, "merged_cells", "A7:B9"),
        ],
        1,
    )


def test_prefixed_names_hide_nothing(build: BuildBook) -> None:
    """A namespace prefix does not make a formula innocent."""
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="str"><x:f>1</x:f><x:v>y</x:v></x:c>'
        "</x:row></x:sheetData></x:worksheet>"
    )
    assert opened(build("", **{"worksheets/sheet1": sheet}))[1] == [SheetFault(1, 0, "formula_cell")]


def test_chinese_path_and_sheet_name_reach_the_child(write_book) -> None:  # type: ignore[no-untyped-def]
    """The child has no locale of ours."""
    path = write_book([["1"]], ["代码"], name="检查对象 名录（一）.xlsx")
    with open_workbook(path, max) as grid:
        assert [row.cells for row in grid.rows] == [["代码"], ["1"]]


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("worksheets/sheet1", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet/>'),
        ("sharedStrings", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'),
        ("workbook", f"<!DOCTYPE workbook>{WORKBOOK}"),
        ("styles", "not xml"),
    ],
)
def test_document_types_and_broken_parts_are_refused(build: BuildBook, part: str, text: str) -> None:
    """No part of a workbook needs a document type."""
    assert refused(build(ROW, **{part: text})) == "hostile_workbook"


def test_part_that_stands_twice_is_refused(build: BuildBook) -> None:
    """One reader would see the first, another the second."""
    path = build(ROW)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    assert refused(path) == "hostile_workbook"


def test_zip_bomb_is_refused_by_its_directory(build: BuildBook) -> None:
    """210 MB from 0.2 MB: nothing is unpacked."""
    path = build(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"A" * 210_000_000}</t></is></c></row>')
    assert refused(path) == "workbook_too_large"


def test_giant_cell_is_refused_by_its_ratio(build: BuildBook) -> None:
    """50 MB from 50 kB, below the limit of size."""
    path = build(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"A" * 50_000_000}</t></is></c></row>')
    assert refused(path) == "hostile_workbook"


def test_sparse_sheet_is_refused_by_its_width(build: BuildBook) -> None:
    """Two cells at the far corners would take 17,000,000,000 cells of memory."""
    path = build(f'{ROW}<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>y</t></is></c></row>')
    assert refused(path) == "sheet_too_wide"


def test_tall_sparse_sheet_ends_as_a_clear_error(build: BuildBook) -> None:
    """Within the width a sheet may still be too much for the child's memory; only the child dies of it."""
    path = build(f'{ROW}<row r="1048576"><c r="IV1048576" t="inlineStr"><is><t>y</t></is></c></row>')
    assert refused(path) == "workbook_too_large"


def test_formatting_far_right_does_not_make_a_sheet_wide(build: BuildBook) -> None:
    """Only cells with content count."""
    path = build(f'{ROW}<row r="2"><c r="XFD2" s="0"/></row>')
    assert opened(path)[0] == [(1, ["代码"])]


def test_too_many_parts_are_refused(build: BuildBook) -> None:
    """The directory is judged before anything is read."""
    assert refused(build(ROW), replace(Limits(), entries=2)) == "workbook_too_large"


def test_slow_child_is_ended(build: BuildBook) -> None:
    """The clock runs until the child has come to the point."""
    assert refused(build(ROW), replace(Limits(), seconds=0)) == "workbook_too_slow"


def test_child_out_of_memory_is_too_large(build: BuildBook) -> None:
    """The limit is the child's; this process goes on. Six megabytes are more than what it had left from its start."""
    assert refused(build(ROW * 100_000), replace(Limits(), memory=1 << 20, ratio=1000)) == "workbook_too_large"


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 500, b"no archive"])
def test_damaged_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    """Cut off or not an archive at all."""
    path = tmp_path / "名录.xlsx"
    path.write_bytes(content)
    assert refused(path) == "not_a_workbook"


def test_shared_string_that_is_missing_is_refused(build: BuildBook) -> None:
    """The parser's own complaint."""
    assert refused(build('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')) == "not_a_workbook"


def test_truncated_archive_is_refused(write_book) -> None:  # type: ignore[no-untyped-def]
    """A download that broke off."""
    path = write_book([["1"]], ["代码"])
    path.write_bytes(path.read_bytes()[:-300])
    assert refused(path) == "not_a_workbook"


def test_document_without_sheets_is_not_a_workbook(tmp_path: Path) -> None:
    """A text document is a zip archive as well."""
    path = tmp_path / "名录.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert refused(path) == "not_a_workbook"


def test_empty_workbook_is_an_empty_file(build: BuildBook) -> None:
    """Sheets without a single cell."""
    assert refused(build("")) == "empty_file"
