"""Terms, days and warnings in words; pure."""

from __future__ import annotations

from datetime import date

from shuangsui.disclosure.clocks import Rung
from shuangsui.disclosure.messages import DUTIES, SINCE
from shuangsui.disclosure.tables import Term
from shuangsui.disclosure.ways import ANY, HAND

WEEKDAYS = "一二三四五六日"


def weekday(day: date) -> str:
    """``星期一`` for a Monday."""
    return f"星期{WEEKDAYS[day.weekday()]}"


def derivation(term: Term) -> str:
    """From which day a term runs, why, and for how long; why it stands."""
    why = SINCE[term.since]
    if term.start is None:
        return f"{why}，期限尚未起算"
    return f"自 {term.start}（{why}）起 {term.days} 个工作日{'，暂定' if term.provisional else ''}"


def remaining(due: date, left: int, today: date) -> str:
    """``left``: working days up to the last one, or since then."""
    if due == today:
        return "今天到期"
    if due > today:
        return f"剩 {left} 个工作日"
    return f"已逾期 {left} 个工作日" if left else "已逾期"


def receiver(channel: str) -> str:
    """A channel as people call it: a plugin's by its own name, others by what they are."""
    plugin, _, name = channel.partition("/")
    if plugin == HAND:
        return f"人工登记（{DUTIES.get(name, name)}）"
    return f"{plugin}（没有应答的插件）" if name == ANY else channel


def warned(rung: Rung) -> str:
    """A step of the ladder of warnings."""
    if rung.percent is not None:
        return f"期限过去 {rung.percent}%"
    return f"距期限 {rung.left} 个工作日" if rung.left else "期限最后一日"


def breaker(failures: int, until: str) -> str:
    """The circuit breaker of a receiver; ``until`` is when it is tried again, empty if it is not left alone."""
    if not failures:
        return "正常"
    return f"连续失败 {failures} 次{f'，暂停到 {until} 再试' if until else ''}"
