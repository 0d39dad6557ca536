"""``shuangsui form``: check forms and the items they belong to."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, existing, notes, table
from shuangsui.cli.desk import desk
from shuangsui.inspections import forms
from shuangsui.inspections.forms import ImportedForms
from shuangsui.registry.text_files import read_csv

app = typer.Typer(help="检查表", no_args_is_help=True)

HEADERS = ("事项编号", "检查表编号")


@app.command("import")
def import_forms(
    file: Annotated[Path, typer.Argument(help="xlsx 或 CSV 文件，每行一个检查要点", show_default=False)],
    tenant: TenantOption,
    user: UserOption,
    sheet: Annotated[str | None, typer.Option(help="工作表名称", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """导入检查表：内容有变化的成为新的一版；整份文件都正确才写入。"""
    with desk(tenant).session() as session:
        done = forms.import_forms(session, existing(file), actor=user, sheet=sheet)
    emit(asdict(done), as_json=as_json, human=lambda _: _show_import(done))


@app.command()
def attach(
    tenant: TenantOption,
    user: UserOption,
    item: Annotated[str | None, typer.Option(help="事项编号", show_default=False)] = None,
    form: Annotated[str | None, typer.Option(help="检查表编号", show_default=False)] = None,
    file: Annotated[Path | None, typer.Option(help="CSV 文件，两列：事项编号、检查表编号", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """指定事项使用的检查表：一个事项，或一份文件中的全部事项。"""
    if (file is None) is not bool(item and form) or (file and (item or form)):
        raise typer.BadParameter("请写明 --item 和 --form，或者 --file，两者取一。")
    pairs = _pairs(existing(file)) if file else [(str(item), str(form))]
    with desk(tenant).session() as session:
        for code, name in pairs:
            forms.attach(session, code, name, actor=user)
    found = [{"item": code, "form": name} for code, name in pairs]
    emit(found, as_json=as_json, human=lambda _: typer.echo(f"已指定 {len(found)} 个事项的检查表"))


@app.command("list")
def list_forms(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出各检查表的现行版次和使用它的事项。"""
    with desk(tenant).session(readonly=True) as session:
        found = forms.list_forms(session)
    emit(found, as_json=as_json, human=_show_list)


@app.command()
def show(
    tenant: TenantOption,
    code: Annotated[str | None, typer.Argument(help="检查表编号", show_default=False)] = None,
    item: Annotated[str | None, typer.Option(help="改为显示这个事项使用的检查表", show_default=False)] = None,
    version: Annotated[int | None, typer.Option(help="版次，默认现行", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """显示一份检查表的全部要点。"""
    if (code is None) is (item is None):
        raise typer.BadParameter("请写明检查表编号，或者 --item，两者取一。")
    with desk(tenant).session(readonly=True) as session:
        found = forms.form_of(session, item) if item else forms.view(forms.show(session, str(code), version))
    emit(found, as_json=as_json, human=_show_form)


def _pairs(path: Path) -> list[tuple[str, str]]:
    """The rows of a file of two columns."""
    rows = [[str(cell or "").strip() for cell in row.cells] for row in read_csv(path) if not row.is_blank()]
    if not rows or tuple(rows[0]) != HEADERS or any(len(row) != len(HEADERS) for row in rows):
        raise typer.BadParameter(f"文件须是两列的 CSV，表头为：{'、'.join(HEADERS)}。")
    return [(item, form) for item, form in rows[1:]]


def _show_import(done: ImportedForms) -> None:
    typer.echo(f"检查要点 {done.points} 个；新版 {len(done.new)} 份，未变 {len(done.unchanged)} 份")
    for warning in done.warnings:
        notes.print(f"提醒：第 {warning.row} 行 {warning.column}：{warning.message}", soft_wrap=True, markup=False)


def _show_list(found: list[dict[str, Any]]) -> None:
    rows = [[one["code"], one["version"], one["title"], one["points"], "、".join(one["items"])] for one in found]
    table(f"检查表 {len(rows)} 份", ["编号", "版次", "名称", "要点", "事项"], rows)


def _show_form(form: dict[str, Any]) -> None:
    rows = [[point["no"], point["content"], point["method"]] for point in form["points"]]
    table(f"{form['title']}（{form['code']} 第 {form['version']} 版）", ["序号", "检查内容", "检查方法"], rows)
