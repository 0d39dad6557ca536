"""``shuangsui tenant export`` and ``tenant import``: the console's decisions into files, and files into decisions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from shuangsui import db
from shuangsui.cli.common import JsonOption, UserOption, emit, existing, settings, table
from shuangsui.cli.config import checked_tree
from shuangsui.cli.desk import database, switchboard
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import BadInput
from shuangsui.extension import carrying
from shuangsui.extension.board import sealed_settings
from shuangsui.extension.carrying import PARTS
from shuangsui.extension.overlay import seated
from shuangsui.rules.policy import shown
from shuangsui.rules.service import local
from shuangsui.tenancy import folder, tree

Slug = Annotated[str, typer.Argument(help="租户代码", show_default=False)]
Out = Annotated[Path, typer.Option("--out", help="写到哪个文件夹下面，另建一个以租户代码命名的文件夹")]
Folder = Annotated[Path, typer.Argument(help="租户的文件夹，与租户代码同名", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只列出差别，什么也不办理")]


def export_tenant(slug: Slug, out: Out = Path("export"), as_json: JsonOption = False) -> None:
    """把一个机关现行的配置写成文件：配置文件，加上管理页面里的规则修订和插件决定。"""
    environment, files = settings(), checked_tree()
    files.get(slug)
    into = existing(out) / slug
    if into.exists() and any(into.iterdir()):
        raise BadInput("export_taken", folder=str(into))
    with db.session(database(environment), slug, readonly=True) as session:
        found = folder.written(environment.tenants, files, seated(session, files).get(slug))
    for name, data in found.items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (into / name).write_bytes(data)
    emit([str(into / name) for name in found], as_json=as_json, human=lambda made: typer.echo("\n".join(made)))


def import_tenant(source: Folder, user: UserOption = "", dry_run: DryRun = False, as_json: JsonOption = False) -> None:
    """把一个文件夹与现行的配置对照：规则写入修订草案，另一人批准后施行；插件即时决定；其他的只列出。"""
    environment, files = settings(), checked_tree()
    there = tree.elsewhere(existing(source), files)
    local(there, binding=True)
    slug, board = there.slug, switchboard(files, environment)
    with db.session(database(environment), slug, readonly=dry_run) as session:
        day = legal_day(db.now(session))
        found = carrying.differences(carrying.in_force(session, board), there, day)
        draft = None
        if not dry_run:
            draft = carrying.take_over(session, board, there, found, on=day, actor=user)
        listed = carrying.as_json(found, sealed_settings(environment))
        said = {"differences": listed, "draft": draft.n if draft else None, "dry_run": dry_run}
    emit(said, as_json=as_json, human=_show)


def _show(said: dict[str, Any]) -> None:
    if not said["differences"]:
        typer.echo("没有差别。")
        return
    rows = [[PARTS[one["part"]], one["key"], _words(one["here"]), _words(one["there"])] for one in said["differences"]]
    table("差别", ["部分", "键", "现行", "文件夹"], rows)
    if said["draft"]:
        typer.echo(f"规则的差别已经写入第 {said['draft']} 号修订草案：核对后提请批准。")


def _words(value: Any) -> str:
    if value is None or value == []:
        return "（没有）"
    if isinstance(value, dict) and "value" in value:
        return f"{shown(value['value'])}（{value.get('own_basis') or ''}{value['article']}）"
    return shown(value) if isinstance(value, bool | int | str | tuple) else str(value)
