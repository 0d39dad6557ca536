"""``plan caps`` and ``plan visits``: published caps on visits, and what was visited (R10.2 (b), R17.5)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.inspections.states import TASK_TYPES
from shuangsui.planning.caps import LABELS
from shuangsui.planning.visits import frequency
from shuangsui.tenancy.annexes import TRIGGERS


def caps(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出公布的检查频次上限，每条带文件和行号。"""
    placed = desk(tenant).office.tenant.caps
    found = [one.entry.model_dump(mode="json") | {"file": one.file, "line": one.line} for one in placed]
    emit(found, as_json=as_json, human=_show_caps)


def visits(
    code: Annotated[str, typer.Argument(metavar="CODE", help="检查对象代码", show_default=False)],
    tenant: TenantOption,
    year: Annotated[int, typer.Option("--year", help="检查日期所在年度", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """列出各机关一年内对一个检查对象的检查。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        found = [asdict(one) for one in frequency(session, at.office.keyring, code, year)]
    emit(found, as_json=as_json, human=_show_visits)


def _show_caps(found: list[dict[str, Any]]) -> None:
    rows = [
        [f["item"] or f["family"] or "全部检查", f["risk_class"], f["per_year"], "是" if f["rechecks"] else "否",
         f["basis"], f["published_on"], f"{f['file']} 第 {f['line']} 行"]
        for f in found
    ]  # fmt: skip
    head = ["范围", "风险类别", "每年最多", "复查计入", "依据", "公布日期", "位置"]
    table("检查频次上限" if rows else "没有公布检查频次上限", head, rows)


def _show_visits(found: list[dict[str, Any]]) -> None:
    rows = [
        [f["on"], f["authority"], f["family"], TASK_TYPES[f["type"]], TRIGGERS.get(f["trigger"] or "", ""),
         LABELS.get(f["label"], "")]
        for f in found
    ]  # fmt: skip
    table(f"检查 {len(rows)} 次", ["日期", "机关", "事项族", "类型", "起因", "标记"], rows)
