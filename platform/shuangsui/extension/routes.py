"""插件 at the console: the catalogue, one plugin with its options and health, and switching it on and off."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from pydantic import BaseModel, Field, create_model
from pydantic.fields import FieldInfo

from shuangsui.errors import NotFound, ShuangsuiError
from shuangsui.extension import board, checking
from shuangsui.extension.board import OptionRow, Row
from shuangsui.extension.loading import host
from shuangsui.extension.messages import KINDS, STATES
from shuangsui.extension.policy import Plugin
from shuangsui.extension.switching import Switchboard
from shuangsui.pages import Detail, Here, Table, act, view
from shuangsui.rules.policy import shown
from shuangsui.settings import Settings
from shuangsui.texts import sentence
from shuangsui.web.rendering import moment

COLUMNS = {
    "name": "插件", "version": "版本", "kinds": "种类", "state_name": "状态", "health": "健康", "message": "说明",
    "who": "谁启用", "when": "何时",
}  # fmt: skip
OPTIONS = {
    "key": "选项", "description": "含义", "amount": "取值", "place": "出处", "inherited": "恢复后为",
}  # fmt: skip
INCIDENTS = {"when": "何时", "step": "哪一步", "message": "问题"}
DEFAULT = "插件的默认值"


class Chosen(BaseModel):
    """Which option."""

    key: str = Field(title="选项", max_length=64)


def load_all(here: Here) -> Table:
    """Every plugin that this authority may see."""
    found = board.rows(here.session, here.files, Settings())
    notes = (f"已启用 {sum(one.on for one in found)} 个，共 {len(found)} 个",)
    return Table(COLUMNS, [said(one) for one in found], "/plugins/{name}", notes=notes)


def load_one(here: Here) -> Detail:
    """One of them."""
    row = _find(here)
    known = said(row)
    facts = {heading: known[key] for key, heading in COLUMNS.items()} | {"问题": known["problem"] or "无"}
    plugin = row.listed.plugin
    stated = board.options_of(here.session, here.files, plugin) if plugin and not plugin.fault else []
    tables = [
        Table(OPTIONS, [option_said(one) for one in stated], title="选项"),
        Table(INCIDENTS, known["incidents"], title="本进程里最近的故障"),
    ]
    return Detail(row.name, facts, tables, acts=_acts(row, stated), data=known)


def switch_on(here: Here, _form: Any) -> None:
    """The plugin looks at itself first."""
    _board(here).switch_on(here.session, here.path["name"], actor=here.actor.login)


def switch_off(here: Here, _form: Any) -> None:
    """What waits for it is held, or goes to a person."""
    _board(here).switch_off(here.session, here.path["name"], actor=here.actor.login)


def set_options(here: Here, form: BaseModel) -> dict[str, Any]:
    """What is as the files say is inherited."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in form if value is not None}
    changed = _board(here).set_options(here.session, here.path["name"], values, actor=here.actor.login)
    return {"changed": changed}


def reset(here: Here, form: Chosen) -> dict[str, Any]:
    """What the files say is in force again."""
    changed = _board(here).reset_option(here.session, here.path["name"], form.key, actor=here.actor.login)
    return {"changed": changed}


def look(here: Here, _form: Any) -> dict[str, Any]:
    """Ask it now."""
    row = _find(here)
    if row.listed.plugin is None:
        raise NotFound("plugin_unknown", plugin=row.name)
    found = checking.examined(here.office.tenant, row.listed.plugin, Settings())
    checking.note(here.session, row.name, found)
    return {"ok": found.ok}


def options_form(here: Here) -> type[BaseModel]:
    """The plugin's own options as a form that holds what is in force."""
    plugin = _plugin(here.path["name"])
    fields = {row.key: _field(plugin, row) for row in board.options_of(here.session, here.files, plugin)}
    made: type[BaseModel] = create_model("Options", **fields)  # type: ignore[call-overload]
    return made


def own_options(here: Here) -> Mapping[str, str]:
    """Options that have a value of this authority's own."""
    found = board.options_of(here.session, here.files, _plugin(here.path["name"]))
    return {
        one.key: f"{one.key}（现为 {_shown(one.value)}，恢复后为 {_shown(one.inherited)}）" for one in found if one.own
    }


