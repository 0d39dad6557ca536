"""Terms, days and warnings in words; pure."""

from __future__ import annotations

from datetime import date

from shuangsui.disclosure.clocks import Rung
from shuangsui.disclosure.messages import DUTIES, SINCE
from shuangsui.disclosure.tables import Term
from shuangsui.disclosure.ways import ANY, HAND
from shuangsui.said import listed, say

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


def weekday(day: date) -> str:
    """``星期一`` for a Monday."""
    return WEEKDAYS[day.weekday()]


def derivation(term: Term) -> str:
    """From which day a term runs, why, and for how long; why it stands."""
    why = SINCE[term.since]
    if term.start is None:
        return say("{why}，期限尚未起算", why=why)
    runs = say("自 {start}（{why}）起 {days} 个工作日", start=term.start, why=why, days=term.days)
    return listed((runs, "暂定"), "，") if term.provisional else runs


def remaining(due: date, left: int, today: date) -> str:
    """``left``: working days up to the last one, or since then."""
    if due == today:
        return "今天到期"
    if due > today:
        return say("剩 {left} 个工作日", left=left)
    return say("已逾期 {left} 个工作日", left=left) if left else "已逾期"


def receiver(channel: str) -> str:
    """A channel as people call it: a plugin's by its own name, others by what they are."""
    plugin, _, name = channel.partition("/")
    if plugin == HAND:
        return say("人工登记（{channel}）", channel=DUTIES.get(name, name))
    return say("{plugin}（没有应答的插件）", plugin=plugin) if name == ANY else channel


def warned(rung: Rung) -> str:
    """A step of the ladder of warnings."""
    if rung.percent is not None:
        return say("期限过去 {percent}%", percent=rung.percent)
    return say("距期限 {left} 个工作日", left=rung.left) if rung.left else "期限最后一日"


def breaker(failures: int, until: str) -> str:
    """The circuit breaker of a receiver; ``until`` is when it is tried again, empty if it is not left alone."""
    if not failures:
        return "正常"
    failed = say("连续失败 {n} 次", n=failures)
    return listed((failed, say("暂停到 {until} 再试", until=until)), "，") if until else failed
