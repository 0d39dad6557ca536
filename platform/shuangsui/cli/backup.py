"""``shuangsui backup`` and ``shuangsui restore``: the whole installation in a folder, and back from it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from shuangsui.archive import whole
from shuangsui.cli.common import JsonOption, emit, existing, settings, table

FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="备份的文件夹", show_default=False)]
KeysOption = Annotated[bool, typer.Option("--keys", help="连同主密钥：备份从此能打开全部密封的内容，须另行严加保管")]


def backup(folder: FolderArgument, keys: KeysOption = False, as_json: JsonOption = False) -> None:
    """把整个安装备份到一个新文件夹：数据库、证据，每个文件的哈希和每个租户台账的末端；办理中的业务不必停。"""
    emit(_told(whole.back_up(settings(), existing(folder), keys=keys)), as_json=as_json, human=_show)


def restore(folder: FolderArgument, as_json: JsonOption = False) -> None:
    """把备份恢复到空的环境，先核对全部哈希，恢复后逐个租户核验台账和抽取日志；比已公示的旧的，只能查看。"""
    emit(_told(whole.restore(settings(), existing(folder))), as_json=as_json, human=_show)


def _told(made: whole.Whole) -> dict[str, Any]:
    said = asdict(made)
    return {**said, "files": len(made.files), "keys": whole.KEY in made.files}


def _show(found: dict[str, Any]) -> None:
    rows = [[slug, one["ledger"], one["drawlog"]] for slug, one in found["heads"].items()]
    table(f"备份于 {found['made_at']}，文件 {found['files']} 个", ["租户", "台账", "抽取日志"], rows)
