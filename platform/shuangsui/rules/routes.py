"""The rules and settings in force on pages, each with where it comes from; changing them is in ``revision_routes``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shuangsui.errors import BadInput
from shuangsui.extension import board
from shuangsui.extension.secrecy import MASK
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.rules import keys, matrix_routes, preview_routes, revising, revision_routes, wording
from shuangsui.rules.policy import REVISION, Rules, RuleValue, shown
from shuangsui.rules.revision_routes import spec_of
from shuangsui.rules.wording import step
from shuangsui.said import say
from shuangsui.settings import from_environment

COLUMNS = {
    "key": "规则键", "description": "含义", "amount": "取值", "basis": "依据", "mode_name": "能否修改", "pack": "层",
    "source": "出处",
}  # fmt: skip
STEPS = {"pack": "层", "amount": "取值", "basis": "依据", "mode_name": "能否修改", "place": "出处"}
HISTORY = {
    "n": "修订", "state_name": "状态", "op_name": "改动", "amount": "取值", "basis": "依据", "valid_from": "施行日",
    "proposer": "提出人", "decider": "决定人",
}  # fmt: skip
SETTINGS = {"key": "设置", "amount": "取值", "place": "出处"}
ORIGINS = {
    "local": "本机关自定的",
    "inherited": "上级或者规则包规定的",
    "revised": "由修订规定的",
    "locked": "不能放宽的",
    "fixed": "固定的",
}


def load_all(here: Here) -> Table:
    """Every rule of a day that the filters let through."""
    rules, wanted = _rules(here), here.query.get("q", "").strip().lower()
    test = _origin(here)
    found = [rules[key] for key in keys.KEYS if key in rules]
    rows = [_row(one) for one in found if test(one)]
    rows = [row for row in rows if wanted in f"{row['key']} {row['description']} {row['basis']}".lower()]
    notes = (say("{on} 施行的规则，摘要 {digest}", on=rules.on, digest=rules.digest()[:16]),)
    filters: Mapping[str, str | tuple[str, Mapping[str, str]]] = {
        "q": "规则键、含义或者依据", "origin": ("来源", ORIGINS), "on": "哪一天（默认今天）",
    }  # fmt: skip
    return Table(COLUMNS, rows, "/rules/{key}", filters=filters, notes=notes)


def load_one(here: Here) -> Detail:
    """What every layer says of one key, the last one is in force; every revision of it; and what is to come."""
    rules, spec = _rules(here), spec_of(here)
    ladder = [step(value) for value in rules.ladder(spec.key)]
    history = [*wording.touching(revising.revisions(here.session), spec.key)]
    last = ladder[-1]
    facts = {
        "规则键": spec.key, "含义": spec.description, "要求": spec.requirement, "取值": last["amount"],
        "依据": last["basis"], "出处": last["place"], "原文": last["text"] or "", "日期": rules.on,
    }  # fmt: skip
    tables = [
        Table(STEPS, ladder, title="各层规定，末行生效"),
        Table(HISTORY, history, "/rules/revisions/{n}", title="本机关的修订"),
    ]
    acts = ({"inherit"} if _is_local(rules[spec.key], here) else set()) | (set() if spec.only else {"revise"})
    facts |= {"能否修改": say("固定，不能修改。{why}。", why=spec.only.why)} if spec.only else {}
    return Detail(spec.title, facts, tables, acts=acts, data={"key": spec.key, **last, "history": history})


def load_settings(here: Here) -> Table:
    """The settings of this authority, inherited ones too, with their places; of a secret that there is one."""
    settings = sorted(here.office.tenant.settings.items())
    sealed = board.sealed_settings(from_environment())
    rows = [
        {"key": key, "amount": MASK if key in sealed else shown(one.value), "place": f"{one.file}:{one.line}"}
        for key, one in settings
    ]
    return Table(SETTINGS, rows)


def _row(one: RuleValue) -> dict[str, Any]:
    """``source``: the place without the folders, which the layer beside it stands for."""
    source = one.place.rpartition("/")[2]
    return {"key": one.key, "description": keys.KEYS[one.key].description, **step(one), "source": source}


def _origin(here: Here) -> Any:
    """The test that the filter asks for."""
    tests = {
        "local": lambda one: _is_local(one, here),
        "inherited": lambda one: not _is_local(one, here),
        "revised": lambda one: one.file == REVISION,
        "locked": lambda one: one.mode != "free" and one.binding,
        "fixed": lambda one: keys.KEYS[one.key].only is not None,
    }
    return tests.get(here.query.get("origin", ""), lambda _one: True)


def _is_local(value: RuleValue, here: Here) -> bool:
    return value.pack == here.office.tenant.slug


def _rules(here: Here) -> Rules:
    text = here.query.get("on", "")
    try:
        return here.office.rules(date.fromisoformat(text) if text else here.today)
    except ValueError:
        raise BadInput("date_invalid", date=text) from None


VIEWS = [
    view("/rules", verb="view", load=load_all, title="现行规则", menu="管理"),
    *revision_routes.VIEWS,
    *preview_routes.VIEWS,
    *matrix_routes.VIEWS,
    view("/rules/{key:str}", verb="view", load=load_one, title="规则"),
    view("/settings", verb="view", load=load_settings, title="机关设置", menu="管理"),
]
ACTS = revision_routes.ACTS
