"""Rule pack ``cq-order-375`` 重庆市规范涉企行政检查办法: what the municipal order demands."""

from __future__ import annotations

from importlib.resources import files

from shuangsui import RulePackFile, hookimpl

__all__ = ["api", "register_rule_packs"]

api = 1

FILE = "cq-order-375.toml"


@hookimpl
def register_rule_packs() -> list[RulePackFile]:
    """The one pack; it has no options, for nobody may choose among the provisions of an order."""
    return [RulePackFile(FILE, (files(__name__) / FILE).read_bytes())]
