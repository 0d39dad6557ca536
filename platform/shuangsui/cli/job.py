"""``shuangsui job``: background work that is not done yet, and starting again what was given up."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.errors import BadInput, NotFound
from shuangsui.outbox import OutboxRow, WorkState
from shuangsui.web.telling import moment
from shuangsui.worker import service
from shuangsui.worker.messages import JOBS, STATES

app = typer.Typer(help="后台任务：没有办完的、失败的原因、重新办理", no_args_is_help=True)
NAMES = ("id", "job", "key", "state", "attempts", "run_at", "error")


@app.command("list")
def list_jobs(
    tenant: TenantOption,
    state: Annotated[
        WorkState | None, typer.Option(help="只列一种状态；不写则列出没有办完的全部", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """列出没有办完的后台任务，已停办的在前，附最近一次失败的原因。"""
    with desk(tenant).session(readonly=True) as session:
        found = [_facts(row) for row in service.listed(session, state)]
    emit(found, as_json=as_json, human=_show)


@app.command("again")
def again(
    tenant: TenantOption,
    user: UserOption,
    job: Annotated[str | None, typer.Argument(metavar="ID", help="任务编号，见 job list", show_default=False)] = None,
    dead: Annotated[bool, typer.Option("--dead", help="全部已停办的任务")] = False,
    as_json: JsonOption = False,
) -> None:
    """重新办理：一项，或者全部已停办的；立即由后台办理。"""
    if (job is None) is not dead:
        raise BadInput("work_which")
    count = 1
    with desk(tenant).session() as session:
        if job is None:
            count = service.all_again(session, actor=user)
        else:
            service.again(session, _id(job), actor=user)
    emit({"count": count}, as_json=as_json, human=lambda _found: typer.echo(f"重新办理 {count} 项。"))


def _facts(row: OutboxRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in NAMES} | {"called": service.called(row)}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("work_missing", id=text) from error


def _show(found: list[dict[str, Any]]) -> None:
    rows = [
        [one["id"], JOBS.get(one["job"], one["job"]), one["called"],
         STATES[one["state"]], one["attempts"], moment(one["run_at"]), one["error"]]
        for one in found
    ]  # fmt: skip
    table(f"后台任务 {len(rows)} 项", ["编号", "任务", "名称", "状态", "已尝试", "何时办理", "最近的错误"], rows)
