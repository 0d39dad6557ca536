"""The key table and its checks of values."""

from __future__ import annotations

import pytest

from shuangsui.rules.keys import KEYS, problem, similar
from shuangsui.tenancy.schema import Mode, Scalar

NAMES = "应为文字列表，用方括号括起，每项 1 至 64 字，不带空格"
COUNTS = '应为“名称=整数”的列表，例如 ["D=50"]，整数在 1 至 100 之间'
WRONG: dict[str, tuple[str, Scalar, Mode, str]] = {
    "text for a number": ("publication.days", "20", "free", "应为 1 至 250 的整数"),
    "switch for a number": ("publication.days", True, "free", "应为 1 至 250 的整数"),
    "number out of limits": ("publication.days", 0, "free", "应为 1 至 250 的整数"),
    "number for a switch": ("draw.record_required", 1, "free", "应为 true 或 false，不加引号"),
    "floor on a switch": (
        "draw.record_required", True, "floor", "true 或 false的键只能 locked 或 free，没有下限和上限"
    ),
    "unknown choice": ("frequency.year", "draw", "free", "只能取 plan、visit"),
    "another value of a fixed switch": (
        "visit.show_certificate", False, "free",
        "只能取 true（办法第十三条第一款：没有登记出示执法证件的，检查记录不能签字）",
    ),
    "number for a fixed switch": ("visit.show_certificate", 1, "free", "应为 true 或 false，不加引号"),
    "another value of a fixed choice": (
        "frequency.ledger_year", "plan", "free",
        "只能取 visit（国办发〔2024〕54号：频次台账按实际检查的日期登记，专项检查没有计划年度）",
    ),
    "less than a fixed set": (
        "recusal.applies_to", ("officers",), "free",
        "只能取 officers、experts（办法第九条：执法检查人员和专家有利害关系的，都应当回避）",
    ),
    "more than a fixed set": (
        "plan.columns", ("scope", "ratio", "frequency", "time", "budget"), "floor",
        "只能取 scope、ratio、frequency、time（办法第七条：计划条目就是这四项内容，缺一项即不能保存，没有另外的栏目）",
    ),
    "unknown member": ("publication.clocks", ("batch", "plan"), "free", "只能取 object、batch"),
    "text for a set": ("publication.channels", "portal", "free", NAMES),
    "numbers for a set": ("publication.channels", (1,), "free", NAMES),
    "member with a space": (
        "publication.channels", ("a b",), "free", NAMES
    ),
    "member twice": ("publication.channels", ("portal", "portal"), "free", "同一项写了两次"),
    "empty set": ("publication.channels", (), "free", "至少写一项"),
    "empty steps": ("publication.alarm_percents", (), "free", "应为 1 至 100 的递增整数列表"),
    "number for counts": ("draw.least_percent", 50, "free", COUNTS),
    "numbers for counts": ("draw.least_percent", (50,), "free", COUNTS),
    "count without a number": ("draw.least_percent", ("D",), "free", COUNTS),
    "count of nothing": ("draw.least_percent", ("D=0",), "free", COUNTS),
    "count with a leading zero": ("draw.least_percent", ("D=050",), "free", COUNTS),
    "count with a space": ("draw.least_percent", ("D = 50",), "free", COUNTS),
    "count out of limits": ("draw.least_percent", ("D=101",), "free", COUNTS),
    "count twice": ("draw.least_percent", ("D=50", "D=60"), "free", "同一名称写了两次"),
    "count of an unknown name": (
        "draw.least_percent", ("E=50",), "free", "名称只能取 FLAG、A、B、C、D、ALL"
    ),
    "falling steps": ("publication.alarm_percents", (75, 50), "free", "应为 1 至 100 的递增整数列表"),
    "step over 100": ("publication.alarm_percents", (50, 101), "free", "应为 1 至 100 的递增整数列表"),
    "texts for steps": ("publication.alarm_percents", ("50",), "free", "应为 1 至 100 的递增整数列表"),
    "number for steps": ("publication.alarm_percents", 50, "free", "应为 1 至 100 的递增整数列表"),
    "no month-day": ("plan.due", "3-31", "free", "应为月-日，例如 03-31"),
    "month 13": ("plan.due", "13-01", "free", "应为月-日，例如 03-31"),
}  # fmt: skip


@pytest.mark.parametrize(("key", "value", "mode", "said"), WRONG.values(), ids=WRONG)
def test_wrong_value(key: str, value: Scalar, mode: Mode, said: str) -> None:
    """Every kind says in Chinese what it takes."""
    assert problem(KEYS[key], value, mode) == said


RIGHT: dict[str, tuple[Scalar, Mode]] = {
    "publication.days": (15, "ceiling"),
    "draw.record_required": (True, "locked"),
    "frequency.year": ("visit", "free"),
    "publication.clocks": (("batch",), "locked"),
    "visit.show_certificate": (True, "locked"),
    "recusal.applies_to": (("experts", "officers"), "floor"),
    "publication.channels": (("portal", "credit", "公报"), "floor"),
    "publication.alarm_percents": ((50, 75, 90), "free"),
    "plan.due": ("02-29", "ceiling"),
    "draw.least_percent": (("D=50", "FLAG=100"), "floor"),
    "team.officers_for": (("JX-01=3", "民爆 生产=4"), "locked"),
    "recusal.after_inspection_days": (0, "floor"),
}


@pytest.mark.parametrize(("key", "given"), RIGHT.items(), ids=RIGHT)
def test_right_value(key: str, given: tuple[Scalar, Mode]) -> None:
    """What the kinds take."""
    assert problem(KEYS[key], *given) is None


def test_every_key_has_a_meaning_and_a_requirement() -> None:
    """The table is documentation: no empty cell, requirement numbers of the regulation."""
    assert not [key for key, spec in KEYS.items() if not spec.description or not spec.requirement.startswith("R")]


def test_similar_keys_are_named() -> None:
    """A misspelt key finds its neighbours."""
    assert similar("publication.day").split("、")[0] == "publication.days"
    assert similar("zzz") == "（无）"


def test_title_is_the_meaning_without_what_follows_it() -> None:
    """For the head of a page."""
    assert KEYS["frequency.year"].title == "抽查次数归入哪一年"
    assert KEYS["draw.alternates"].title == KEYS["draw.alternates"].description == "每层最多可用几个候补对象"
