"""The rules of an authority and of every district below it beside each other: who differs, by what, and what is locked.

Rules are public: files and published revisions of a district are read, none of its rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shuangsui.errors import BadInput, ShuangsuiError
from shuangsui.extension import rulebook
from shuangsui.pages import Here, Table, view
from shuangsui.rules import keys, wording
from shuangsui.rules.policy import Rules, RuleValue, amount
from shuangsui.said import say
from shuangsui.settings import from_environment
from shuangsui.tenancy.tenant import Tenant

FIXED = {"key": "规则键", "description": "含义", "mode_name": "对下级", "own": "本机关"}
SHOW = {"differs": "有差别的", "locked": "对下级有约束的", "all": "全部"}
Others = Sequence[tuple[Tenant, Rules | None]]
WRONG, SIGN = "（规则有误）", "≠ "


def load(here: Here) -> Table:
    """Keys × districts; a cell that differs says its value, its basis and where it stands."""
    mine, others = here.office.rules(here.today), _others(here)
    wanted, q = here.query.get("show", "differs") or "differs", here.query.get("q", "").strip().lower()
    if wanted not in SHOW:
        raise BadInput("rule_matrix_show", show=wanted)
    rows = [_row(mine[key], others) for key in keys.KEYS if key in mine]
    tests = {"differs": "differs", "locked": "locked"}
    rows = [row for row in rows if wanted == "all" or row[tests[wanted]]]
    rows = [row for row in rows if q in f"{row['key']} {row['description']}".lower()]
    shown = _differing(others, rows) if wanted == "differs" else [one for one, _ in others]
    columns = FIXED | {one.slug: one.short for one in shown}
    wrong = [one.short for one, rules in others if rules is None]
    notes = [
        say(
            "{today} 施行的规则；共 {n} 个下级机关，空白的与本机关相同，有差别的以“{sign}”开头。",
            today=here.today,
            n=len(others),
            sign=SIGN.strip(),
        )
    ]
    notes += [say("规则有误、不能施行的：{listed}。", listed="、".join(wrong))] if wrong else []
    filters: Mapping[str, str | tuple[str, Mapping[str, str]]] = {"q": "规则键或者含义", "show": ("显示", SHOW)}
    return Table(columns, rows, "/rules/{key}", filters=filters, notes=notes)


def _others(here: Here) -> Others:
    """Those below; None where a district's rules cannot be made."""
    return [(one, _rules(here, one.slug)) for one in here.office.tree.children(here.office.tenant.slug)]


def _rules(here: Here, slug: str) -> Rules | None:
    try:
        return rulebook.in_force(here.office.tree, slug, here.today, from_environment())
    except ShuangsuiError:
        return None


def _row(mine: RuleValue, others: Others) -> dict[str, Any]:
    spec = keys.KEYS[mine.key]
    unit = spec.unit
    cells = {one.slug: _cell(mine, rules, unit) for one, rules in others}
    differs = sorted(slug for slug, text in cells.items() if text)
    return {
        "key": mine.key, "description": spec.description, "own": amount(mine.value, unit),
        "mode": mine.mode, "mode_name": wording.FIXED if spec.only else wording.MODES[mine.mode], "differs": differs,
        "locked": mine.mode != "free", **cells,
    }  # fmt: skip


def _cell(mine: RuleValue, rules: Rules | None, unit: str) -> str:
    if rules is None or mine.key not in rules:
        return WRONG
    value = rules[mine.key]
    if value.value == mine.value:
        return ""
    return say("{sign}{amount}（{why}）", sign=SIGN, amount=amount(value.value, unit), why=value.basis or value.place)


def _differing(others: Others, rows: list[dict[str, Any]]) -> list[Tenant]:
    """Only districts that a shown row tells apart."""
    named = {slug for row in rows for slug in row["differs"]}
    return [one for one, _ in others if one.slug in named]


VIEWS = [view("/rules/matrix", verb="view", load=load, title="各区县规则对照", menu="管理")]
