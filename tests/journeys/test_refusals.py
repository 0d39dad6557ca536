"""Bad input from the command line: one clear Chinese sentence, a code, an exit status, and nothing changed."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from command import ROOT, Installation, Said

CHINESE = "\u4e00"
T = ("--tenant", "chongqing")


def write_csv(path: Path, head: list[str], rows: list[list[str]]) -> Path:
    """A CSV file in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def is_clear(said: Said, code: str, status: int) -> None:
    """The code, a Chinese sentence on stderr without traceback, the exit status."""
    assert said.status == status, said
    assert code in said.err
    assert "Traceback" not in said.err
    assert any(CHINESE <= letter <= "\u9fff" for letter in said.err)


def importing(installed: Installation, kind: str, file: Path) -> Said:
    """``registry import``."""
    return installed.run("registry", "import", kind, *T, "--as", "lead", file)


# environment


@pytest.mark.parametrize(
    ("more", "code", "status"),
    [
        ({"SHUANGSUI_VAR": "/dev/null/x"}, "system_refuses", 3),
        ({"SHUANGSUI_DATABASE_URL": "garbage"}, "database_url_invalid", 2),
    ],
)
def test_environment_that_cannot_work_is_refused(tmp_path: Path, more: dict[str, str], code: str, status: int) -> None:
    """No traceback for a slip in a variable."""
    is_clear(Installation(tmp_path / "var", more=more).run("user", "list", *T), code, status)


# configuration


def test_unknown_tenant_is_refused_with_similar_ones(installed: Installation) -> None:
    """A slip in the slug is answered with what was probably meant."""
    said = installed.run("draw", "show", "--tenant", "chonqing")
    is_clear(said, "tenant_unknown", 2)
    assert "chongqing" in said.err


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("tenant.toml", 'slug = "yuzhong\n', "toml_syntax"),
        ("tenant.toml", 'slug = "yuzhong"\nname = "x"\nshort = "y"\ncolour = "red"\n', "key_unknown"),
        (
            "rules.toml",
            '[[rule]]\nkey = "team.min_officers"\nvalue = 1\narticle = "第一条"\nown_basis = "渝中〔2026〕1号"\n',
            "rule_loosened",
        ),
    ],
)
def test_broken_configuration_stops_everything(folder: Path, file: str, text: str, code: str) -> None:
    """Malformed TOML, an unknown key, a rule below its floor: file and line, and no tenant is served."""
    tenants = folder / "tenants"
    shutil.copytree(ROOT / "tenants", tenants)
    broken = tenants / "chongqing" / "districts" / "yuzhong" / file
    broken.write_text(text, "utf-8")
    said = Installation(folder / "var", tenants).run("tenant", "list")
    is_clear(said, code, 2)
    assert f"yuzhong/{file}" in said.err
    assert "行" in said.err
    assert not (folder / "var").exists()


# files


HEAD = ["统一社会信用代码", "名称", "事项编号"]
GOOD = ["91500000MAXX00007C", "甲公司(模拟)", "JX-11"]


