"""What follows from an item's wording."""

from __future__ import annotations

import pytest

from shuangsui.catalogue.derivation import frequency_rule, modes_of, ratio_rule
from shuangsui.catalogue.edits import edited
from shuangsui.catalogue.wording import parse_frequency, parse_ratio
from shuangsui.errors import BadInput
from shuangsui.registry.policy import plain


@pytest.mark.parametrize(
    ("method", "modes"),
    [
        ("现场检查、书面检查", ["document", "onsite"]),
        ("书面监察、现场监察", ["document", "onsite"]),
        ("现场检查或书面检查", ["document", "onsite"]),
        ("网络监测、现场检查", ["network", "onsite"]),
        ("现场检查与网络系统、档案书式检查相结合", ["document", "network", "onsite"]),
        ("书面检查、检验检测", ["document", "other"]),
        ("监督抽查", ["other"]),
        ("现场", ["onsite"]),
        ("《特种设备安全法》、总局发布的《特种设备现场安全监督检查规则》中的检查内容及要求", []),
        ("", []),
    ],
)
def test_r12_1_modes_of_real_lists(method, modes):
    """A text that strayed into the column names no mode, although it holds the word 现场."""
    assert modes_of(method) == modes


@pytest.mark.parametrize(
    "text", ["市级不超过3%，区县不超过10%", "100%（分4批，仅随机确定批次顺序）", "根据实际情况确定"]
)
def test_stored_ratio_reads_back_as_the_same_rule(item, text):
    """What the database keeps is JSON."""
    assert ratio_rule(item(ratio=text).ratio) == parse_ratio(text)


@pytest.mark.parametrize("text", ["每年1次5%；或者每年2次各2.5%", "同一年度内不超过1次；责令整改的复查不计入"])
def test_stored_frequency_reads_back_as_the_same_rule(item, text):
    """As for the ratio."""
    assert frequency_rule(item(frequency=text).frequency) == parse_frequency(text)


def test_item_without_ratio_has_a_rule_that_says_nothing(item):
    """None is stored."""
    assert (item(ratio=None).ratio, ratio_rule(None).clauses) == (None, ())


def test_open_questions_of_an_item_are_listed(item):
    """Wording that is not understood, and what is missing."""
    unclear = item(item_class=None, ratio="根据实际情况确定", frequency=None, method=None)
    assert unclear.attention == ["class_missing", "ratio_unparsed", "frequency_missing", "method_unparsed"]
    assert item().attention == []


def test_edit_by_header_reads_as_the_file_would():
    """The same reader, the same consequences."""
    assert edited("抽查方式", " 现场检查 ") == {"method": "现场检查", "modes": ["onsite"]}
    assert edited("事项类别", "重点") == {"item_class": "key"}
    assert edited("remark", "") == {"remark": None}


def test_edit_of_a_reading_keeps_the_wording():
    """A person says what the wording means; only what can be read as a figure is taken."""
    assert plain(edited("ratio_reading", "不超过5%")) == plain({"ratio": edited("抽查比例", "不超过5%")["ratio"]})
    with pytest.raises(BadInput) as refused:
        edited("ratio_reading", "看情况")
    assert refused.value.code == "reading_unclear"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("编号", "JX-99", "field_unknown"),
        ("事项类别", "特别", "bad_choice"),
        ("事项名称", "", "required_empty"),
        ("draw_mode", "open", "mode_unknown"),
    ],
)
def test_edit_that_no_file_could_bring_is_refused(field, value, code):
    """An item keeps its number, its name and its choices."""
    with pytest.raises(BadInput) as refused:
        edited(field, value)
    assert refused.value.code == code
