"""``shuangsui user``: users and their roles in a tenant."""

from __future__ import annotations

import sys
from dataclasses import asdict
from getpass import getuser
from typing import Annotated, Any

import typer

from shuangsui.access import factors, leaving, service, staff
from shuangsui.access.policy import ROLE_NAMES, Role
from shuangsui.access.profiles import ONCE_DAYS, terms_of
from shuangsui.access.tables import PersonOf
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.errors import NotFound
from shuangsui.notification import recipients
from shuangsui.notification.messages import ADDRESSES
from shuangsui.registry import people

app = typer.Typer(help="用户与角色", no_args_is_help=True)

LoginArgument = Annotated[str, typer.Argument(help="登录名", show_default=False)]
NameOption = Annotated[str, typer.Option("--name", help="姓名", show_default=False)]
PasswordOption = Annotated[
    bool, typer.Option("--password-stdin", help="从标准输入读口令（自动化用），不另发一次性口令")
]


@app.command()
def bootstrap(
    login: LoginArgument,
    tenant: TenantOption,
    name: NameOption,
    stdin: PasswordOption = False,
    as_json: JsonOption = False,
) -> None:
    """添加租户的第一个用户，即安全管理员；以操作系统账号为凭，只能办一次。"""
    own, account = _given(stdin), f"os:{getuser()}"
    at = desk(tenant)
    with at.session() as session:
        user = service.bootstrap(session, login, name, account=account)
        password = service.first_password(session, user, account=account, own=own, terms=terms_of(at.office.tenant))
    _say({"login": login, "name": user.name}, password, f"已添加安全管理员 {login}", own, as_json)


@app.command()
def add(
    login: LoginArgument,
    tenant: TenantOption,
    name: NameOption,
    by: UserOption,
    stdin: PasswordOption = False,
    as_json: JsonOption = False,
) -> None:
    """添加用户，并发给一次性口令；角色另用 user grant 授予。"""
    own = _given(stdin)
    at = desk(tenant)
    with at.session() as session:
        service.add_user(session, login, name, by=by)
        password = service.give_password(session, login, by=by, own=own, terms=terms_of(at.office.tenant))
    _say({"login": login, "name": name}, password, f"已添加用户 {login}", own, as_json)


@app.command()
def password(
    login: LoginArgument,
    tenant: TenantOption,
    by: UserOption,
    stdin: PasswordOption = False,
    as_json: JsonOption = False,
) -> None:
    """重置口令：另发一次性口令，该用户已有的登录一律失效。"""
    own = _given(stdin)
    at = desk(tenant)
    with at.session() as session:
        made = service.give_password(session, login, by=by, own=own, terms=terms_of(at.office.tenant))
    _say({"login": login}, made, f"已重置 {login} 的口令", own, as_json)


@app.command()
def factor(login: LoginArgument, tenant: TenantOption, by: UserOption, as_json: JsonOption = False) -> None:
    """重置第二因素：手机遗失时使用，该用户已有的登录一律失效；不能重置自己的。"""
    with desk(tenant).session() as session:
        factors.reset(session, login, by=by)
    emit({"login": login}, as_json=as_json, human=lambda _: typer.echo(f"已重置 {login} 的第二因素"))


@app.command()
def deactivate(login: LoginArgument, tenant: TenantOption, by: UserOption, as_json: JsonOption = False) -> None:
    """停用本机关的用户：在各机关的登录和接口令牌一律失效，角色和待办事项不变；不能停用自己。"""
    with desk(tenant).session() as session:
        leaving.deactivate(session, login, by=by)
    emit({"login": login}, as_json=as_json, human=lambda _: typer.echo(f"已停用 {login}"))


@app.command()
def reactivate(login: LoginArgument, tenant: TenantOption, by: UserOption, as_json: JsonOption = False) -> None:
    """恢复已停用的用户：凭原口令重新登录，原来的接口令牌须另发。"""
    with desk(tenant).session() as session:
        leaving.reactivate(session, login, by=by)
    emit({"login": login}, as_json=as_json, human=lambda _: typer.echo(f"已恢复 {login}"))


@app.command("staff")
def begin_staff(
    login: LoginArgument,
    tenant: TenantOption,
    name: NameOption,
    reason: Annotated[str, typer.Option(help="为何要查看，租户看得到", show_default=False)],
    hours: Annotated[int, typer.Option(help="几小时后自行结束，最长 8 小时")] = 2,
    as_json: JsonOption = False,
) -> None:
    """开始运维会话：运维人员限时查看租户的业务，不能办理；以操作系统账号为凭，写入租户的台账。"""
    at, account = desk(tenant), f"os:{getuser()}"
    terms = terms_of(at.office.tenant)
    with at.session() as session:
        leave, made = staff.begin(session, login, name, hours=hours, reason=reason, account=account, terms=terms)
    document = {"login": login, "id": str(leave.id), "until": leave.until.isoformat()}
    _say(document, made, f"{login} 可以查看 {tenant} 到 {document['until']}", None, as_json)


