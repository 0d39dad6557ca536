"""Amendments of plugins as one more layer, the last: merged and bounded like every other (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Sequence

from shuangsui.contracts import RuleAmendment
from shuangsui.errors import RuleRefused
from shuangsui.rules import keys
from shuangsui.rules.policy import FOR_EVER, SINCE_EVER, Layer, Rank, RuleValue
from shuangsui.said import say


def amended(plugin: str, amendments: Sequence[RuleAmendment]) -> Layer:
    """The layer of ``plugin`` for one tenant; :class:`RuleRefused` ``amendment_invalid`` names the first wrong one."""
    found = [_value(plugin, amendment) for amendment in amendments]
    for index, later in enumerate(found):
        if any(later.key == earlier.key and later.overlaps(earlier) for earlier in found[:index]):
            raise _invalid(plugin, later.key, "同一时期修订了两次")
    return Layer(plugin, Rank.AMENDMENT, tuple(found))


def _value(plugin: str, amendment: RuleAmendment) -> RuleValue:
    spec = keys.KEYS.get(amendment.key)
    problem = keys.problem(spec, amendment.value, "free") if spec else "没有这个规则键"
    if problem:
        raise _invalid(plugin, amendment.key, problem)
    return RuleValue(
        key=amendment.key,
        value=amendment.value,
        pack=plugin,
        file=say("插件 {plugin}", plugin=plugin),
        line=None,
        article=amendment.article,
        own_basis=amendment.own_basis,
        text=amendment.text,
        valid_from=amendment.valid_from or SINCE_EVER,
        valid_to=amendment.valid_to or FOR_EVER,
    )


def _invalid(plugin: str, key: str, problem: str) -> RuleRefused:
    return RuleRefused("amendment_invalid", plugin=plugin, key=key, problem=problem)
