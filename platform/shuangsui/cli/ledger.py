"""``shuangsui ledger``: check the ledger and the draw log of a tenant."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.ledger import service

app = typer.Typer(help="台账与抽取日志", no_args_is_help=True)

CHAINS = {"ledger": "台账", "drawlog": "抽取日志", "checkpoint": "检查点"}


@app.callback()
def group() -> None:
    """台账与抽取日志。"""


@app.command()
def verify(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """逐条核对台账、抽取日志和检查点；发现改动时逐处列出，退出码为 1。"""
    with desk(tenant).session(readonly=True) as session:
        report = service.verify(session)
    emit(asdict(report), as_json=as_json, human=_show)
    if report.faults:
        raise typer.Exit(1)


def _show(report: dict[str, Any]) -> None:
    typer.echo(f"台账 {report['ledger']} 条，抽取日志 {report['drawlog']} 条，检查点 {report['checkpoints']} 个")
    if report["faults"]:
        rows = [[CHAINS[fault["chain"]], fault["at"], fault["what"]] for fault in report["faults"]]
        table(f"发现 {len(rows)} 处改动", ["链", "序号", "位置"], rows)
    else:
        typer.echo("未发现改动")
