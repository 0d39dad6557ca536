"""Result codes of departments on pages: the list of what the authority's plugins give, and choices for results."""

from __future__ import annotations

from typing import Any

from shuangsui.contracts import ResultCode
from shuangsui.errors import BadInput, OutsideFailed
from shuangsui.inspections.department_codes import known
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.pages import Here, Table, view

COLUMNS = {"code": "代码", "label": "名称", "text": "文书用语", "parent_name": "所属结果类别"}
WITHOUT = "本机关没有启用登记部门结果代码的插件：检查结果只选结果类别。"


def load(here: Here) -> Table:
    """In the order of the plugins; one that fails is told instead of a list that lacks its codes."""
    rows = [_row(one) for one in known(here.office.tenant).values()]
    notes = ("一次检查可以选几个代码，每个代码的上级类别也要选上。",) if rows else (WITHOUT,)
    return Table(COLUMNS, rows, notes=notes)


def choices(here: Here) -> dict[str, str]:
    """Every code with its category."""
    return {one.code: f"{one.code} {one.label}（{CATEGORIES[one.parent]}）" for one in _there(here)}


def final_choices(here: Here) -> dict[str, str]:
    """Those of a result that waits for nothing more."""
    final = {one.code for one in _there(here) if one.parent != "pending"}
    return {code: name for code, name in choices(here).items() if code in final}


def _there(here: Here) -> list[ResultCode]:
    """None while a plugin fails, for a result is complete without them."""
    try:
        return [*known(here.office.tenant).values()]
    except (OutsideFailed, BadInput):
        return []


def _row(one: ResultCode) -> dict[str, Any]:
    return {
        "code": one.code, "label": one.label, "text": one.text, "parent": one.parent,
        "parent_name": CATEGORIES[one.parent],
    }  # fmt: skip


VIEWS = [view("/result-codes", verb="view", load=load, title="部门结果代码", menu="检查")]
