"""Amendments of plugins: the last layer, under the same bounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from shuangsui.errors import RuleRefused
from shuangsui.rules.amendments import amended
from shuangsui.rules.policy import Layer, Rank, RuleValue, effective
from shuangsui.tenancy.schema import Scalar
from shuangsui.texts import sentence

DAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Amendment:
    key: str
    value: Scalar
    article: str = "第三条"
    own_basis: str | None = None


def law(value: int) -> Layer:
    said = RuleValue("publication.days", value, "law", "law.toml", 3, "第十四条", "ceiling")
    return Layer("law", Rank.NATIONAL, (said,))


def test_amendment_is_the_last_word_within_the_bounds() -> None:
    """Plugin, article and value are in the ladder; no file, hence no line."""
    found = effective([amended("vendor", [Amendment("publication.days", 12)]), law(20)], DAY)["publication.days"]
    assert (found.value, found.pack, found.file, found.line, found.article) == (
        12,
        "vendor",
        "插件 vendor",
        None,
        "第三条",
    )


def test_amendment_cannot_loosen_the_law() -> None:
    """Refused by rule, with the article of the law; the sentence names the plugin."""
    with pytest.raises(RuleRefused) as caught:
        effective([law(20), amended("vendor", [Amendment("publication.days", 30, own_basis="某文")])], DAY)
    assert caught.value.article == "第十四条"
    assert sentence(caught.value) == (
        "插件 vendor：publication.days 取 30，比 law 规定的 20 宽松，该规定约束本机关，只能取不宽于 20 的值。"
    )


@pytest.mark.parametrize(
    ("amendment", "problem"),
    [
        (Amendment("publication.dayz", 12), "没有这个规则键"),
        (Amendment("publication.days", "12"), "应为 1 至 250 的整数"),
    ],
)
def test_wrong_amendment_is_refused(amendment: Amendment, problem: str) -> None:
    """A vendor's mistake is named, never skipped."""
    with pytest.raises(RuleRefused) as caught:
        amended("vendor", [amendment])
    assert sentence(caught.value) == f"插件 vendor 对 {amendment.key} 的修订不能采用：{problem}。"
