"""From what the areas say of themselves to what the public pages show; pure.

The areas' views are those of ``catalogue.views.published_view``, ``planning.service.view``,
``draws.transcripts.public_view`` and the contents of ``disclosed``; the shapes answered stand on top of the templates
in ``web/templates/public``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from shuangsui.catalogue.derivation import ratio_rule
from shuangsui.catalogue.phrases import Level
from shuangsui.catalogue.wording import cap_for
from shuangsui.disclosed import ResultContent, WithheldContent
from shuangsui.disclosure.transcripts import About
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.tables import Cause
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.inspections.states import MODES, Mode
from shuangsui.planning.policy import percent, ratios_in_words

View = Mapping[str, Any]

STATES = {
    "committed": "committed",
    "revealing": "committed",
    "drawn": "drawn",
    "void": "void",
    "abandoned": "abandoned",
}
"""State of a draw → what the public tells apart; what has no entry is not public."""

LATEST = 5
"""So many draws and results stand on the first page."""


ASSIGNED = {
    Cause.DISPATCH: "上级随机抽取的检查对象",
    Cause.JOINT: "部门联合抽查",
    Cause.SPECIAL: "专项检查",
}
"""Draws of people only are called by whom they were drawn for; a special inspection is never 双随机 (R2.1)."""


def draw_title(view: View) -> str:
    """What people call a draw; a result declared void stays published and says so."""
    if view["cause"] in ASSIGNED:
        title = f"{view['item_name']}：随机选派执法检查人员（{ASSIGNED[view['cause']]}）"
    else:
        title = f"{view['item_name']}第 {view['round']} 次抽取"
    return f"{title}（结果作废：{view['void_reason']}）" if view["void_reason"] else title


def about_draw(view: View) -> About:
    """The words for one draw's page; only opened objects have a name."""
    objects = {task["object"]["code"]: task["object"]["name"] for task in view["tasks"] if task["object"]}
    return About(view["no"], draw_title(view), view["item_name"], objects, view["objections"])


def draw_summary(view: View) -> dict[str, Any]:
    """One line of a list of draws."""
    times, abandon = view["times"], view["abandon"]
    return {
        "no": view["no"],
        "title": draw_title(view),
        "item": view["item_name"],
        "state": STATES[view["state"]],
        "n": view["snapshot"]["n"],
        "quota": sum(stratum["quota"] for stratum in view["strata"]),
        "at": view["events"][0]["at"],
        "settled_at": times.get("RESULT") or times.get("ABANDON"),
        "reason": abandon["reason"] if abandon else None,
    }


def catalogue_page(view: View, level: Level) -> dict[str, Any]:
    """The list in force; wordings are shown as they were approved, the cap as it is read for ``level``."""
    return {
        "version": view["version"],
        "digest": view["digest"],
        "approver": view["approver_role"],
        "approved_on": view["approved_at"] or view["published_at"],
        "published_on": view["published_at"],
        "rows": [_item(item, level) for item in view["items"]],
    }


def catalogue_summary(view: View) -> dict[str, Any]:
    """The list in one sentence."""
    return {"version": view["version"], "count": len(view["items"]), "published_on": view["published_at"]}


def _item(item: View, level: Level) -> dict[str, Any]:
    cap = None if item["item_class"] == "key" else cap_for(ratio_rule(item["ratio"]), level)
    return {
        "code": item["code"],
        "name": item["name"],
        "class": item["item_class"],
        "ground": item["key_ground"],
        "content": item["content"],
        "basis": item["basis"],
        "mode": item["method"],
        "ratio": item["ratio_text"],
        "cap": percent(cap) if cap is not None else None,
        "frequency": item["frequency_text"],
        "publication": item["publication"],
        "office": item["office"],
        "extra": [{"label": label, "text": text} for label, text in item["extra"].items()],
    }


