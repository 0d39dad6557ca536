"""Amendments of plugins: the last layer, under the same bounds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shuangsui.contracts import RuleAmendment
from shuangsui.errors import RuleRefused
from shuangsui.rules.amendments import amended
from shuangsui.rules.policy import Layer, Rank, RuleValue, effective
from shuangsui.texts import sentence

DAY = date(2026, 11, 22)


def law(value: int) -> Layer:
    said = RuleValue("publication.days", value, "law", "law.toml", 3, "第十四条", "ceiling")
    return Layer("law", Rank.NATIONAL, (said,))


def test_amendment_is_the_last_word_within_the_bounds() -> None:
    """Plugin, article and value are in the ladder; no file, hence no line."""
    found = effective([amended("vendor", [RuleAmendment("publication.days", 12, "第三条")]), law(20)], DAY)[
        "publication.days"
    ]
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
        effective(
            [law(20), amended("vendor", [RuleAmendment("publication.days", 30, "第三条", own_basis="某文")])], DAY
        )
    assert caught.value.article == "第十四条"
    assert sentence(caught.value) == (
        "插件 vendor：publication.days 取 30，比 law 规定的 20 宽松，该规定约束本机关，只能取不宽于 20 的值。"
    )


@pytest.mark.parametrize(
    ("amendment", "problem"),
    [
        (RuleAmendment("publication.dayz", 12, "第三条"), "没有这个规则键"),
        (RuleAmendment("publication.days", "12", "第三条"), "应为 1 至 250 的整数"),
    ],
)
def test_wrong_amendment_is_refused(amendment: RuleAmendment, problem: str) -> None:
    """A vendor's mistake is named, never skipped."""
    with pytest.raises(RuleRefused) as caught:
        amended("vendor", [amendment])
    assert sentence(caught.value) == f"插件 vendor 对 {amendment.key} 的修订不能采用：{problem}。"


def test_key_is_amended_once_at_a_time() -> None:
    """Two values of one plugin for the same day would leave open which one it means; successive ones do not."""
    first = RuleAmendment("publication.days", 12, "第三条", valid_to=date(2026, 12, 31))
    second = RuleAmendment("publication.days", 10, "第三条", valid_from=date(2027, 1, 1))
    layers = [law(20), amended("vendor", [first, second])]
    assert [effective(layers, day).number("publication.days") for day in (DAY, date(2027, 1, 1))] == [12, 10]
    with pytest.raises(RuleRefused) as caught:
        amended("vendor", [first, RuleAmendment("publication.days", 10, "第四条")])
    assert sentence(caught.value) == "插件 vendor 对 publication.days 的修订不能采用：同一时期修订了两次。"


WRONG: dict[str, tuple[Any, ...]] = {
    "no value": ("publication.days", None, "第三条"),
    "a fraction": ("publication.days", 1.5, "第三条"),
    "mixed members": ("publication.days", (1, "a"), "第三条"),
    "switches in a list": ("publication.days", (True,), "第三条"),
    "a list that can change": ("publication.channels", ["portal"], "第三条"),
    "no article": ("publication.days", 15, ""),
    "article of two lines": ("publication.days", 15, "第三条\n第四条"),
    "empty document": ("publication.days", 15, "第三条", ""),
    "reversed dates": ("publication.days", 15, "第三条", None, None, date(2027, 1, 2), date(2027, 1, 1)),
}


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG)
def test_wrong_value_never_comes_into_being(said: tuple[Any, ...]) -> None:
    """Checked when it is made, on the vendor's side."""
    with pytest.raises(ValueError, match=r"not|before"):
        RuleAmendment(*said)
