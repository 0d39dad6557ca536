"""``shuangsui ledger``: check the ledger and the draw log of a tenant; who looked at what (R16.2)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import typer

from shuangsui.access.service import require
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.cli.typed import day_of, day_start
from shuangsui.inspections import access_log
from shuangsui.ledger import accepting, service

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


@app.command()
def openings(
    tenant: TenantOption,
    user: UserOption,
    since: Annotated[str, typer.Option("--from", help="起始日期", show_default=False)],
    until: Annotated[str, typer.Option("--to", help="终止日期（含）", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """审计报告：没有本人任务而查阅检查对象档案的，逐次列出。"""
    first, last = day_start(day_of(since)), day_start(day_of(until) + timedelta(days=1))
    with desk(tenant).session() as session:
        rows = access_log.audit_report(session, actor=user, since=first, until=last)
        found = [row.model_dump(exclude={"tenant_id", "id", "task_no"}) for row in rows]
    emit(found, as_json=as_json, human=_show_openings)


@app.command()
def accept(
    tenant: TenantOption,
    user: UserOption,
    reason: Annotated[str, typer.Option("--reason", help="为什么没有检查点可以对照，核对了什么", show_default=False)],
) -> None:
    """公示目录已经丢失、没有检查点可以对照时，确认数据库是最新的，继续办理；记入台账。"""
    with desk(tenant).session() as session:
        require(session, user, "manage_settings")
        accepting.accept(session, reason, actor=user)
    typer.echo("已记入台账，可以继续办理。")


def _show_openings(found: list[dict[str, Any]]) -> None:
    rows = [[one["actor"], one["object_code"], one["at"]] for one in found]
    table(f"没有本人任务的查阅 {len(rows)} 次", ["用户", "检查对象", "时间"], rows)


def _show(report: dict[str, Any]) -> None:
    typer.echo(f"台账 {report['ledger']} 条，抽取日志 {report['drawlog']} 条，检查点 {report['checkpoints']} 个")
    if report["faults"]:
        rows = [[CHAINS[fault["chain"]], fault["at"], fault["what"]] for fault in report["faults"]]
        table(f"发现 {len(rows)} 处改动", ["链", "序号", "位置"], rows)
    else:
        typer.echo("未发现改动")
