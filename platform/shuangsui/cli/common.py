"""What every command shares: options, output on stdout, errors as one Chinese sentence and an exit status."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from shuangsui.errors import RowErrors, ShuangsuiError
from shuangsui.settings import Settings, from_environment
from shuangsui.texts import sentence

TenantOption = Annotated[str, typer.Option("--tenant", help="租户代码，见 tenant list", show_default=False)]
UserOption = Annotated[str, typer.Option("--as", help="以哪个用户的身份办理", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="标准输出只写一个 JSON 文档")]

notes = Console(stderr=True, highlight=False)


def settings() -> Settings:
    """The environment of this process."""
    return from_environment()


def emit(value: Any, *, as_json: bool, human: Callable[[Any], None] | None = None) -> None:
    """Write ``value``: one JSON document, or what ``human`` prints of it."""
    if as_json or human is None:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    else:
        human(value)


def table(title: str, columns: list[str], rows: list[list[Any]]) -> None:
    """A plain table for people."""
    grid = Table(title=title, title_justify="left")
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*("" if cell is None else str(cell) for cell in row))
    Console(highlight=False).print(grid)


def fail(error: ShuangsuiError) -> int:
    """Print the error's sentence on stderr and answer its exit status."""
    article = f"（依据：{error.article}）" if error.article else ""
    notes.print(f"[bold red]未办理[/] {error.code}：{sentence(error)}{article}", soft_wrap=True)
    if isinstance(error, RowErrors):
        for row in error.errors[:20]:
            notes.print(f"  第 {row.row} 行 {row.column}：{row.message}（{row.code}）", soft_wrap=True, markup=False)
        if len(error.errors) > 20:
            notes.print(f"  其余 {len(error.errors) - 20} 处见 --errors 导出的文件。", soft_wrap=True)
    return error.exit_status


def existing(path: Path) -> Path:
    """An argument's file, resolved against the working directory."""
    return path.expanduser().resolve()
