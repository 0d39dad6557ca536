"""``shuangsui document``: official forms as PDF or DOCX, and the templates of the authorities."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, existing, notes, settings, table
from shuangsui.cli.config import checked_tree
from shuangsui.cli.desk import desk
from shuangsui.documents import overrides, service
from shuangsui.documents.filling import docx
from shuangsui.documents.starters import starter
from shuangsui.documents.values import FORMS
from shuangsui.errors import BadInput
from shuangsui.texts import sentence

app = typer.Typer(help="文书：打印和模板", no_args_is_help=True)

FormArgument = Annotated[str, typer.Argument(metavar="FORM", help="文书名，见 document forms", show_default=False)]
OutOption = Annotated[Path, typer.Option("--out", help="写到哪个文件", show_default=False)]


@app.command("print")
def print_form(
    form: FormArgument,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="抽取、任务或回避申请的编号", show_default=False)],
    tenant: TenantOption,
    user: UserOption,
    out: OutOption,
    editable: Annotated[bool, typer.Option("--docx", help="按本机关的模板生成 DOCX，而不是 PDF")] = False,
    as_json: JsonOption = False,
) -> None:
    """出具一份文书；内容不变的，再次打印文号不变。"""
    at = desk(tenant)
    with at.session() as session:
        made = service.issue(session, at.office, form, subject, actor=user, portal=at.portal)
    data = made.printed.data
    if editable:
        data = docx(made.form, overrides.template_of(_root(), at.office.tree, tenant, form))
    file = existing(out)
    file.write_bytes(data)
    view = {
        "form": form, "subject": subject, "number": made.form.number, "again": made.again, "file": str(file),
        "missing": made.printed.missing,
    }  # fmt: skip
    emit(view, as_json=as_json, human=_show)


@app.command()
def forms(as_json: JsonOption = False) -> None:
    """列出各种文书。"""
    found = [
        {"form": kind, "title": form.title, "subject": service.KINDS[kind].subject} for kind, form in FORMS.items()
    ]
    emit(
        found,
        as_json=as_json,
        human=lambda _: table("文书", ["文书名", "标题", "编号"], [[*f.values()] for f in found]),
    )


@app.command()
def template(form: FormArgument, out: OutOption) -> None:
    """取得一种文书的默认 DOCX 模板，修改后放进 tenants/<租户>/documents/。"""
    if form not in FORMS:
        raise BadInput("document_unknown", form=form, known="、".join(FORMS))
    existing(out).write_bytes(starter(form).data)
    typer.echo(f"已写出 {FORMS[form].title} 的默认模板：{out}")


@app.command()
def check(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """用示例内容试填本机关的各个文书模板。"""
    found = [
        {
            "form": one.form, "file": one.file, "own": one.own,
            "problem": sentence(one.error) if one.error else None,
        }
        for one in overrides.check(_root(), checked_tree(), tenant)
    ]  # fmt: skip
    emit(found, as_json=as_json, human=lambda _: _show_checked(found))
    if any(one["problem"] for one in found):
        raise typer.Exit(BadInput.exit_status)


def _root() -> Path:
    return settings().tenants.resolve()


def _show(view: dict[str, Any]) -> None:
    again = "（内容未变，沿用文号）" if view["again"] else ""
    typer.echo(f"{FORMS[view['form']].title} {view['number']}{again}：{view['file']}")
    if view["missing"]:
        notes.print(f"提醒：字体中没有这些字，纸面上是空框：{view['missing']}", soft_wrap=True, markup=False)


def _show_checked(found: list[dict[str, Any]]) -> None:
    rows = [[one["form"], one["file"], "本机关" if one["own"] else "默认", one["problem"] or "可用"] for one in found]
    table("文书模板", ["文书名", "文件", "来源", "结果"], rows)