@app.command("staff-end")
def end_staff(login: LoginArgument, tenant: TenantOption, as_json: JsonOption = False) -> None:
    """提前结束运维会话。"""
    with desk(tenant).session() as session:
        leave = service.leave_of(session, service.existing(session, login))
        if leave is None:
            raise NotFound("staff_missing")
        staff.end(session, leave.id, by=f"os:{getuser()}")
    emit({"login": login}, as_json=as_json, human=lambda _: typer.echo(f"{login} 的运维会话已结束"))


@app.command()
def link(
    login: LoginArgument,
    tenant: TenantOption,
    by: UserOption,
    inspector: Annotated[str | None, typer.Option("--inspector", help="执法证号", show_default=False)] = None,
    expert: Annotated[str | None, typer.Option("--expert", help="专家编号", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """把用户和名录库中的执法检查人员或专家对应起来；检查任务据此认人。"""
    if (inspector is None) is (expert is None):
        raise typer.BadParameter("请写明 --inspector 执法证号，或者 --expert 专家编号，两者取一。")
    kind, number = (PersonOf.INSPECTOR, inspector) if inspector else (PersonOf.EXPERT, expert or "")
    with desk(tenant).session() as session:
        people.require_person(session, kind, number)
        service.link(session, login, kind, number, by=by)
    document = {"login": login, "kind": kind, "number": number}
    emit(document, as_json=as_json, human=lambda _: typer.echo(f"{login} 已对应 {number}"))


@app.command()
def address(
    login: LoginArgument,
    tenant: TenantOption,
    by: UserOption,
    email: Annotated[str | None, typer.Option(help="电子邮件地址；空文字表示不再用", show_default=False)] = None,
    phone: Annotated[str | None, typer.Option(help="手机号码；空文字表示不再用", show_default=False)] = None,
    wecom: Annotated[str | None, typer.Option(help="企业微信账号；空文字表示不再用", show_default=False)] = None,
    digest: Annotated[bool | None, typer.Option(help="是否接收每日汇总，逾期事项总会通知", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """登记用户的通知地址，或者只看已登记的（部分遮盖）；本人登记自己的，别人的由安全管理员登记。"""
    given = {"email": email, "phone": phone, "wecom": wecom}
    at = desk(tenant)
    vault = at.office.vault
    with at.session() as session:
        for kind, text in given.items():
            if text is not None:
                recipients.set_address(session, vault, login, kind, text, by=by)
        if digest is not None:
            recipients.set_digest(session, login, digest, by=by)
        found = recipients.shown(session, vault, login, by=by)
    emit(found, as_json=as_json, human=_show_addresses)


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


@app.command()
def revoke(
    login: LoginArgument,
    role: Annotated[Role, typer.Argument(help="角色", show_default=False)],
    tenant: TenantOption,
    by: UserOption,
    as_json: JsonOption = False,
) -> None:
    """撤销用户的一个角色，立即生效；不能撤销自己的。"""
    with desk(tenant).session() as session:
        service.revoke(session, login, role, by=by)
    done = f"{login} 不再任{ROLE_NAMES[role]}"
    emit({"login": login, "role": role}, as_json=as_json, human=lambda _: typer.echo(done))


@app.command("list")
def list_users(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出租户的用户和角色。"""
    with desk(tenant).session(readonly=True) as session:
        members = [asdict(member) for member in service.members(session)]
    emit(members, as_json=as_json, human=_show)


def _given(stdin: bool) -> str | None:
    return sys.stdin.readline().rstrip("\r\n") if stdin else None


def _say(document: dict[str, Any], password: str | None, done: str, own: str | None, as_json: bool) -> None:
    """The password is shown this once, and not at all if the caller brought it."""
    shown = {"password": password} if password and own is None else {}
    hint = f"，一次性口令：{password}（只显示这一次，{ONCE_DAYS} 天内有效，首次登录时须改）" if shown else ""
    emit(document | shown, as_json=as_json, human=lambda _: typer.echo(done + hint))


def _show_addresses(found: dict[str, Any]) -> None:
    rows = [[ADDRESSES[kind], text] for kind, text in found["addresses"].items()]
    table(f"{found['login']} 的通知地址，{'接收' if found['digest'] else '不接收'}每日汇总", ["种类", "地址"], rows)


def _show(members: list[dict[str, Any]]) -> None:
    rows = [
        [one["login"], one["name"], "在用" if one["active"] else "停用", "、".join(ROLE_NAMES[r] for r in one["roles"])]
        for one in members
    ]
    table(f"用户 {len(rows)} 人", ["登录名", "姓名", "状态", "角色"], rows)
