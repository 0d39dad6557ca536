"""Disclosed things for an exporter that needs no real one; enterprise, officers and authority are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime

from shuangsui.disclosed import (
    Authority,
    Disclosed,
    DisclosedFinding,
    DisclosedItem,
    DisclosedObject,
    DisclosedOfficer,
    ResultContent,
)

RESULT = Disclosed(
    authority=Authority("moushi", "某市经济和信息化委员会", "11500000MB17643950", "500000"),
    key="RW2026-0001",
    revision=1,
    action="publish",
    content=ResultContent(
        plan_id="50000020260001",
        plan_name="2026年度抽查工作计划",
        draw_no="2026-0001",
        task_no="RW2026-0001",
        task_name="2026年民爆销售抽查",
        type="random",
        mode="onsite",
        object=DisclosedObject("91500000MA0000015Q", "第1号民爆销售（模拟）", address="某路1号", area="500103"),
        item=DisclosedItem("JX-1", "民用爆炸物品销售检查", "《民用爆炸物品安全管理条例》"),
        findings=(DisclosedFinding("no_problem", "未发现问题"),),
        follow_up="无",
        ended_at=datetime(2026, 6, 12, 2, 0, tzinfo=UTC),
        officers=(DisclosedOfficer("张检查（模拟）", "5000260001"), DisclosedOfficer("李检查（模拟）", "5000260002")),
    ),
    published_on=date(2026, 6, 15),
)
"""抽查结果 of one object, published for the first time."""
