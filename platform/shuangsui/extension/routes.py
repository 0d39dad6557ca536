"""插件 at the console: the catalogue, one plugin with its options and health, and switching it on and off."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import partial
from typing import Any

from pydantic import BaseModel, Field, create_model
from pydantic.fields import FieldInfo

from shuangsui.errors import Misconfigured, NotFound, OutsideFailed
from shuangsui.extension import board, callbacks, checking, wording
from shuangsui.extension.board import OptionRow, Row
from shuangsui.extension.loading import host
from shuangsui.extension.policy import Plugin
from shuangsui.extension.secrecy import operators_options
from shuangsui.extension.switching import Switchboard
from shuangsui.ledger.service import record
from shuangsui.migrations import metadata
from shuangsui.pages import Detail, Here, Table, act, timeline, view
from shuangsui.said import named, say
from shuangsui.settings import from_environment
from shuangsui.texts import sentence
from shuangsui.vault import resealing
from shuangsui.web.telling import moment

INCIDENTS = {"when": "何时", "step": "哪一步", "message": "问题"}


class Chosen(BaseModel):
    """Which option."""

    key: str = Field(title="选项", max_length=64)


def load_all(here: Here) -> Table:
    """Every plugin that this authority may see."""
    found = board.rows(here.session, here.files, from_environment())
    notes = (say("已启用 {on} 个，共 {n} 个", on=sum(one.on for one in found), n=len(found)),)
    return Table(wording.COLUMNS, [said(one) for one in found], "/plugins/{name}", notes=notes)


def load_one(here: Here) -> Detail:
    """One of them."""
    row = _find(here)
    known = said(row)
    facts = {heading: known[key] for key, heading in wording.FACTS.items()} | {"问题": known["problem"] or "无"}
    if addresses := _callbacks(here, row):
        facts["回调地址"] = "、".join(addresses)
    plugin = row.listed.plugin
    usable = plugin if plugin and not plugin.fault else None
    stated = board.options_of(here.session, here.files, usable) if usable else []
    hindrance = board.hindrance(here.session, here.files, usable) if usable else None
    notes = (sentence(hindrance),) if hindrance else ()
    tables = [
        Table(wording.OPTIONS, [wording.option(one) for one in stated], title="选项"),
        Table(INCIDENTS, known["incidents"], title="本进程里最近的故障"),
        *timeline.of(here, f"plugin/{row.name}"),
    ]
    return Detail(row.name, facts, tables, notes, acts=_acts(row, stated, settable=not hindrance), data=known)


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
    found = checking.examined(here.office.tenant, row.listed.plugin, from_environment())
    checking.note(here.session, row.name, found)
    record(here.session, "plugin.check", actor=here.actor.login, subject=f"plugin/{row.name}", payload={"ok": found.ok})
    return {"ok": found.ok}


def options_form(here: Here) -> type[BaseModel]:
    """The plugin's own options as a form that holds what is in force; secrets and their places are not set here."""
    plugin = _plugin(here.path["name"])
    stated, kept = board.options_of(here.session, here.files, plugin), operators_options(plugin.options)
    fields = {row.key: _field(plugin, row) for row in stated if row.key not in kept}
    made: type[BaseModel] = create_model("Options", **fields)  # type: ignore[call-overload]
    return made


def own_options(here: Here) -> Mapping[str, str]:
    """Options that have a value of this authority's own."""
    stated = board.options_of(here.session, here.files, _plugin(here.path["name"]))
    found = [wording.option(one) for one in stated if one.own]
    return {
        one["key"]: say(
            "{key}（现为 {amount}，恢复后为 {inherited}）",
            key=one["key"],
            amount=one["amount"],
            inherited=one["inherited"],
        )
        for one in found
    }


def said(row: Row) -> dict[str, Any]:
    """A row for people and programs."""
    return wording.facts(row, sentence, moment)


def _acts(row: Row, stated: list[OptionRow], *, settable: bool) -> set[str]:
    """What can be done about it: nothing that is the operator's, and not much about one that does not load."""
    plugin = row.listed.plugin
    if row.offer.restricted:
        return {"check"} if row.on and plugin else set()
    if plugin is None or plugin.fault:
        return {"off"} if row.on else set()
    acts = {"off", "check"} if row.on else {"on"}
    acts |= {"options"} if stated and settable else set()
    return acts | ({"reset"} if any(one.own for one in stated) else set())


def _field(plugin: Plugin, row: OptionRow) -> tuple[Any, FieldInfo]:
    """The plugin's own field, filled in with the value in force."""
    info = copy(plugin.options.model_fields[row.key])
    source = say("{key}，出处：{place}", key=row.key, place=row.place or wording.DEFAULT)
    info.description = named(row.description, source) if info.title else source
    info.title = info.title or row.description or row.key
    if row.value is not None:
        info.default = row.value
    return info.annotation, info


def _callbacks(here: Here, row: Row) -> list[str]:
    """Where other systems reach the plugin; its failures stand elsewhere on the page."""
    try:
        return callbacks.addresses(here.office.tenant, row.name, from_environment())
    except (OutsideFailed, Misconfigured):
        return []


def _find(here: Here) -> Row:
    name = here.path["name"]
    found = next((one for one in board.rows(here.session, here.files, from_environment()) if one.name == name), None)
    if found is None:
        raise NotFound("plugin_unknown", plugin=name)
    return found


def _plugin(name: str) -> Plugin:
    found = next((one for one in host(from_environment()).plugins if one.name == name and not one.fault), None)
    if found is None:
        raise NotFound("plugin_unknown", plugin=name)
    return found


def _board(here: Here) -> Switchboard:
    return Switchboard(here.files, from_environment(), partial(resealing.require_unneeded, metadata()))


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
