"""``shuangsui user``: users and their roles in a tenant."""

from __future__ import annotations

from dataclasses import asdict
from getpass import getuser
from typing import Annotated, Any

import typer

from shuangsui.access import service
from shuangsui.access.policy import ROLE_NAMES, Role
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk

app = typer.Typer(help="用户与角色", no_args_is_help=True)

LoginArgument = Annotated[str, typer.Argument(help="登录名", show_default=False)]
OptionalUser = Annotated[str | None, typer.Option("--as", help="以哪个用户的身份办理", show_default=False)]


@app.command()
def add(
    login: LoginArgument,
    tenant: TenantOption,
    name: Annotated[str, typer.Option("--name", help="姓名", show_default=False)],
    by: OptionalUser = None,
    bootstrap: Annotated[bool, typer.Option("--bootstrap", help="租户的第一个用户，即安全管理员")] = False,
    as_json: JsonOption = False,
) -> None:
    """添加用户；租户还没有任何用户时用 --bootstrap，以操作系统账号为凭。"""
    if (by is None) is not bootstrap:
        raise typer.BadParameter("请写明 --as 用户，或者（只在租户还没有用户时）--bootstrap，两者取一。")
    with desk(tenant).session() as session:
        if by is None:
            service.bootstrap(session, login, name, account=f"os:{getuser()}")
        else:
            service.add_user(session, login, name, by=by)
    emit({"login": login, "name": name}, as_json=as_json, human=lambda user: typer.echo(f"已添加用户 {user['login']}"))


@app.command()
def grant(
    login: LoginArgument,
    role: Annotated[Role, typer.Argument(help="角色", show_default=False)],
    tenant: TenantOption,
    by: UserOption,
    as_json: JsonOption = False,
) -> None:
    """给用户一个角色；须由安全管理员办理，且不能给自己授权。"""
    with desk(tenant).session() as session:
        service.grant(session, login, role, by=by)
    emit({"login": login, "role": role}, as_json=as_json, human=lambda _: typer.echo(f"{login} 已任{ROLE_NAMES[role]}"))


@app.command("list")
def list_users(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出租户的用户和角色。"""
    with desk(tenant).session(readonly=True) as session:
        members = [asdict(member) for member in service.members(session)]
    emit(members, as_json=as_json, human=_show)


def _show(members: list[dict[str, Any]]) -> None:
    rows = [
        [one["login"], one["name"], "在用" if one["active"] else "停用", "、".join(ROLE_NAMES[r] for r in one["roles"])]
        for one in members
    ]
    table(f"用户 {len(rows)} 人", ["登录名", "姓名", "状态", "角色"], rows)
