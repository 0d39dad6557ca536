"""Every distinct wording of both real lists, read as a person reads it; what is not understood stays for a person."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangsui.catalogue.frequencies import FrequencyClause
from shuangsui.catalogue.ratios import RatioClause
from shuangsui.catalogue.wording import (
    FrequencyRule,
    RatioRule,
    cap_for,
    count_cap_for,
    parse_frequency,
    parse_ratio,
)

DATA = Path(__file__).parents[2] / "data" / "registry"
LISTS = (("items-miit-sample.csv", "抽查比例", "抽查频次"), ("items-zhejiang-a.csv", "ratio", "frequency"))


def ratio(least: str | None, most: str | None, **more: object) -> RatioClause:
    """A clause in per cent."""
    return RatioClause(least, most, **{"unit": "percent", **more})  # type: ignore[arg-type]


def at_most(share: str, **more: object) -> RatioRule:
    """A rule of one ceiling."""
    return RatioRule("", True, (ratio(None, share),), **more)  # type: ignore[arg-type]


def times(least: int | None, most: int | None, window: str = "year", **more: object) -> FrequencyRule:
    """A rule of one clause."""
    return FrequencyRule("", True, (FrequencyClause(least, most, window, **more),))  # type: ignore[arg-type]


def exactly(share: str) -> RatioRule:
    """A bare figure."""
    return RatioRule("", True, (ratio(share, share),))


def unread(**hints: str) -> RatioRule:
    """Waits for a person."""
    return RatioRule("", False, **hints)  # type: ignore[arg-type]


RATIOS = {
    "100%": exactly("1"),
    "10%": exactly("1/10"),
    "5%": exactly("1/20"),
    "20%": exactly("1/5"),
    "33%": exactly("33/100"),
    "不超过1%": at_most("1/100"),
    "不超过3%": at_most("3/100"),
    "不超过10%": at_most("1/10"),
    "不超过15%": at_most("3/20"),
    "不超过20%": at_most("1/5"),
    "不超过总数的2%": at_most("1/50"),
    "不超过2‰": RatioRule("", True, (ratio(None, "1/500", unit="permille"),)),
    "一般不超过5%": RatioRule("", True, (ratio(None, "1/20", approximate=True),)),
    "不超过5%/年": RatioRule("", True, (ratio(None, "1/20", window="year"),)),
    "不超过10%/年": RatioRule("", True, (ratio(None, "1/10", window="year"),)),
    "不超过30%/年": RatioRule("", True, (ratio(None, "3/10", window="year"),)),
    "根据实际需要，不超过5%": at_most("1/20", as_needed=True),
    "根据实际需要，不超过6%": at_most("3/50", as_needed=True),
    "根据实际需要，一般不超过10%/年": RatioRule(
        "", True, (ratio(None, "1/10", window="year", approximate=True),), as_needed=True
    ),
    "不少于30%": RatioRule("", True, (ratio("3/10", None),)),
    "不少于3%": RatioRule("", True, (ratio("3/100", None),)),
    "抽查比例不少于2‰": RatioRule("", True, (ratio("1/500", None, unit="permille"),)),
    "市局抽查比例不少于30%": RatioRule("", True, (ratio("3/10", None, level="municipal"),)),
    "不低于3%或按专项计划确定": RatioRule("", True, (ratio("3/100", None),), alternative="special_plan"),
    "市级不超过3%，区县不超过10%": RatioRule(
        "", True, (ratio(None, "3/100", level="municipal"), ratio(None, "1/10", level="district"))
    ),
    "省级不超过2%，市、县质监部门结合当地实际制定检查计划": RatioRule(
        "", True, (ratio(None, "1/50", level="provincial"),), open_levels=("municipal", "district")
    ),
    "100%（分4批，仅随机确定批次顺序）": RatioRule("", True, (ratio("1", "1"),), batches=4, order_only=True),
    "结合登记事项检查一并开展": unread(combined_with="登记事项检查"),
    "根据实际情况确定": unread(),
    "由市级部门根据风险情况确定": unread(),
    "由市级监管部门根据风险情况确定当年检查的重点和检查单位数量": unread(),
    "根据《关于印发浙江省食品生产企业随机抽查工作规程（试行）的通知》确定。": unread(),
}

FREQUENCIES = {
    "每年1次": times(1, 1),
    "每年一次": times(1, 1),
    "1次/年": times(1, 1),
    "每年2次": times(2, 2),
    "1—2次/年": times(1, 2),
    "每年不少于1次": times(1, None),
    "每年不少于2次": times(2, None),
    "每月不少于1次": times(1, None, "month"),
    "每年不超过1次": times(None, 1),
    "每年不超过2次": times(None, 2),
    "一般不超过1次/年": times(None, 1, approximate=True),
    "一般不超过2次/年": times(None, 2, approximate=True),
    "根据实际需要，一般不超过2次/年": FrequencyRule(
        "", True, (FrequencyClause(None, 2, "year", approximate=True),), as_needed=True
    ),
    "根据实际工作需要，一般不超过2次/年": FrequencyRule(
        "", True, (FrequencyClause(None, 2, "year", approximate=True),), as_needed=True
    ),
    "同一对象每年不超过1次": times(None, 1, per_object=True),
    "同一对象每两年不超过1次": times(None, 1, "two_years", per_object=True),
    "对同一用能产品生产单位，每年度抽查不超过2次": times(None, 2, per_object=True),
    "对同一个定量包装商品生产、销售单位同一年度内不超过2次": times(None, 2, per_object=True),
    "对一个单位强制检定计量器具使用单位的检查，同一年度内不超过2次": times(None, 2, per_object=True),
    "在许可有效期内同一单位不超过2次": times(None, 2, "licence_period", per_object=True),
    "同一年度内不超过1次；责令整改的复查不计入": FrequencyRule(
        "", True, (FrequencyClause(None, 1, "year"),), not_counted="责令整改的复查"
    ),
    "市级局每年组织1次；县级局每月组织1次": FrequencyRule(
        "",
        True,
        (FrequencyClause(1, 1, "year", level="municipal"), FrequencyClause(1, 1, "month", level="district")),
    ),
    "每年1次5%；或者每年2次各2.5%": FrequencyRule(
        "",
        True,
        (
            FrequencyClause(1, 1, "year", share_each="1/20"),
            FrequencyClause(2, 2, "year", share_each="1/40", option=1),
        ),
    ),
    "每年1次20%；或者每年2次各10%": FrequencyRule(
        "",
        True,
        (
            FrequencyClause(1, 1, "year", share_each="1/5"),
            FrequencyClause(2, 2, "year", share_each="1/10", option=1),
        ),
    ),
    "每年1次33%；或者每年分次达到33%": FrequencyRule(
        "",
        True,
        (
            FrequencyClause(1, 1, "year", share_each="33/100"),
            FrequencyClause(None, None, "year", share_total="33/100", option=1),
        ),
    ),
    "根据实际情况确定": FrequencyRule("", False),
}


def _distinct(column: int) -> set[str]:
    """Every wording that stands in a list: column 1 ratios, 2 frequencies."""
    found: set[str] = set()
    for source in LISTS:
        with (DATA / source[0]).open(encoding="utf-8", newline="") as stream:
            found |= {row[source[column]] for row in csv.DictReader(stream)}
    return found


def test_tables_hold_every_distinct_wording_of_both_lists() -> None:
    """A wording that joins a list must join its table."""
    assert _distinct(1) == set(RATIOS)
    assert _distinct(2) == set(FREQUENCIES)


@pytest.mark.parametrize("text", RATIOS)
def test_r7_2_ratio_of_the_real_lists(text: str) -> None:
    """Exact figures, and the words as published."""
    assert parse_ratio(text) == replace(RATIOS[text], text=text)


@pytest.mark.parametrize("text", FREQUENCIES)
def test_r7_2_frequency_of_the_real_lists(text: str) -> None:
    """Times, window and level, and the words as published."""
    assert parse_frequency(text) == replace(FREQUENCIES[text], text=text)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("3%-20%", (ratio("3/100", "1/5"),)),
        ("3—20%", (ratio("3/100", "1/5"),)),
        ("3%至20%", (ratio("3/100", "1/5"),)),
        ("１０％", (ratio("1/10", "1/10"),)),
        (" 不超过 10 % 。", (ratio(None, "1/10"),)),
        ("不高于百分之十五", (ratio(None, "3/20"),)),
        ("百分之百", (ratio("1", "1"),)),
        ("不少于千分之二", (ratio("1/500", None, unit="permille"),)),
        ("5%以上", (ratio("1/20", None),)),
        ("10%以内", (ratio(None, "1/10"),)),
        ("每年不低于2.5%", (ratio("1/40", None, window="year"),)),
        ("不低于3%，不超过10%", (ratio("3/100", "1/10"),)),
        ("不低于3%且不超过10%", (ratio("3/100", "1/10"),)),
        ("不少于二十户", (RatioClause("20", None, "count"),)),
        ("市、县级局不超过5%", (ratio(None, "1/20", level="municipal"), ratio(None, "1/20", level="district"))),
        ("100%，每年1次", (ratio("1", "1"),)),
    ],
)
def test_other_shapes_of_ratios(text: str, clauses: tuple[RatioClause, ...]) -> None:
    """Width, numerals, ranges, two bounds, one column for both."""
    assert parse_ratio(text) == RatioRule(text, True, clauses)


@pytest.mark.parametrize(
    "text",
    [
        "", "%", "约10%", "10%左右", "超过10%", "150%", "不超过0%", "20%-3%", "3‰-5%", "10%或20%",
        "不超过5%，不超过10%", "不少于10%，不超过5%", "市级不低于3%，不超过10%", "不超过10%以上", "每年不超过10%/年",
        "10%，每年1次20%", "2.5户",
        "不超过10%，其中重点企业100%", "每年1次20%", "A类1%、B类5%", "10%%", "不超过10%（食品类）",
    ],
)  # fmt: skip
def test_ratio_that_is_not_wholly_understood_waits_for_a_person(text: str) -> None:
    """Never a figure without its condition."""
    assert parse_ratio(text) == RatioRule(text, parsed=False)


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("每季度一次", FrequencyClause(1, 1, "quarter")),
        ("每半年不少于2次", FrequencyClause(2, None, "half_year")),
        ("每三年不少于1次", FrequencyClause(1, None, "three_years")),
        ("两年一次", FrequencyClause(1, 1, "two_years")),
        ("每年1～2次", FrequencyClause(1, 2, "year")),
        ("每次专项行动不超过1次", FrequencyClause(None, 1, "campaign")),
        ("100%，每年1次", FrequencyClause(1, 1, "year")),
        ("每年十二次", FrequencyClause(12, 12, "year")),
    ],
)
def test_other_shapes_of_frequencies(text: str, clause: FrequencyClause) -> None:
    """Windows and numerals."""
    assert parse_frequency(text) == FrequencyRule(text, True, (clause,))


@pytest.mark.parametrize(
    "text",
    [
        "", "2次", "每周1次", "每年2次10%", "每年不超过2次各10%", "每年不超过0次", "每年一二次", "每年2-1次",
        "每年1次/年",        "每年1次以上不超过3次", "A类每年1次", "每年1次；重点单位加倍", "每年1次200%",
    ],
)  # fmt: skip
def test_frequency_that_is_not_wholly_understood_waits_for_a_person(text: str) -> None:
    """Never a number without its window."""
    assert parse_frequency(text) == FrequencyRule(text, parsed=False)


@pytest.mark.parametrize(
    ("text", "municipal", "district"),
    [
        ("不超过15%", Fraction(3, 20), Fraction(3, 20)),
        ("一般不超过5%", Fraction(1, 20), Fraction(1, 20)),
        ("不超过2‰", Fraction(1, 500), Fraction(1, 500)),
        ("10%", Fraction(1, 10), Fraction(1, 10)),
        ("3%-20%", Fraction(1, 5), Fraction(1, 5)),
        ("市级不超过3%，区县不超过10%", Fraction(3, 100), Fraction(1, 10)),
        ("省级不超过2%，市、县质监部门结合当地实际制定检查计划", None, None),
        ("不少于30%", None, None),
        ("不低于3%或按专项计划确定", None, None),
        ("不超过20户", None, None),
        ("根据实际情况确定", None, None),
    ],
)
def test_r5_4_cap_of_a_general_item_by_level(text: str, municipal: Fraction | None, district: Fraction | None) -> None:
    """What R5.4 looks for; nothing means the item must not be submitted as general."""
    rule = parse_ratio(text)
    assert (cap_for(rule, "municipal"), cap_for(rule, "district")) == (municipal, district)


def test_r5_4_cap_counted_in_objects() -> None:
    """Some lists limit the number instead of the share."""
    assert count_cap_for(parse_ratio("不超过20户"), "district") == 20
    assert count_cap_for(parse_ratio("不超过20%"), "district") is None


WORDS = st.lists(
    st.sampled_from([
        "每年", "每月", "同一对象", "不超过", "不少于", "一般", "根据实际需要，", "1", "2", "10", "%", "‰", "次", "/年",
        "，", "；", "或者", "各", "市级", "区县", "一", "百分之", "（", "）", "家", "-", "。",
    ]),
    max_size=12,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(), WORDS))
def test_any_text_is_read_or_left_to_a_person(text: str) -> None:
    """No wording raises, the text is kept, and a rule has figures exactly when it is parsed."""
    ratio_rule, frequency_rule = parse_ratio(text), parse_frequency(text)
    assert (ratio_rule.text, frequency_rule.text) == (text, text)
    assert ratio_rule.parsed == bool(ratio_rule.clauses)
    assert frequency_rule.parsed == bool(frequency_rule.clauses)


@given(WORDS)
def test_every_figure_of_a_parsed_ratio_is_in_a_clause(text: str) -> None:
    """A wording with two figures never becomes a rule of one."""
    rule = parse_ratio(text)
    if rule.parsed:
        ends = [end for clause in rule.clauses for end in {clause.min, clause.max} if end]
        assert len(re.findall(r"\d+(?=[%‰家])", text)) <= len(ends)
