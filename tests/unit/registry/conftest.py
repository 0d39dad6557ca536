"""Small registry files: good rows to start from, written as CSV or as a workbook."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from shuangsui.registry.uscc import org_check_char, uscc_check_char

HEADER = ["统一社会信用代码", "名称", "区县", "事项编号", "违法违规记录", "状态"]

Cells = list[object]
MakeRows = Callable[[int], list[Cells]]
WriteFile = Callable[..., Path]


@pytest.fixture
def data() -> Path:
    """The real lists and vectors."""
    return Path(__file__).parents[2] / "data" / "registry"


@pytest.fixture
def rows() -> MakeRows:
    """So many good rows of inspection objects below ``HEADER``, each with a code no authority issued."""

    def code(number: int) -> str:
        body = f"MAX{number:05d}"
        first17 = f"91500000{body}{org_check_char(body)}"
        return first17 + uscc_check_char(first17)

    def make(count: int) -> list[Cells]:
        return [[code(n), f"第{n}有限公司（模拟）", "渝北区", "JX-01；JX-02", "", "存续"] for n in range(count)]

    return make


@pytest.fixture
def write_csv(tmp_path: Path) -> WriteFile:
    """Writes rows below a header; ``encoding`` and ``name`` as wanted."""

    def write(
        rows: Iterable[Cells], header: Cells = HEADER, *, encoding: str = "utf-8", name: str = "名录.csv"
    ) -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as stream:
            csv.writer(stream).writerows([header, *rows])
        return path

    return write


@pytest.fixture
def write_book(tmp_path: Path) -> WriteFile:
    """Writes rows below a header: text, numbers and dates as such; ``also`` may do more to the book."""

    def write(
        rows: Iterable[Cells],
        header: Cells = HEADER,
        *,
        name: str = "名录.xlsx",
        also: Callable[[Workbook], None] = lambda book: None,
    ) -> Path:
        path = tmp_path / name
        with Workbook(str(path), {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}) as book:
            sheet = book.add_worksheet("名录")
            for number, row in enumerate([header, *rows]):
                sheet.write_row(number, 0, row)
            also(book)
        return path

    return write
