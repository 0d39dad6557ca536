"""Amendments of plugins as one more layer, the last: merged and bounded like every other (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from shuangsui.errors import RuleRefused
from shuangsui.rules import keys
from shuangsui.rules.policy import Layer, Rank, RuleValue
from shuangsui.tenancy.schema import Scalar


class Amendment(Protocol):
    """What a plugin's ``RuleAmendment`` says: a value for a key, and by which provision of which document."""

    @property
    def key(self) -> str:
        """A key of the key table."""

    @property
    def value(self) -> Scalar:
        """The new value; lists as tuples."""

    @property
    def article(self) -> str:
        """The provision it rests on."""

    @property
    def own_basis(self) -> str | None:
        """Number of the authority's own document, needed to loosen what only advises (R17.1)."""


def amended(plugin: str, amendments: Sequence[Amendment]) -> Layer:
    """The layer of ``plugin`` for one tenant; :class:`RuleRefused` ``amendment_invalid`` names the first wrong one."""
    return Layer(plugin, Rank.AMENDMENT, tuple(_value(plugin, amendment) for amendment in amendments))


def _value(plugin: str, amendment: Amendment) -> RuleValue:
    spec = keys.KEYS.get(amendment.key)
    problem = keys.problem(spec, amendment.value, "free") if spec else "没有这个规则键"
    if problem:
        raise RuleRefused("amendment_invalid", plugin=plugin, key=amendment.key, problem=problem)
    return RuleValue(
        key=amendment.key,
        value=amendment.value,
        pack=plugin,
        file=f"插件 {plugin}",
        line=None,
        article=amendment.article,
        own_basis=amendment.own_basis,
    )