def workbook(path: Path, fill: Callable[[xlsxwriter.Workbook, xlsxwriter.workbook.Worksheet], None]) -> Path:
    """A workbook with a head and whatever ``fill`` writes."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("检查对象")
    sheet.write_row(0, 0, HEAD)
    fill(book, sheet)
    book.close()
    return path


def merged(book, sheet) -> None:
    """Two rows share a cell."""
    sheet.merge_range(1, 1, 2, 1, "甲公司(模拟)")
    sheet.write(1, 0, GOOD[0])
    sheet.write(1, 2, GOOD[2])


def formula(book, sheet) -> None:
    """A name that is computed."""
    sheet.write_row(1, 0, GOOD)
    sheet.write_formula(1, 1, '="甲"&"公司"', None, "甲公司")


def number(book, sheet) -> None:
    """A code that Excel took for a number."""
    sheet.write_row(1, 0, [500100000000006, *GOOD[1:]])


@pytest.mark.parametrize(("fill", "code"), [(merged, "merged"), (formula, "formula"), (number, "code_as_number")])
def test_workbook_cells_that_hide_something_are_row_errors(
    installed: Installation, folder: Path, state: Callable[[], bytes], fill, code: str
) -> None:
    """Merged cells, formulas, codes stored as numbers."""
    before = state()
    is_clear(importing(installed, "objects", workbook(folder / "x.xlsx", fill)), code, 2)
    assert state() == before


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        ("统一社会信用代码,名称,事项编号\n".encode("utf-16"), "utf16"),
        ("统一社会信用代码,名称,事项编号\n".encode() + b"91500000MAXX00007C,\xff\xfe\xfd,JX-11\n", "undecodable"),
        ("执法证号,姓名,所属处室,证件有效期止\n1,甲,一处,2030-01-01\n".encode(), "wrong"),
    ],
)
def test_files_that_cannot_be_read_are_refused(
    installed: Installation, folder: Path, state: Callable[[], bytes], data: bytes, code: str
) -> None:
    """Empty, UTF-16, undecodable bytes, the wrong registry in this slot."""
    before, file = state(), folder / "x.csv"
    file.write_bytes(data)
    is_clear(importing(installed, "objects", file), code, 2)
    assert state() == before


def test_wrong_sheet_is_refused(installed: Installation, folder: Path) -> None:
    """No sheet of the workbook has the columns."""
    book = xlsxwriter.Workbook(folder / "x.xlsx")
    for name in ("封面", "说明"):
        book.add_worksheet(name).write_row(0, 0, ["重庆市", "2026"])
    book.close()
    said = importing(installed, "objects", folder / "x.xlsx")
    is_clear(said, "wrong_sheet", 2)


def test_duplicate_codes_are_refused(installed: Installation, folder: Path, state: Callable[[], bytes]) -> None:
    """The same code twice with different names."""
    before = state()
    file = write_csv(folder / "x.csv", HEAD, [GOOD, [GOOD[0], "乙公司(模拟)", "JX-11"]])
    is_clear(importing(installed, "objects", file), "duplicate", 2)
    assert state() == before


def test_one_bad_row_in_ten_thousand_changes_nothing(
    listed: Installation, folder: Path, state: Callable[[], bytes]
) -> None:
    """All rows or none; the row is named, and written beside its columns into the error file."""
    from authority import objects

    before, rows = state(), objects(10_000)
    rows[7_000]["code"] = rows[7_000]["code"][:-1] + ("0" if rows[7_000]["code"][-1] != "0" else "1")
    file = write_csv(folder / "x.csv", list(rows[0]), [list(row.values()) for row in rows])
    errors = folder / "errors.xlsx"
    said = listed.run("registry", "import", "objects", *T, "--as", "lead", file, "--errors", errors, "--json")
    answer = said.json
    assert (said.status, answer["rows"], answer["accepted"]) == (2, 10_000, 0)
    assert [(e["row"], e["code"]) for e in answer["errors"]] == [(7_002, "regno_check")]
    assert errors.stat().st_size > 0
    assert state() == before


def test_gb18030_utf8_and_bom_give_the_same_registry(installed: Installation, folder: Path) -> None:
    """Good input in three encodings: the second and third import change nothing."""
    file, answers = folder / "x.csv", []
    for encoding in ("gb18030", "utf-8", "utf-8-sig"):
        file.write_text("\n".join(map(",".join, [HEAD, GOOD])), encoding)
        said = installed.done("registry", "import", "objects", *T, "--as", "lead", file, "--json")
        answers.append(said.json["changed"])
    assert answers[1:] == [{"added": 0, "changed": 0, "removed": 0}] * 2


# plan and draw


def add_line(listed: Installation, year: int, *ratios: str) -> Said:
    """``plan add`` for an item with a cap of 5 %."""
    listed.run("plan", "new", *T, "--as", "lead", "--year", year)
    options = [part for ratio in ratios for part in ("--ratio", ratio)]
    window = ("--from", f"{year}-01-01", "--to", f"{year}-12-31")
    return listed.run("plan", "add", *T, "--as", "lead", "--year", year, "--item", "JX-11", *options, *window)


def test_r5_4_quota_over_the_cap_is_refused(listed: Installation, this_year: int) -> None:
    """R5.4: 6 % where the list allows 5 %."""
    said = add_line(listed, this_year + 1, "ALL=6%", "FLAG=10%")
    is_clear(said, "over_cap", 1)
    assert "第五条" in said.err


def freeze(planned: Installation, this_year: int, *more: object) -> Said:
    """``draw freeze`` of the first line."""
    line = ("--year", this_year, "--line", 1, "--holder", "supervision")
    return planned.run("draw", "freeze", *T, "--as", "lead", *line, *more)


def test_fewer_than_20_digits_are_refused(planned: Installation, this_year: int, state: Callable[[], bytes]) -> None:
    """srd-1 5.3: a ceremony has at least 20 digits."""
    before = state()
    is_clear(freeze(planned, this_year, "--digits", 19), "ceremony_digits", 1)
    assert state() == before


def test_draw_without_a_second_holder_is_refused(planned: Installation, this_year: int) -> None:
    """The operator alone is no draw."""
    said = planned.run("draw", "freeze", *T, "--as", "lead", "--year", this_year, "--line", 1)
    assert said.status == 2


def test_somebody_without_the_role_is_refused(planned: Installation, this_year: int) -> None:
    """The inspecting office does not operate draws."""
    line = ("--year", this_year, "--line", 1, "--holder", "supervision")
    is_clear(planned.run("draw", "freeze", *T, "--as", "inspection", *line), "not_allowed", 1)


def test_unknown_draw_is_refused(planned: Installation) -> None:
    """A number that does not exist."""
    is_clear(planned.run("draw", "run", "2026-9999", *T, "--as", "lead"), "draw_missing", 2)


@pytest.mark.parametrize("slip", [("--scope", "all"), ("--pool", "foo")])
def test_replacement_of_no_known_kind_is_refused(planned: Installation, slip: tuple[str, str]) -> None:
    """The slip is named before anything is looked up."""
    said = planned.run("draw", "replace", "2026-0009", *T, "--as", "lead", "--task", 0, *slip)
    assert (said.status, slip[1] in said.err, "Traceback" in said.err) == (2, True, False)


def test_event_at_no_date_is_refused(planned: Installation, this_year: int) -> None:
    """A time nobody can read."""
    is_clear(freeze(planned, this_year, "--event-at", "明天上午"), "date_invalid", 2)


def test_r6_6_event_in_the_past_is_refused(planned: Installation, this_year: int) -> None:
    """R6.6: the plan must be public before the event."""
    is_clear(freeze(planned, this_year, "--event-at", "2020-01-01T00:00"), "event_passed", 1)