def said(row: Row) -> dict[str, Any]:
    """A row for people and programs: ``problem`` is a sentence, ``error`` the traceback for who repairs it."""
    plugin, health, fault = row.listed.plugin, row.health, row.listed.fault
    told = sentence(ShuangsuiError(health.fault["code"], **health.fault["params"])) if health and health.fault else ""
    return {
        "name": row.name, "version": plugin.version if plugin else "", "kind": list(plugin.kinds) if plugin else [],
        "kinds": "、".join(KINDS[kind] for kind in plugin.kinds) if plugin else "",
        "state": row.listed.state, "state_name": STATES[row.listed.state],
        "ok": health.ok if health else None, "health": "" if health is None else "正常" if health.ok else "不能用",
        "message": told or (health.message if health else ""), "checked": moment(health.at) if health else "",
        "who": row.by or (f"配置文件 {row.place}" if row.place else ""), "when": moment(row.at) if row.at else "",
        "restricted": row.offer.restricted, "problem": sentence(fault.error) if fault else None,
        "error": (fault.traceback or None) if fault else None,
        "incidents": [
            {"when": moment(one.at), "step": one.step, "message": sentence(one.error), "error": one.traceback}
            for one in row.incidents
        ],
    }  # fmt: skip


def option_said(row: OptionRow) -> dict[str, Any]:
    """An option for people and programs."""
    return {
        "key": row.key, "description": row.description, "amount": _shown(row.value), "value": row.value,
        "place": row.place or DEFAULT, "inherited": _shown(row.inherited) if row.own else "",
    }  # fmt: skip


def _acts(row: Row, stated: list[OptionRow]) -> set[str]:
    plugin = row.listed.plugin
    if row.offer.restricted or plugin is None or plugin.fault:
        return {"off"} if row.on and not row.offer.restricted else set()
    acts = {"off", "check"} if row.on else {"on"}
    acts |= {"options"} if stated else set()
    return acts | ({"reset"} if any(one.own for one in stated) else set())


def _field(plugin: Plugin, row: OptionRow) -> tuple[Any, FieldInfo]:
    info = copy(plugin.options.model_fields[row.key])
    info.title, info.description = row.description or row.key, f"{row.key}；现在的出处：{row.place or DEFAULT}"
    if row.value is not None:
        info.default = row.value
    return info.annotation, info


def _shown(value: Any) -> str:
    return "" if value is None else shown(value) or "（空）"


def _find(here: Here) -> Row:
    name = here.path["name"]
    found = next((one for one in board.rows(here.session, here.files, Settings()) if one.name == name), None)
    if found is None:
        raise NotFound("plugin_unknown", plugin=name)
    return found


def _plugin(name: str) -> Plugin:
    found = next((one for one in host(Settings()).plugins if one.name == name and not one.fault), None)
    if found is None:
        raise NotFound("plugin_unknown", plugin=name)
    return found


def _board(here: Here) -> Switchboard:
    return Switchboard(here.files, Settings())


VIEWS = [
    view("/plugins", verb="manage_settings", load=load_all, title="插件", menu="管理"),
    view("/plugins/{name:str}", verb="manage_settings", load=load_one, title="插件"),
]
ACTS = [
    act("/plugins/{name:str}/on", verb="manage_settings", do=switch_on, title="启用", done="插件已经启用。"),
    act("/plugins/{name:str}/off", verb="manage_settings", do=switch_off, title="停用", done="插件已经停用。"),
    act("/plugins/{name:str}/check", verb="manage_settings", do=look, title="检查", done="已经检查。"),
    act("/plugins/{name:str}/options", verb="manage_settings", do=set_options, title="修改选项", done="选项已经修改。",
        model_here=options_form),
    act("/plugins/{name:str}/reset", verb="manage_settings", model=Chosen, do=reset, title="恢复继承的取值",
        done="已经恢复继承的取值。", choices={"key": own_options}),
]  # fmt: skip
