"""``shuangsui plugin``: what is installed, what each tenant has switched on, and why something does not work."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

import typer

from shuangsui import db
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, existing, settings, table
from shuangsui.cli.desk import database, switchboard
from shuangsui.db import TenantSession
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.extension import board, checking, reference, scaffold, service, wording
from shuangsui.extension.board import Row
from shuangsui.extension.overlay import seated
from shuangsui.tenancy import tree
from shuangsui.tenancy.offers import USUAL
from shuangsui.tenancy.schema import Scalar
from shuangsui.tenancy.tree import Tree
from shuangsui.testing import quality
from shuangsui.texts import sentence
from shuangsui.web.telling import moment

app = typer.Typer(help="插件：安装、启用、选项、故障", no_args_is_help=True)

Kind = Literal["channel", "exporter", "experts", "notifier", "rules"]
ForTenant = Annotated[str | None, typer.Option("--tenant", help="显示该租户的启用情况", show_default=False)]
Name = Annotated[str, typer.Argument(help="插件名，见 plugin list")]
Pairs = Annotated[list[str], typer.Argument(help='选项=取值，可以几个；文字照写，列表写成 ["甲","乙"]')]


@app.command("list")
def list_plugins(tenant: ForTenant = None, as_json: JsonOption = False) -> None:
    """列出已安装的插件；不能载入的也列出，并说明原因。"""
    if tenant is None:
        found = [Row(one, USUAL, "") for one in service.listing(settings())]
    else:
        with _at(tenant, readonly=True) as (session, files):
            found = board.rows(session, files, settings())
    emit([_said(one) for one in found], as_json=as_json, human=_show)


@app.command("show")
def show_plugin(name: Name, tenant: TenantOption, as_json: JsonOption = False) -> None:
    """一个插件在本租户的状态、健康和选项。"""
    with _at(tenant, readonly=True) as (session, files):
        row = _row(session, files, name)
        plugin = row.listed.plugin
        stated = board.options_of(session, files, plugin) if plugin and not plugin.fault else []
    emit({**_said(row), "options": [wording.option(one) for one in stated]}, as_json=as_json, human=_show_one)


@app.command("enable")
def enable(name: Name, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """为本租户启用插件；它先自查，不能用的不启用。"""
    with _at(tenant) as (session, files):
        switchboard(files, settings()).switch_on(session, name, actor=user)
    _done({"plugin": name, "state": "enabled"}, "插件 {plugin} 已经启用。", as_json=as_json)


@app.command("disable")
def disable(name: Name, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """为本租户停用插件。"""
    with _at(tenant) as (session, files):
        switchboard(files, settings()).switch_off(session, name, actor=user)
    _done({"plugin": name, "state": "disabled"}, "插件 {plugin} 已经停用。", as_json=as_json)


@app.command("set")
def set_options(name: Name, pairs: Pairs, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """修改插件在本租户的选项；与配置文件相同的算继承。"""
    values = dict(map(_pair, pairs))
    with _at(tenant) as (session, files):
        changed = switchboard(files, settings()).set_options(session, name, values, actor=user)
    _done({"plugin": name, "changed": changed}, "插件 {plugin} 的选项已经修改：{changed}。", as_json=as_json)


@app.command("reset")
def reset_option(
    name: Name, key: Annotated[str, typer.Argument(help="选项")], tenant: TenantOption, user: UserOption,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """让选项恢复继承的取值。"""
    with _at(tenant) as (session, files):
        changed = switchboard(files, settings()).reset_option(session, name, key, actor=user)
    _done({"plugin": name, "changed": changed}, "插件 {plugin} 的选项已经恢复：{changed}。", as_json=as_json)


@app.command("health")
def health(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """请本租户启用的每个插件自查一遍。"""
    with _at(tenant) as (session, files):
        checking.check_all(session, seated(session, files).get(tenant), settings())
        session.flush()
        found = [one for one in board.rows(session, files, settings()) if one.on]
    emit([_said(one) for one in found], as_json=as_json, human=_show_health)


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="插件名，如 hello-channel：小写字母、数字和连字符")],
    kind: Annotated[
        Kind, typer.Option("--kind", help="样板的种类：公示渠道、报送系统、专家库、通知方式、规则修订")
    ] = "channel",
    into: Annotated[Path, typer.Option("--into", help="在哪个文件夹里建立")] = Path(),
    title: Annotated[str, typer.Option("--title", help="一句话说明，默认按种类", show_default=False)] = "",
    as_json: JsonOption = False,
) -> None:
    """按样板建立一个新插件：装上就能用，测试和质量检查都通过，再逐步改成自己的。"""
    made = [str(path) for path in scaffold.write(name, kind, existing(into), title)]
    told = f"已经建立 {name}：先看它的 README.md。"
    emit({"plugin": name, "files": made}, as_json=as_json, human=lambda _: typer.echo(told))


@app.command("check")
def check(
    name: Name,
    options: Annotated[Path | None, typer.Option("--options", help="试用的选项，一个 TOML 文件")] = None,
    as_json: JsonOption = False,
) -> None:
    """逐项检查插件的质量：在临时的安装里启用它，看它守不守约定。"""
    tried = tomllib.loads(existing(options).read_text("utf-8")) if options else {}
    with TemporaryDirectory(prefix="shuangsui-check-") as folder:
        found = [asdict(one) for one in quality.verdicts(name, Path(folder), tried)]
    emit(found, as_json=as_json, human=_show_verdicts)
    if any(one["problem"] for one in found):
        raise typer.Exit(RuleRefused.exit_status)


@app.command("reference")
def print_reference(as_json: JsonOption = False) -> None:
    """写出 plugins/README.md 的内容：全部钩子、约定和类型。"""
    emit(
        {"markdown": reference.render(quality.titles())},
        as_json=as_json,
        human=lambda value: typer.echo(value["markdown"], nl=False),
    )


@contextmanager
def _at(tenant: str, *, readonly: bool = False) -> Iterator[tuple[TenantSession, Tree]]:
    """A unit of work, and the configuration as its files have it; faulty rules do not keep a plugin from being seen."""
    environment = settings()
    files = tree.load(environment.tenants)
    files.get(tenant)
    with db.session(database(environment), tenant, readonly=readonly) as session:
        yield session, files


def _row(session: TenantSession, files: Tree, name: str) -> Row:
    for one in board.rows(session, files, settings()):
        if one.name == name:
            return one
    raise NotFound("plugin_unknown", plugin=name)


def _said(row: Row) -> dict[str, Any]:
    return wording.facts(row, sentence, moment)


def _pair(text: str) -> tuple[str, Scalar]:
    """``key=value``; a value that is no TOML is a text."""
    key, sign, value = text.partition("=")
    if not sign:
        raise BadInput("plugin_pair_invalid", text=text)
    try:
        read = tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value
    return key.strip(), tuple(read) if isinstance(read, list) else read


def _done(facts: dict[str, Any], text: str, *, as_json: bool) -> None:
    shown = {
        name: "、".join(value) or "没有变化" if isinstance(value, list) else value for name, value in facts.items()
    }
    emit(facts, as_json=as_json, human=lambda _: typer.echo(text.format(**shown)))


def _show(found: list[dict[str, Any]]) -> None:
    rows = [[one[key] for key in wording.COLUMNS] + [one["problem"]] for one in found]
    table(f"插件 {len(found)} 个", [*wording.COLUMNS.values(), "问题"], rows)


def _show_health(found: list[dict[str, Any]]) -> None:
    table(
        f"已启用的插件 {len(found)} 个", [*wording.LOOK.values()], [[one[key] for key in wording.LOOK] for one in found]
    )


def _show_verdicts(found: list[dict[str, Any]]) -> None:
    rows = [["通过" if not one["problem"] else "未通过", one["title"], one["problem"]] for one in found]
    table("质量检查", ["结果", "检查", "问题"], rows)


def _show_one(found: dict[str, Any]) -> None:
    table(f"插件 {found['name']}", ["项目", "内容"], [[title, found[key]] for key, title in wording.FACTS.items()])
    table("选项", [*wording.OPTIONS.values()], [[one[key] for key in wording.OPTIONS] for one in found["options"]])
