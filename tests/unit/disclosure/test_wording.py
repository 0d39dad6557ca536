"""Terms and warnings in words; whom a directed notice goes to."""

from __future__ import annotations

from datetime import date

import pytest

from shuangsui.disclosure import wording
from shuangsui.disclosure.clocks import Rung, Since
from shuangsui.disclosure.policy import recipients
from shuangsui.disclosure.tables import Term
from shuangsui.errors import BadInput

DAY = date(2026, 6, 1)


def test_derivation_names_day_reason_and_length() -> None:
    """What the two clocks say, in one line."""
    term = Term(kind="result", key="RW2026-0001/1", draw_no="2026-0001", since=Since.ENDED, start=DAY, days=20)
    assert wording.derivation(term) == "自 2026-06-01（检查结束）起 20 个工作日"
    term.provisional = True
    assert wording.derivation(term) == "自 2026-06-01（检查结束）起 20 个工作日，暂定"


def test_derivation_of_what_stands() -> None:
    """No day yet, and why."""
    term = Term(kind="result", key="RW2026-0001/1", draw_no="2026-0001", since=Since.TESTING)
    assert wording.derivation(term) == "等待检验检测鉴定报告，期限尚未起算"


@pytest.mark.parametrize(
    ("today", "left", "words"),
    [
        (date(2026, 5, 28), 2, "剩 2 个工作日"), (DAY, 0, "今天到期"), (date(2026, 6, 3), 2, "已逾期 2 个工作日"),
        (date(2026, 6, 2), 0, "已逾期"),
    ],
)  # fmt: skip
def test_remaining_days(today: date, left: int, words: str) -> None:
    """Before, on and after the last day."""
    assert wording.remaining(DAY, left, today) == words


def test_warnings() -> None:
    """A share of the term, days before its end, its end."""
    rungs = (Rung(DAY, percent=75), Rung(DAY, left=2), Rung(DAY, left=0))
    assert [wording.warned(one) for one in rungs] == ["期限过去 75%", "距期限 2 个工作日", "期限最后一日"]


def test_weekdays() -> None:
    """From Monday."""
    assert [wording.weekday(date(2026, 6, day)) for day in (1, 7)] == ["星期一", "星期日"]


def test_r14_8_recipients_are_named_or_refused() -> None:
    """Units, nobody by choice, no choice; both at once is refused."""
    assert (recipients(["甲"], nobody=False), recipients([], nobody=True), recipients([], nobody=False)) == (
        ["甲"], [], None,
    )  # fmt: skip
    with pytest.raises(BadInput) as caught:
        recipients(["甲"], nobody=True)
    assert caught.value.code == "withholding_contradicts"


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("exporter-gsxt/gsxt", "exporter-gsxt/gsxt"),
        ("by-hand/credit", "人工登记（信用信息公示系统）"),
        ("exporter-gsxt/*", "exporter-gsxt（没有应答的插件）"),
    ],
)
def test_receivers_have_names(channel, name):
    """A person is none of the plugins."""
    assert wording.receiver(channel) == name
