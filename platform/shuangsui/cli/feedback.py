"""``shuangsui feedback``: the enterprise's word on the conduct of a team (article 16)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.cli.task import TaskArgument
from shuangsui.inspections import feedback, links

app = typer.Typer(help="企业评价：评价口令、作答、监督人员查阅和换发", no_args_is_help=True)


@app.command()
def link(no: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """取得给检查对象的口令，通知之后即可取得；是否已经评价都一样。可打印的评价单见 document print feedback。"""
    at = desk(tenant)
    with at.session() as session:
        token = links.make_link(session, at.office, no, actor=user)
    emit({"task": no, "token": token}, as_json=as_json, human=lambda made: typer.echo(made["token"]))


@app.command()
def renew(no: TaskArgument, tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """监督人员在口令遗失或者过期时换发，原口令作废。"""
    at = desk(tenant)
    with at.session() as session:
        token = links.renew(session, at.office, no, actor=user)
    emit({"task": no, "token": token}, as_json=as_json, human=lambda made: typer.echo(made["token"]))


@app.command()
def answer(
    token: Annotated[str, typer.Argument(help="评价口令", show_default=False)],
    tenant: TenantOption,
    rating: Annotated[int, typer.Option(help="1 至 5 分", show_default=False)],
    text: Annotated[str, typer.Option(help="意见")] = "",
) -> None:
    """检查对象作出评价；被评价的检查处室看不到。"""
    with desk(tenant).session() as session:
        feedback.answer(session, token, rating, text)
    typer.echo("已收到，谢谢。")


@app.command()
def read(tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """监督人员查阅全部评价。"""
    with desk(tenant).session() as session:
        found = [asdict(one) for one in feedback.read(session, actor=user)]
    emit(found, as_json=as_json, human=_show)


def _show(found: list[dict[str, Any]]) -> None:
    rows = [[one["task"], one["object_name"], one["rating"], one["text"]] for one in found]
    table(f"评价 {len(found)} 份", ["任务", "检查对象", "评分", "意见"], rows)
