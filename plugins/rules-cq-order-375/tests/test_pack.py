"""The pack says what was seen of the order, and with which article."""

from __future__ import annotations

import tomllib

import shuangsui_rules_cq_order_375 as plugin

DEMANDS = {
    "team.min_officers": (2, "floor", "第十五条"),
    "registry.officer_certificate": (True, "locked", "第十五条"),
    "visit.approval": (True, "locked", "第十七条"),
    "task.code_required": (True, "locked", "第十八条"),
    "task.code_filing_days": (3, "ceiling", "第十八条"),
    "special.plan_required": (True, "locked", "第二十六条至第二十八条"),
    "special.filing_required": (True, "locked", "第二十六条至第二十八条"),
    "special.full_coverage": (False, "locked", "第二十七条"),
    "item.require_published": (True, "locked", "（条款序号未见）"),
    "special.published_item": (True, "locked", "（条款序号未见）"),
}


def test_r17_4_every_demand_stands_with_its_article() -> None:
    """Exactly these ten, none free: an order binds."""
    (file,) = plugin.register_rule_packs()
    rules = tomllib.loads(file.data.decode())["rule"]
    assert {one["key"]: (one["value"], one["mode"], one["article"]) for one in rules} == DEMANDS


def test_header_names_order_rank_and_day() -> None:
    """Above the measures, for everybody who has it, since 2025-09-20."""
    (file,) = plugin.register_rule_packs()
    header = tomllib.loads(file.data.decode())["pack"]
    assert (file.name, header["rank"], header["binds"], header["number"], str(header["valid_from"])) == (
        "cq-order-375.toml", "order", "all", "重庆市人民政府令第375号", "2025-09-20",
    )  # fmt: skip
