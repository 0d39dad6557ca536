"""Plugins in words, for the console and the command line alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from shuangsui.errors import ShuangsuiError
from shuangsui.extension.board import OptionRow, Row
from shuangsui.extension.messages import KINDS, STATES
from shuangsui.rules.policy import shown
from shuangsui.said import listed, say

COLUMNS = {
    "name": "插件", "version": "版本", "kinds": "种类", "state_name": "状态", "health": "健康", "by": "启停人",
    "day": "启停日期",
}  # fmt: skip
"""Of the list: a glance for each plugin."""
FACTS = {
    "version": "版本", "kinds": "种类", "state_name": "状态", "problem": "问题", "health": "健康", "message": "说明",
    "checked": "检查时间", "who": "启停人", "when": "启停时间",
}  # fmt: skip
"""Of one plugin: the whole sentences."""
LOOK = {"name": "插件", "state_name": "状态", "health": "健康", "message": "说明", "problem": "问题"}
"""Of what plugins said when they were asked."""
OPTIONS = {"key": "选项", "description": "含义", "amount": "取值", "place": "出处", "inherited": "恢复后为"}
DEFAULT = "插件的默认值"
HEALTH = {True: "正常", False: "不能用"}
FILES, UNASKED = "配置文件", "未检查"
Sentence = Callable[[ShuangsuiError], str]
Moment = Callable[[datetime], str]


def facts(row: Row, sentence: Sentence, moment: Moment) -> dict[str, Any]:
    """A plugin: ``problem`` is the sentence for people, ``error`` the traceback for whoever repairs it."""
    plugin, health, fault = row.listed.plugin, row.health, row.listed.fault
    kinds = list(plugin.kinds) if plugin else []
    ok = health.ok if health else None
    return {
        "name": row.name, "version": plugin.version if plugin else None, "kind": kinds,
        "kinds": listed(KINDS[kind] for kind in kinds),
        "state": row.listed.state, "state_name": STATES[row.listed.state], "restricted": row.offer.restricted,
        "ok": ok, "health": _health(row), "message": _told(row, sentence),
        "checked": moment(health.at) if health else "", **_switched(row, moment),
        "problem": sentence(fault.error) if fault else None, "error": (fault.traceback or None) if fault else None,
        "incidents": [
            {"when": moment(one.at), "step": one.step, "message": sentence(one.error), "error": one.traceback}
            for one in row.incidents
        ],
    }  # fmt: skip


def option(row: OptionRow) -> dict[str, Any]:
    """An option; what a reset would bring back only where there is something to reset."""
    return {
        "key": row.key, "description": row.description, "value": row.value, "amount": amount(row.value),
        "place": row.place or DEFAULT, "inherited": amount(row.inherited) if row.own else "",
    }  # fmt: skip


def amount(value: Any) -> str:
    """A value as people read it."""
    return "" if value is None else shown(value) or "（空）"


def _health(row: Row) -> str:
    """In a word; one that is on and was never asked says so."""
    if row.health is None:
        return UNASKED if row.listed.state == "enabled" else ""
    return HEALTH[row.health.ok]


def _switched(row: Row, moment: Moment) -> dict[str, str]:
    """Who switched it on or off, and when; in short for the list. Of a file nobody knows more than its last change."""
    when = moment(row.at) if row.at else ""
    if row.place:
        changed = say("{when}（文件的修改时间）", when=when) if when else ""
        return {"by": FILES, "who": f"{FILES} {row.place}", "day": when[:10], "when": changed}
    return {"by": row.by, "who": row.by, "day": when[:10], "when": when}


def _told(row: Row, sentence: Sentence) -> str:
    """What it said of itself, or what kept it from saying anything; then what of the border it uses will go."""
    return " ".join([*_said(row, sentence), *(row.listed.plugin.notes if row.listed.plugin else ())])


def _said(row: Row, sentence: Sentence) -> list[str]:
    if row.health is None:
        return []
    fault = row.health.fault
    return [sentence(ShuangsuiError(fault["code"], **fault["params"])) if fault else row.health.message]
