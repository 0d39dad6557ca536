"""``shuangsui submission``: what devices sent while away from the network, and what two of them wrote differently."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.cli.task import TaskArgument
from shuangsui.errors import NotFound
from shuangsui.inspections import submissions

app = typer.Typer(help="离线提交：查看、核对冲突、选定内容", no_args_is_help=True)

IdArgument = Annotated[UUID, typer.Argument(metavar="ID", help="提交的标识，见 submission list", show_default=False)]


class Keep(StrEnum):
    """Whose value a conflict ends with."""

    MINE = "mine"
    THEIRS = "theirs"


@app.command("list")
def list_submissions(no: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """列出一项任务收到的离线提交，哪些有冲突等待处理。"""
    with desk(tenant).session() as session:
        found = submissions.received(session, no, actor=user)
    emit(found, as_json=as_json, human=_show_all)


@app.command()
def show(
    no: TaskArgument, submission: IdArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False
) -> None:
    """显示一项冲突：每个字段的提交内容和记录现有内容。"""
    with desk(tenant).session() as session:
        submissions.received(session, no, actor=user)
        found = [one for one in submissions.conflicts(session, no) if one["id"] == str(submission)]
    if not found:
        raise NotFound("conflict_missing", task=no)
    emit(found[0], as_json=as_json, human=_show_one)


@app.command()
def resolve(
    no: TaskArgument,
    submission: IdArgument,
    tenant: TenantOption,
    user: UserOption,
    keep: Annotated[Keep, typer.Option(help="mine 采用提交的内容 · theirs 保留记录现有内容", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """选定一项冲突的内容；两种内容都留在台账里。"""
    with desk(tenant).session() as session:
        record = submissions.resolve(session, no, submission, keep.value, actor=user)
        left = len(submissions.conflicts(session, no))
        found = {"task": no, "submission": str(submission), "revision": record.revision, "conflicts_left": left}
    emit(found, as_json=as_json, human=lambda one: typer.echo(f"已选定，还有 {one['conflicts_left']} 项冲突。"))


def _show_all(found: list[dict[str, Any]]) -> None:
    rows = [
        [one["id"], one["device"], one["counter"], one["by"], one["received_at"], "待处理" if one["waiting"] else ""]
        for one in found
    ]
    table(f"离线提交 {len(found)} 份", ["标识", "设备", "序号", "提交人", "收到时间", "冲突"], rows)


def _show_one(found: dict[str, Any]) -> None:
    rows = [[one["field"], one["mine"], one["theirs"]] for one in found["fields"]]
    table(f"设备 {found['device']} 第 {found['counter']} 次提交", ["字段", "提交的内容", "记录现有内容"], rows)
