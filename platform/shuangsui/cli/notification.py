"""``shuangsui notification``: what people were told and what went wrong; trying a notifier."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer

from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.contracts import Health
from shuangsui.errors import BadInput, NotFound, OutsideFailed, ShuangsuiError
from shuangsui.extension import service as extension
from shuangsui.extension.isolation import Absent, LoadedNotifier
from shuangsui.notification import recipients, service, trial
from shuangsui.notification.messages import ADDRESSES, LEVELS, STATES
from shuangsui.notification.policy import NotificationState
from shuangsui.notification.tables import Notification
from shuangsui.texts import sentence
from shuangsui.web.telling import moment

app = typer.Typer(help="通知：发给谁、发出没有、为何发不出；试发", no_args_is_help=True)
NAMES = ("id", "level", "title", "notifier", "state", "attempts", "made_at", "next_at", "sent_at", "reference")


@app.command("list")
def list_notifications(
    tenant: TenantOption,
    state: Annotated[NotificationState | None, typer.Option(help="只列一种状态", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """列出通知，要人处理的在前，附最近一次失败的原因。"""
    with desk(tenant).session(readonly=True) as session:
        everybody = recipients.people(session)
        found = [
            _facts(row) | {"login": everybody[row.user_id].login if row.user_id in everybody else None}
            for row in service.listed(session, state)
        ]
    emit(found, as_json=as_json, human=_show)


@app.command("retry")
def retry(
    tenant: TenantOption,
    user: UserOption,
    notification: Annotated[
        str | None, typer.Argument(metavar="ID", help="通知编号，见 notification list", show_default=False)
    ] = None,
    refused: Annotated[bool, typer.Option("--refused", help="全部被退回的通知")] = False,
    as_json: JsonOption = False,
) -> None:
    """重新发送：一条，或者全部被退回的；立即由后台办理。"""
    if (notification is None) is not refused:
        raise BadInput("notification_which")
    count = 1
    with desk(tenant).session() as session:
        if notification is None:
            count = service.all_again(session, actor=user)
        else:
            service.again(session, _id(notification), actor=user)
    emit({"count": count}, as_json=as_json, human=lambda _found: typer.echo(f"重新发送 {count} 条。"))


@app.command("drop")
def drop(
    notification: Annotated[
        str, typer.Argument(metavar="ID", help="通知编号，见 notification list", show_default=False)
    ],
    tenant: TenantOption,
    user: UserOption,
    as_json: JsonOption = False,
) -> None:
    """不再发送一条通知，例如含个人信息而没有发出的；所说的事项仍在管理端。"""
    with desk(tenant).session() as session:
        service.drop(session, _id(notification), actor=user)
    emit({"id": notification}, as_json=as_json, human=lambda _found: typer.echo("这条通知不再发送。"))


@app.command("notifiers")
def notifiers(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出通知方式，并逐个检查能否使用；有不能用的，退出状态为 3。"""
    at = desk(tenant)
    known = extension.notifiers(at.office.tenant, at.settings)
    found = [_checked(one, said) for one, said in zip(known, trial.asked(known), strict=True)]
    emit(found, as_json=as_json, human=_show_notifiers)
    if not all(one["ok"] for one in found):
        raise typer.Exit(OutsideFailed.exit_status)


@app.command("test")
def try_one(
    notifier: Annotated[str, typer.Argument(help="通知方式，见 notification notifiers", show_default=False)],
    tenant: TenantOption,
    user: UserOption,
    to: Annotated[str, typer.Option(help="发给哪个用户", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """试发一条通知给一个用户登记的地址；收到即表示可以使用。"""
    at = desk(tenant)
    way = trial.chosen(extension.notifiers(at.office.tenant, at.settings), notifier)
    with at.session() as session:
        made = trial.message(session, at.office.vault, way, to, by=user)
    receipt = trial.send(way, made)
    found = {"id": made.id, "notifier": way.key, "login": to, "reference": receipt.reference, "at": receipt.at}
    emit(found, as_json=as_json, human=lambda one: typer.echo(f"已由 {way.key} 收下：{one['reference']}"))


def _facts(row: Notification) -> dict[str, Any]:
    blocked, error = row.state is NotificationState.BLOCKED, row.error
    problem = sentence(ShuangsuiError(error["code"], **error["params"])) if error else ""
    facts = {name: getattr(row, name) for name in NAMES}
    return facts | {"problem": problem} | ({"title": ""} if blocked else {})


def _checked(one: LoadedNotifier | Absent, said: Health | OutsideFailed) -> dict[str, Any]:
    ok, message = (said.ok, said.message) if isinstance(said, Health) else (False, sentence(said))
    kind = one.address_kind if isinstance(one, LoadedNotifier) else None
    return {"notifier": one.key, "address_kind": kind, "ok": ok, "message": message}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("notification_missing", id=text) from error


def _show(found: list[dict[str, Any]]) -> None:
    rows = [
        [one["id"], moment(one["made_at"]), LEVELS[one["level"]], one["title"], one["login"], one["notifier"],
         STATES[one["state"]], one["attempts"], one["problem"]]
        for one in found
    ]  # fmt: skip
    columns = ["编号", "时间", "程度", "事由", "通知谁", "方式", "状态", "已尝试", "最近的错误"]
    table(f"通知 {len(rows)} 条", columns, rows)


def _show_notifiers(found: list[dict[str, Any]]) -> None:
    rows = [
        [one["notifier"], ADDRESSES.get(one["address_kind"], ""), "正常" if one["ok"] else "不能用", one["message"]]
        for one in found
    ]
    table(f"通知方式 {len(rows)} 种", ["方式", "地址", "状态", "说明"], rows)