def plan_page(view: View, draws: Sequence[View], modes: Mapping[str, str], overrides: int = 0) -> dict[str, Any]:
    """One year's plan; ``draws`` are the public views, ``modes`` item code → 抽查方式 as its list words it.

    ``overrides``: how often the year's 原则上 was overridden (R10.6).
    """
    made: dict[int, list[View]] = {}
    for draw in draws:
        made.setdefault(draw["line"], []).append({"no": draw["no"], "state": STATES[draw["state"]]})
    lines, unplanned = (
        [_line(line, made.get(line["no"], []), modes.get(line["item"], "")) for line in view[kind]]
        for kind in ("lines", "unplanned")
    )
    return {
        "year": view["year"],
        "version": view["version"],
        "approved_on": view["approved_at"],
        "reason": view["reason"] or None,
        "lines": lines,
        "unplanned": unplanned,
        "overrides": overrides,
    }


def _line(line: View, rounds: Sequence[View], mode: str) -> dict[str, Any]:
    return {
        "no": line["no"],
        "item": line["item_name"],
        "item_code": line["item"],
        "class": line["item_class"],
        "scope": _scope(line),
        "ratio": ratios_in_words(line["ratios"]),
        "ratios": [{"stratum": name, "ratio": percent(Fraction(of))} for name, of in line["ratios"].items()],
        "frequency": f"全年 {line['rounds']} 次",
        "time": f"{line['starts']} 至 {line['ends']}",
        "starts": line["starts"],
        "ends": line["ends"],
        "mode": f"{mode}，分 {line['batches']} 批检查全部对象" if line["batches"] else mode,
        "method": mode,
        "batches": line["batches"],
        "team": _team(line),
        "team_size": line["team"]["size"],
        "experts": line["experts"]["size"] if line["experts"] else 0,
        "rounds": list(rounds),
        "rounds_planned": line["rounds"],
        "ended": line.get("terminated"),
        "unplanned": line.get("unplanned"),
    }


def _scope(line: View) -> str:
    """R7.2 抽查对象范围."""
    words = [f"{'、'.join(line['districts'])}的对象"] if line["districts"] else []
    words += [f"行业代码以 {'、'.join(line['industries'])} 开头"] if line["industries"] else []
    return "，".join(words) or "名录库中全部适用对象"


def _team(line: View) -> str:
    words = [f"每组 {line['team']['size']} 名执法检查人员"]
    words += [f"{line['experts']['size']} 名专家"] if line["experts"] else []
    return "，".join(words)


def result_row(
    content: ResultContent | WithheldContent,
    published_on: date,
    followed_by: str | None = None,
    corrections: Sequence[View] = (),
    withdrawn: View | None = None,
) -> dict[str, Any]:
    """One inspection result; ``published_on`` is the day on which it first became public.

    A pending result and the final one of its task name each other (R15.5); ``corrections`` and ``withdrawn`` are
    ``{on, note}`` (R14.10). Of what is taken down or withheld nobody is named.
    """
    if isinstance(content, WithheldContent):
        return {"item": content.item_name, "published_on": published_on, "withheld": content.basis, "withdrawn": None}
    common = {"item": content.item.name, "published_on": published_on, "withheld": None, "withdrawn": withdrawn}
    if withdrawn:
        return common
    return {
        **common,
        "company": content.object.name,
        "code": content.object.code,
        "mode": MODES[Mode(content.mode)],
        "checked_on": legal_day(content.ended_at),
        "team_size": len(content.officers),
        "outcome": "、".join([*_categories(content), *_details(content)]),
        "categories": _categories(content),
        "details": _details(content),
        "problem": [one.category for one in content.findings] != ["no_problem"],
        "rectification": content.follow_up or None,
        "draw_no": content.draw_no,
        "follows": content.follows or None,
        "followed_by": followed_by,
        "corrections": list(corrections),
    }


def _categories(content: ResultContent) -> list[str]:
    """Every category once."""
    return list(dict.fromkeys(CATEGORIES[one.category] for one in content.findings))


def _details(content: ResultContent) -> list[str]:
    """What a department's codes say."""
    return [one.text for one in content.findings if one.code]
