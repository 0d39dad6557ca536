"""The rules and settings in force on pages, each with the file, line and article it comes from; nothing to change."""

from __future__ import annotations

from datetime import date
from typing import Any

from shuangsui.errors import BadInput, NotFound
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.rules import keys
from shuangsui.rules.policy import Rules, RuleValue, amount, shown

MODES = {"free": "可改", "floor": "下限", "ceiling": "上限", "locked": "锁定"}
COLUMNS = {
    "key": "规则键", "description": "含义", "amount": "取值", "basis": "依据", "mode_name": "能否修改", "place": "出处",
}  # fmt: skip
STEPS = {"pack": "层", "amount": "取值", "basis": "依据", "mode_name": "能否修改", "place": "出处"}
SETTINGS = {"key": "设置", "amount": "取值", "place": "出处"}
OWN_OFFICE = "机关自定"


def load_all(here: Here) -> Table:
    """Every rule of a day."""
    rules = _rules(here)
    rows = [{"key": key, "description": keys.KEYS[key].description, **step(rules[key])} for key in _known(rules)]
    notes = (f"{rules.on} 施行的规则，摘要 {rules.digest()[:16]}",)
    return Table(COLUMNS, rows, "/rules/{key}", filters={"on": "哪一天（默认今天）"}, notes=notes)


def load_one(here: Here) -> Detail:
    """What every layer says of one key; the last one is in force."""
    rules, key = _rules(here), here.path["key"]
    if key not in keys.KEYS:
        raise NotFound("rule_unknown", key=key, suggestions=keys.similar(key))
    ladder = [step(value) for value in rules.ladder(key)]
    spec, last = keys.KEYS[key], ladder[-1]
    facts = {
        "含义": spec.description, "要求": spec.requirement, "取值": last["amount"], "依据": last["basis"],
        "出处": last["place"], "原文": last["text"] or "", "日期": rules.on,
    }  # fmt: skip
    return Detail(key, facts, [Table(STEPS, ladder, title="各层规定，末行生效")], data={"key": key, **last})


def load_settings(here: Here) -> Table:
    """The settings of this authority, inherited ones too, with their places."""
    settings = sorted(here.office.tenant.settings.items())
    rows = [{"key": key, "amount": shown(one.value), "place": f"{one.file}:{one.line}"} for key, one in settings]
    return Table(SETTINGS, rows)


def step(value: RuleValue) -> dict[str, Any]:
    """What one layer says."""
    unit = keys.KEYS[value.key].unit
    force = "，约束本机关" if value.mode != "free" and value.binding else ""
    return {
        "pack": value.pack, "value": value.value, "amount": amount(value.value, unit),
        "basis": value.basis or OWN_OFFICE, "article": value.article, "mode": value.mode,
        "mode_name": MODES[value.mode] + force, "binding": value.binding, "text": value.text,
        "place": f"{value.file}:{value.line}" if value.line else value.file,
    }  # fmt: skip


def _rules(here: Here) -> Rules:
    text = here.query.get("on", "")
    try:
        return here.office.rules(date.fromisoformat(text) if text else here.today)
    except ValueError:
        raise BadInput("date_invalid", date=text) from None


def _known(rules: Rules) -> list[str]:
    """In the order of the reference."""
    return [key for key in keys.KEYS if key in rules]


VIEWS = [
    view("/rules", verb="view", load=load_all, title="现行规则", menu="管理"),
    view("/rules/{key:str}", verb="view", load=load_one, title="规则"),
    view("/settings", verb="view", load=load_settings, title="机关设置", menu="管理"),
]
