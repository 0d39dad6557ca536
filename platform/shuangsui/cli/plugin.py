"""``shuangsui plugin``: what is installed, what each tenant has switched on, and why something does not work."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, emit, settings, table
from shuangsui.extension import reference, rulebook, service
from shuangsui.extension.messages import KINDS, STATES
from shuangsui.extension.service import Listed
from shuangsui.tenancy import tree
from shuangsui.texts import sentence

app = typer.Typer(help="插件：安装、启用、故障", no_args_is_help=True)

ForTenant = Annotated[str | None, typer.Option("--tenant", help="显示该租户的启用情况", show_default=False)]


@app.command("list")
def list_plugins(tenant: ForTenant = None, as_json: JsonOption = False) -> None:
    """列出已安装的插件；不能载入的也列出，并说明原因。"""
    environment = settings()
    found = rulebook.listing(tree.load(environment.tenants), tenant, environment) if tenant else None
    emit([_facts(one) for one in found or service.listing(environment)], as_json=as_json, human=_show)


@app.command("reference")
def print_reference(as_json: JsonOption = False) -> None:
    """写出 plugins/README.md 的内容：全部钩子、约定和类型。"""
    emit({"markdown": reference.render()}, as_json=as_json, human=lambda value: typer.echo(value["markdown"], nl=False))


def _facts(one: Listed) -> dict[str, Any]:
    """``problem`` is the sentence for people, ``error`` the traceback for whoever repairs the plugin."""
    return {
        "name": one.name,
        "version": one.plugin.version if one.plugin else None,
        "kind": list(one.plugin.kinds) if one.plugin else [],
        "state": one.state,
        "problem": sentence(one.fault.error) if one.fault else None,
        "error": one.fault.traceback if one.fault else None,
    }


def _show(found: list[dict[str, Any]]) -> None:
    rows = [[one["name"], one["version"], _kinds(one), STATES[one["state"]], one["problem"]] for one in found]
    table(f"插件 {len(found)} 个", ["名称", "版本", "种类", "状态", "问题"], rows)


def _kinds(one: dict[str, Any]) -> str:
    return "、".join(KINDS[kind] for kind in one["kind"])
