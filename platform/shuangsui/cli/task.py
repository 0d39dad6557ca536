"""``shuangsui task``: the tasks of a draw and their results."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.cli.plan import day_of
from shuangsui.draws.office import find
from shuangsui.draws.tasks import tasks_of
from shuangsui.inspections import service
from shuangsui.inspections.service import Result

app = typer.Typer(help="检查任务及结果", no_args_is_help=True)

DrawArgument = Annotated[str, typer.Argument(metavar="NO", help="抽取编号", show_default=False)]


@app.command("list")
def list_tasks(no: DrawArgument, tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出一次抽取的全部任务（内部，含对象名称）。"""
    with desk(tenant).session(readonly=True) as session:
        found = [
            task.model_dump(exclude={"tenant_id", "id", "draw_id"}) for task in tasks_of(session, find(session, no))
        ]
    emit(found, as_json=as_json, human=_show)


@app.command()
def result(
    no: DrawArgument,
    tenant: TenantOption,
    user: UserOption,
    task: Annotated[int, typer.Option(help="任务序号，从 0 起", show_default=False)],
    category: Annotated[list[str], typer.Option(help="结果类别代码，可以重复", show_default=False)],
    ended: Annotated[str, typer.Option(help="检查结束日期", show_default=False)],
    note: Annotated[str, typer.Option(help="内部备注，不公开")] = "",
    as_json: JsonOption = False,
) -> None:
    """登记一项任务的检查结果。"""
    at = desk(tenant)
    day = day_of(ended)
    with at.session() as session:
        service.record_result(session, no, task, Result(category, day, note), actor=user)
        draw = find(session, no)
    at.after_act(draw, actor=user)
    emit({"draw": no, "task": task, "categories": category}, as_json=as_json, human=lambda _: typer.echo("已登记"))


def _show(found: list[dict[str, Any]]) -> None:
    rows = [
        [t["task"], t["object_code"], t["object_name"], "、".join(map(str, t["teams"])), t["batch"] or ""]
        for t in found
    ]
    table(f"任务 {len(found)} 项", ["任务", "代码", "名称", "检查组"], rows)
