"""``shuangsui eligibility``: which posts and offices inspect which items (R6.3)."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.cli.typed import day_of
from shuangsui.draws import eligibility

app = typer.Typer(help="人员范围：事项族由哪些岗位、处室的执法检查人员承担", no_args_is_help=True)


@app.command("set")
def set_(
    tenant: TenantOption,
    user: UserOption,
    family: Annotated[str, typer.Option(help="事项族", show_default=False)],
    starts: Annotated[str, typer.Option("--from", help="从哪天起", show_default=False)],
    post: Annotated[list[str] | None, typer.Option(help="岗位，可以重复", show_default=False)] = None,
    office: Annotated[list[str] | None, typer.Option(help="处室，可以重复", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """新立一版范围；已经冻结的抽取不受影响。"""
    with desk(tenant).session() as session:
        rule = eligibility.set_rule(
            session, family, posts=post or (), offices=office or (), valid_from=day_of(starts), actor=user
        )
        stated = eligibility.stated(rule)
    emit(stated, as_json=as_json, human=lambda r: _show([r]))


@app.command()
def show(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出各版范围。"""
    with desk(tenant).session(readonly=True) as session:
        found = [eligibility.stated(rule) for rule in eligibility.rules_of(session)]
    emit(found, as_json=as_json, human=_show)


def _show(found: list[dict[str, Any]]) -> None:
    rows = [[f["family"], f["version"], f["valid_from"], "、".join(f["posts"]), "、".join(f["offices"])] for f in found]
    table("人员范围", ["事项族", "版", "自", "岗位", "处室"], rows)
