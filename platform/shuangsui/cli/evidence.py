"""``shuangsui evidence``: photographs and papers of a task."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, existing, table
from shuangsui.cli.desk import desk
from shuangsui.inspections import access_log, evidence
from shuangsui.inspections.tables import Evidence
from shuangsui.inspections.tasks import find_task

app = typer.Typer(help="检查证据材料", no_args_is_help=True)

TaskArgument = Annotated[str, typer.Argument(metavar="TASK", help="检查任务编号", show_default=False)]


@app.command()
def add(
    task: TaskArgument,
    file: Annotated[Path, typer.Argument(help="照片或 PDF 文件", show_default=False)],
    tenant: TenantOption,
    user: UserOption,
    note: Annotated[str, typer.Option(help="说明")] = "",
    as_json: JsonOption = False,
) -> None:
    """上传一份证据材料；格式按实际内容识别。"""
    at, path = desk(tenant), existing(file)
    store, limits = evidence.configured(at.settings)
    with path.open("rb") as stream:
        data = stream.read(limits.max_bytes + 1)
    with at.session() as session:
        row = evidence.add(session, store, task, data, path.name, actor=user, note=note, limits=limits)
    emit(_view(row), as_json=as_json, human=lambda one: typer.echo(f"已保存 {one['name']}：{one['sha256']}"))


@app.command("list")
def list_files(task: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """列出一项任务的证据材料；查阅会留痕。"""
    with desk(tenant).session() as session:
        access_log.opened(session, find_task(session, task).object_code, actor=user)
        found = [_view(row) for row in evidence.list_files(session, task)]
    emit(found, as_json=as_json, human=_show)


@app.command()
def get(
    task: TaskArgument,
    sha256: Annotated[str, typer.Argument(help="文件的 SHA-256", show_default=False)],
    tenant: TenantOption,
    user: UserOption,
    out: Annotated[Path, typer.Option("--out", help="保存到这个文件，不覆盖已有文件", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """取出一份证据材料，核对其哈希；查阅会留痕。"""
    at = desk(tenant)
    store, _ = evidence.configured(at.settings)
    with at.session() as session:
        row, data = evidence.open_file(session, store, task, sha256, actor=user)
    with existing(out).open("xb") as file:
        file.write(data)
    answer = {**_view(row), "file": str(existing(out))}
    emit(answer, as_json=as_json, human=lambda one: typer.echo(f"已保存到 {one['file']}"))


def _view(row: Evidence) -> dict[str, Any]:
    return row.model_dump(exclude={"tenant_id", "id", "task_id"})


def _show(found: list[dict[str, Any]]) -> None:
    rows = [[one["name"], one["media_type"], one["size"], one["note"], one["sha256"]] for one in found]
    table(f"证据材料 {len(rows)} 份", ["名称", "格式", "字节", "说明", "SHA-256"], rows)
