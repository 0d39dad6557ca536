"""Registry files of a few rows, and an officer who may import them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from shuangsui.access.policy import Role
from shuangsui.access.service import add_user, bootstrap, grant

HEADERS = {
    "objects": ["统一社会信用代码", "名称", "区县", "行业代码", "事项编号", "违法违规记录", "状态"],
    "inspectors": ["执法证号", "姓名", "所属处室", "岗位资格", "可任组长", "证件有效期止"],
    "experts": ["专家编号", "姓名", "专业领域", "聘期止"],
    "interests": ["人员类别", "人员编号", "统一社会信用代码", "关系类别", "起始日期", "来源"],
}
CODES = ["91500000MAXX00007C", "91500000MAXX000157", "91500000MAXX000232", "91500000MAXX00031W"]
FIRMS = [
    [
        CODES[0],
        "甲有限公司（模拟）",
        "渝北区",
        "C2671",
        "JX-01；JX-02",
        "行政处罚|应急局|2026-01-05|2027-01-05",
        "存续",
    ],
    [CODES[1], "乙有限公司（模拟）", "渝中区", "", "JX-03", "", "存续"],
    [CODES[2], "丙有限公司（模拟）", "渝中区", "0610", "JX-03", "", "注销"],
]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """``write("objects", rows)``: a file of that kind, CSV unless ``name`` ends otherwise."""

    def made(kind: str, rows: Iterable[list[str]] = FIRMS, name: str = "名录.csv") -> Path:
        path = tmp_path / name
        if path.suffix == ".xlsx":
            with Workbook(str(path)) as book:
                sheet = book.add_worksheet()
                for line, row in enumerate([HEADERS[kind], *rows]):
                    sheet.write_row(line, 0, row)
            return path
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([HEADERS[kind], *rows])
        return path

    return made


@pytest.fixture(autouse=True)
def staff(scope) -> None:
    """``lead`` of the lead office, ``leader`` who may only approve; ``lead`` works in the second tenant too."""
    for tenant in ("chongqing", "liangjiang"):
        with scope(tenant) as session:
            bootstrap(session, "guard", "安全员", account="os:test")
            for login, role in (("lead", Role.LEAD_OFFICE), ("leader", Role.LEADER)):
                if tenant == "chongqing":
                    add_user(session, login, login, by="guard")
                grant(session, login, role, by="guard")
