"""``shuangsui verify``: the kernel's verifier on a published folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fairdraw.verify import main as run_verifier


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="抽取公示档案的文件夹", show_default=False)],
    trust: Annotated[Path | None, typer.Option(help="您自己的信任名单", show_default=False)] = None,
) -> None:
    """在本机重算一次公开的抽取；与 python -m fairdraw.verify 完全相同。"""
    raise typer.Exit(run_verifier([*(["--trust", str(trust)] if trust else []), str(folder)]))
