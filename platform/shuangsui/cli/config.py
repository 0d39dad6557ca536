"""``shuangsui config``: every effective value with its file, line and article; the reference of all keys."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import make_url

from shuangsui import db
from shuangsui.cli.common import JsonOption, TenantOption, emit, settings, table
from shuangsui.errors import NotFound
from shuangsui.extension import rulebook
from shuangsui.extension.board import sealed_settings
from shuangsui.extension.overlay import seated
from shuangsui.extension.secrecy import MASK
from shuangsui.rules import keys, reference
from shuangsui.rules.policy import Rules, RuleValue, amount, place
from shuangsui.tenancy.policy import inheritable
from shuangsui.tenancy.tenant import TIMEZONE, Setting
from shuangsui.tenancy.tree import Tree

app = typer.Typer(help="规则和租户设置：取值、出处、条款", no_args_is_help=True)

OnOption = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="哪一天的规则，默认今天", show_default=False)
]
KeyArgument = Annotated[str | None, typer.Argument(help="规则键或租户设置，不写则列出全部", show_default=False)]

MODES = {"floor": "下限", "ceiling": "上限", "locked": "锁定"}


def today() -> date:
    """The legal day in Shanghai by this machine's clock; files are explained without a database."""
    return datetime.now(ZoneInfo(TIMEZONE)).date()


def checked_tree() -> Tree:
    """The tenants of this installation; every file of every tenant has been checked."""
    environment = settings()
    return rulebook.load(environment.tenants, today(), environment)


def decided_tree(tenant: str) -> Tree:
    """The same as decided and revised at the console, for one tenant; an installation without a database has nothing
    decided.
    """
    environment, tree = settings(), checked_tree()
    tree.get(tenant)
    file = make_url(environment.database).database
    if environment.database.startswith("sqlite") and not (file and Path(file).is_file()):
        return tree
    with db.session(db.engine(environment), tenant, readonly=True) as session:
        return seated(session, tree)


@app.command()
def explain(
    tenant: TenantOption,
    key: KeyArgument = None,
    on: OnOption = None,
    as_json: JsonOption = False,
) -> None:
    """说明一项取值：值、文件、行号、条款，以及各层怎样规定。"""
    tree = decided_tree(tenant)
    rules = rulebook.in_force(tree, tenant, on.date() if on else today(), settings())
    if key is None:
        emit(_overview(tenant, rules), as_json=as_json, human=_show_overview)
    elif key in keys.KEYS:
        emit(_rule(tenant, key, rules), as_json=as_json, human=_show)
    else:
        emit(_setting(tree, tenant, key, rules), as_json=as_json, human=_show)


@app.command("reference")
def print_reference(as_json: JsonOption = False) -> None:
    """写出 tenants/README.md 的内容：全部设置和规则键。"""
    emit({"markdown": reference.render()}, as_json=as_json, human=lambda value: typer.echo(value["markdown"], nl=False))


def _rule(tenant: str, key: str, rules: Rules) -> dict[str, Any]:
    spec = keys.KEYS[key]
    about = {"tenant": tenant, "key": key, "on": rules.on, "description": spec.description, "unit": spec.unit}
    about |= {"only": spec.only.why} if spec.only else {}
    ladder = [_step(value) for value in rules.ladder(key)]
    return {**about, **ladder[-1], "ladder": ladder}


def _step(value: RuleValue) -> dict[str, Any]:
    return {
        "value": value.value,
        "pack": value.pack,
        "file": value.file,
        "line": value.line,
        "basis": value.basis,
        "article": value.article,
        "mode": value.mode,
        "binding": value.binding,
        "own_basis": value.own_basis,
        "text": value.text,
    }


def _setting(tree: Tree, tenant: str, key: str, rules: Rules) -> dict[str, Any]:
    """A key of ``tenant.toml``: what each folder of the chain says; no article decides it."""
    chain = [one for one in tree.chain(tenant) if one.slug == tenant or inheritable(key)]
    sealed = key in sealed_settings(settings())
    ladder = [_stated(one.slug, one.own[key], sealed=sealed) for one in chain if key in one.own]
    if not ladder:
        raise NotFound("rule_unknown", key=key, suggestions=keys.similar(key, tree.get(tenant).settings))
    about = {"tenant": tenant, "key": key, "on": rules.on, "description": "租户设置", "unit": ""}
    return {**about, **ladder[-1], "ladder": ladder}


def _stated(slug: str, setting: Setting, *, sealed: bool) -> dict[str, Any]:
    """Of a secret that there is one."""
    nothing = {"basis": "", "article": None, "mode": "free", "binding": False, "own_basis": None, "text": None}
    said = replace(setting, value=MASK) if sealed and setting.value else setting
    return {"pack": slug, **asdict(said), **nothing}


def _overview(tenant: str, rules: Rules) -> dict[str, Any]:
    values = [{"key": key, "unit": keys.KEYS[key].unit, **_step(rules[key])} for key in keys.KEYS if key in rules]
    return {"tenant": tenant, "on": rules.on, "digest": rules.digest(), "values": values}


def _show_overview(found: dict[str, Any]) -> None:
    rows = [[v["key"], _amount(v), v["basis"], _place(v)] for v in found["values"]]
    table(f"{found['tenant']} {found['on']} 的规则，摘要 {found['digest'][:16]}", ["键", "值", "依据", "位置"], rows)


def _show(found: dict[str, Any]) -> None:
    """The answer first, then the ladder from the outermost layer down to the one that decides."""
    lines = (
        ("含义", found["description"]),
        ("值", _amount(found)),
        ("依据", found["basis"] or "机关自定"),
        ("位置", _place(found)),
        ("原文", found["text"] or ""),
        ("固定", found.get("only", "")),
    )
    typer.echo(f"{found['tenant']} {found['key']}（{found['on']}）")
    for label, words in lines:
        if words:
            typer.echo(f"  {label}  {words}")
    typer.echo("  各层规定，末行生效：")
    for step in found["ladder"]:
        typer.echo(f"    {step['pack']}  {_amount({**step, 'unit': found['unit']})}  {_force(step)}  {_place(step)}")


def _amount(step: dict[str, Any]) -> str:
    return amount(step["value"], step["unit"])


def _place(step: dict[str, Any]) -> str:
    return place(step["file"], step["line"])


def _force(step: dict[str, Any]) -> str:
    if step["mode"] == "free":
        return "可改"
    return MODES[step["mode"]] + ("，约束本机关" if step["binding"] else "，本级另有文件的可以放宽")
