"""What the rule ``notice.contents`` may demand of a notice, and who says what is missing."""

from __future__ import annotations

import pytest

from shuangsui.errors import RuleRefused
from shuangsui.inspections.policy import NOTICE_PARTS, check_notice
from shuangsui.rules.keys import KEYS

WHOLE = dict.fromkeys(NOTICE_PARTS, "x")


def test_rule_demands_nothing_that_a_notice_does_not_know() -> None:
    """The choices of the key are the parts of a notice."""
    assert KEYS["notice.contents"].choices == tuple(NOTICE_PARTS)


def test_whole_notice_passes() -> None:
    """Whatever is demanded; and what is not demanded may be missing."""
    check_notice("RW2026-0001", WHOLE, tuple(NOTICE_PARTS), "第十一条")
    check_notice("RW2026-0001", {**WHOLE, "materials": ""}, ("basis", "content"), "第十一条")


def test_everything_that_is_missing_is_named() -> None:
    """In the order of the rule, with its article."""
    with pytest.raises(RuleRefused) as caught:
        check_notice("RW2026-0001", {**WHOLE, "basis": "", "planned": None}, ("planned", "basis", "rights"), "第二条")
    assert (caught.value.code, caught.value.article, caught.value.params) == (
        "notice_incomplete", "第二条", {"task": "RW2026-0001", "missing": "检查时间、检查依据"},
    )  # fmt: skip
