"""Whatever bytes come in, what comes out is a verdict or an error of ours."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from shuangsui.errors import ShuangsuiError
from shuangsui.registry.checking import Checked, check_file
from shuangsui.registry.columns import KINDS
from shuangsui.registry.messages import said

HEADER = "统一社会信用代码,名称,事项编号,违法违规记录,状态\n"
PARTS = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")

relaxed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def verdict(path: Path, kind: str) -> None:
    """A verdict, or an error of ours with its Chinese sentence."""
    outcome: Checked | ShuangsuiError
    try:
        outcome = check_file(path, kind)
    except ShuangsuiError as error:
        outcome = error
    assert isinstance(outcome, Checked) or said(outcome.code, outcome.params).endswith("。")


@relaxed
@given(st.binary(max_size=2000), st.sampled_from(sorted(KINDS)))
def test_random_bytes_as_csv(tmp_path: Path, content: bytes, kind: str) -> None:
    """No encoding, no structure."""
    path = tmp_path / "名录.csv"
    path.write_bytes(content)
    verdict(path, kind)


@relaxed
@given(st.text(max_size=500), st.sampled_from(["utf-8", "gb18030"]))
def test_random_text_below_a_good_header(tmp_path: Path, text: str, encoding: str) -> None:
    """Rows of nonsense are errors of rows, never of the program."""
    path = tmp_path / "名录.csv"
    path.write_bytes((HEADER + text).encode(encoding, "ignore"))
    verdict(path, "objects")


@relaxed
@given(st.lists(st.lists(st.text(max_size=20), min_size=5, max_size=5), max_size=5), st.sampled_from(sorted(KINDS)))
def test_random_cells_in_every_column(tmp_path: Path, cells: list[list[str]], kind: str) -> None:
    """Every reader of every kind meets every text."""
    path = tmp_path / "名录.csv"
    header = [column.headers[0] for column in KINDS[kind].columns]
    lines = [header, *[(row * len(header))[: len(header)] for row in cells]]
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines]
    path.write_text("\n".join(quoted), encoding="utf-8", errors="ignore", newline="")
    verdict(path, kind)


@settings(relaxed, max_examples=12)
@given(st.binary(max_size=500))
def test_random_bytes_as_a_workbook(tmp_path: Path, content: bytes) -> None:
    """With the first bytes of an archive, so that it is opened."""
    path = tmp_path / "名录.xlsx"
    path.write_bytes(b"PK\x03\x04" + content)
    verdict(path, "objects")


@settings(relaxed, max_examples=12)
@given(st.sampled_from(PARTS), st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_workbook_with_a_spoilt_part(tmp_path: Path, part: str, place: int, noise: bytes) -> None:
    """A good archive whose XML has noise somewhere."""
    good, bad = tmp_path / "好.xlsx", tmp_path / "坏.xlsx"
    if not good.exists():
        with Workbook(str(good)) as book:
            book.add_worksheet("名录").write_row(0, 0, HEADER.strip().split(","))
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                place %= len(content)
                content = content[:place] + noise + content[place + len(noise) :]
            target.writestr(name, content)
    verdict(bad, "objects")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_meets_an_empty_cell_in_every_column(tmp_path: Path, kind: str) -> None:
    """Required columns say so, the others have a value for nothing."""
    path = tmp_path / "名录.csv"
    columns = KINDS[kind].columns
    path.write_text(f"{','.join(column.headers[0] for column in columns)}\n{'x' + ',' * (len(columns) - 1)}\n", "utf-8")
    found = {error.column for error in check_file(path, kind).errors}
    assert found >= {column.headers[0] for column in columns[1:] if column.required}
