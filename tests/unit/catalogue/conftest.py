"""Items made of their wording, and the rules of the municipal commission."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from shuangsui.catalogue.edits import from_row
from shuangsui.catalogue.tables import Item
from shuangsui.registry.columns import ITEMS
from shuangsui.rules.policy import Rules
from shuangsui.rules.service import for_tenant
from shuangsui.tenancy import tree
from shuangsui.tenancy.schema import Scalar

DAY = date(2026, 11, 22)

LAWFUL = {
    "no": "JX-03", "name": "监控化学品生产企业检查", "item_class": "general", "content": "生产特别许可；台账记录",
    "basis": "《监控化学品管理条例》第五条", "method": "现场检查", "objects": "监控化学品生产企业",
    "ratio": "不超过15%", "frequency": "每年1次", "publication": "委门户网站公示", "office": "化工产业处",
}  # fmt: skip

MakeItem = Callable[..., Item]
Amend = Callable[..., Rules]


@pytest.fixture
def item() -> MakeItem:
    """``item(ratio="不超过5%")``: a lawful general item, confirmed, with these fields of its file instead."""

    def make(**fields: object) -> Item:
        draw_mode = fields.pop("draw_mode", "salted")
        row = {column.field: column.empty() for column in ITEMS.columns} | {"extra": {}} | LAWFUL | fields
        return Item(**from_row(ITEMS.complete(row)), draw_mode=draw_mode, proposed_by="lead", confirmed_by="business")

    return make


@pytest.fixture(scope="session")
def rules() -> Rules:
    """Of the municipal commission on 2026-11-22."""
    root = Path(__file__).parents[3] / "tenants"
    return for_tenant(tree.load(root), "chongqing", DAY)


@pytest.fixture
def amend(rules: Rules) -> Amend:
    """``amend(("item.columns", (…)))``: the same rules with other values."""

    def make(*values: tuple[str, Scalar]) -> Rules:
        changed = {key: (replace(rules[key], value=value),) for key, value in values}
        return Rules(rules.on, MappingProxyType({**rules.ladders, **changed}))

    return make
