"""Decisions of penalties, as a file brings them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from authority import Authority
from disclosing import uscc
from shuangsui.disclosure import decisions

NUMBER = "渝经信罚〔2026〕1号"
ROW = {
    "决定书文号": NUMBER, "决定种类": "行政处罚", "决定名称": "未按规定登记销售案", "相对人名称": "某民爆销售（模拟）",
    "统一社会信用代码": uscc(1), "类别": "罚款", "内容": "罚款人民币五千元", "决定日期": "2026-03-02",
    "决定机关": "某市经济和信息化委员会", "决定机关统一社会信用代码": "11500000MB17643950",
    "违法行为类型": "未按规定登记", "违法事实": "销售未登记", "处罚依据": "《民用爆炸物品安全管理条例》第四十八条",
    "罚款（万元）": "0.5",
}  # fmt: skip


def take(authority: Authority, folder: Path, **changes: str) -> None:
    """Import one decision with other cells."""
    row: dict[str, Any] = ROW | changes
    path = folder / "决定.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([list(row), list(row.values())])
    with authority.session() as session:
        decisions.import_decisions(session, path, actor="lead")
