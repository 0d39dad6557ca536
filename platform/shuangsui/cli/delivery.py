"""``shuangsui disclosure items`` and what follows: every delivery with its receipt, started again, corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import typer

from shuangsui import db
from shuangsui.access.service import require
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.disclosure import board, corrections, deliveries, interventions, terms
from shuangsui.disclosure.following import press_of
from shuangsui.disclosure.messages import DELIVERIES, DISCLOSED, STANDINGS
from shuangsui.disclosure.ways import portal_ways
from shuangsui.errors import BadInput, ShuangsuiError
from shuangsui.texts import sentence
from shuangsui.web.telling import moment

KindArgument = Annotated[str, typer.Argument(metavar="KIND", help="种类：result、round、withheld、decision、notice")]
KeyArgument = Annotated[str, typer.Argument(metavar="KEY", help="编号", show_default=False)]
NoteOption = Annotated[str, typer.Option(help="向公众说明的一句话", show_default=False)]


def list_items(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出各公示事项：期限、总的状态、各渠道的状态。"""
    with desk(tenant).session(readonly=True) as session:
        found = [_said(one) for one in board.board(session)]
    emit(found, as_json=as_json, human=_show_items)


def show(kind: KindArgument, key: KeyArgument, tenant: TenantOption, as_json: JsonOption = False) -> None:
    """一项公示的全部版次、各渠道的送达、尝试次数、最近的错误和回执。"""
    with desk(tenant).session(readonly=True) as session:
        found = _said(board.one(session, kind, key))
    emit(found, as_json=as_json, human=_show_one)


def deliver(tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """现在就送达各渠道到时候的全部事项；平时由后台任务办理。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        require(session, user, "publish")
    at.publish_site(actor=user)
    press, sessions = press_of(at.office, at.settings), partial(db.session, at.engine, at.office.tenant.slug)
    ways = [*portal_ways(press.channels), *press.exporters]
    done = {way.channel: deliveries.drain(sessions, at.office, way) for way in ways}
    with at.session() as session:
        terms.settle(session)
    emit(done, as_json=as_json, human=_show_done)


def replay(
    tenant: TenantOption,
    user: UserOption,
    delivery: Annotated[str | None, typer.Argument(metavar="ID", help="送达编号", show_default=False)] = None,
    channel: Annotated[str | None, typer.Option(help="一个渠道上没有送达的全部事项", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """重新送达：一项，或者一个渠道上被退回和等待的全部。"""
    if (delivery is None) is (channel is None):
        raise BadInput("replay_what")
    with desk(tenant).session() as session:
        if channel:
            count = interventions.replay_channel(session, channel, actor=user)
        else:
            interventions.replay(session, _id(delivery or ""), actor=user)
            count = 1
    emit({"count": count}, as_json=as_json, human=lambda _found: typer.echo(f"重新送达 {count} 项。"))


def receipt(
    delivery: Annotated[str, typer.Argument(metavar="ID", help="送达编号", show_default=False)],
    tenant: TenantOption,
    user: UserOption,
    reference: Annotated[str, typer.Option(help="在对方系统查到的编号或者网址", show_default=False)],
    seen_on: Annotated[datetime, typer.Option("--seen", formats=["%Y-%m-%d"], help="哪天查到", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """登记人工办理的回执：没有对接插件的渠道，或者插件办不成的。"""
    at = desk(tenant)
    with at.session() as session:
        row = interventions.receive(
            session, at.office, _id(delivery), reference=reference, seen_on=seen_on.date(), actor=user
        )
        found = {"id": row.id, "channel": row.channel, "state": row.state, "receipt": row.receipt}
    emit(found, as_json=as_json, human=lambda one: typer.echo(f"渠道 {one['channel']} 的回执已登记。"))


def accept(
    kind: KindArgument,
    key: KeyArgument,
    tenant: TenantOption,
    user: UserOption,
    wrong: Annotated[str, typer.Option(help="哪里有误", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """受理更正：从受理之日起算更正期限。"""
    with desk(tenant).session() as session:
        made = corrections.accept(session, kind, key, wrong, actor=user)
        found = {"kind": kind, "key": key, "n": made.n, "wrong": made.wrong, "accepted_at": made.accepted_at}
    emit(found, as_json=as_json, human=lambda one: typer.echo(f"已受理 {key} 的第 {one['n']} 项更正。"))


def correct(
    kind: KindArgument,
    key: KeyArgument,
    tenant: TenantOption,
    user: UserOption,
    change: Annotated[list[str], typer.Option("--set", help="栏目=更正后的内容，可以重复", show_default=False)],
    note: NoteOption,
    as_json: JsonOption = False,
) -> None:
    """更正：各渠道换成新的版次，页面上写明更正了什么、何时更正。"""
    at = desk(tenant)
    with at.session() as session:
        corrections.correct(session, kind, key, _changes(change), note, actor=user)
    at.publish_site(actor=user)
    _after(tenant, kind, key, as_json)


def withdraw(
    kind: KindArgument, key: KeyArgument, tenant: TenantOption, user: UserOption, note: NoteOption,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """撤下：各渠道不再展示，页面上留下说明。"""
    at = desk(tenant)
    with at.session() as session:
        corrections.withdraw(session, kind, key, note, actor=user)
    at.publish_site(actor=user)
    _after(tenant, kind, key, as_json)


def _after(tenant: str, kind: str, key: str, as_json: bool) -> None:
    with desk(tenant).session(readonly=True) as session:
        found = _said(board.one(session, kind, key))
    emit(found, as_json=as_json, human=_show_one)


def _changes(texts: Sequence[str]) -> dict[str, Any]:
    """``name=value``; categories and numbers as what they are."""
    found: dict[str, Any] = {}
    for text in texts:
        name, _, value = text.partition("=")
        found[name] = value.split(",") if name == "categories" else int(value) if value.isdigit() else value
    return found


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BadInput("delivery_missing", id=text) from error


def _said(one: dict[str, Any]) -> dict[str, Any]:
    """Errors as sentences beside their codes."""
    for row in [*one["deliveries"], *(sent for past in one.get("revisions", ()) for sent in past["deliveries"])]:
        row["problem"] = (
            sentence(ShuangsuiError(row["error"]["code"], **row["error"]["params"])) if row["error"] else ""
        )
    return one


def _show_items(found: list[dict[str, Any]]) -> None:
    rows = [
        [DISCLOSED[one["kind"]], one["key"], one["revision"], one["title"], STANDINGS[one["standing"]],
         one["term"]["due"] if one["term"] else "", "；".join(map(_brief, one["deliveries"]))]
        for one in found
    ]  # fmt: skip
    table(f"公示事项 {len(rows)} 项", ["种类", "编号", "版次", "内容", "状态", "期限", "渠道"], rows)


def _brief(row: dict[str, Any]) -> str:
    return f"{row['channel']} {DELIVERIES[row['state']]}"


def _show_one(found: dict[str, Any]) -> None:
    typer.echo(f"{DISCLOSED[found['kind']]} {found['key']}：{found['title']}，{STANDINGS[found['standing']]}。")
    for past in found["revisions"]:
        rows = [
            [row["id"], row["channel"], DELIVERIES[row["state"]], row["attempts"], row["problem"],
             (row["receipt"] or {}).get("reference", ""), moment(row["confirmed_at"]) if row["confirmed_at"] else ""]
            for row in past["deliveries"]
        ]  # fmt: skip
        heading = f"第 {past['revision']} 版 {past['published_on']} {past['note']}"
        table(heading, ["送达编号", "渠道", "状态", "尝试", "最近的错误", "回执", "确认时间"], rows)


def _show_done(found: dict[str, int]) -> None:
    table("送达", ["渠道", "确认"], [[channel, count] for channel, count in found.items()])


COMMANDS: Mapping[str, Callable[..., None]] = {
    "items": list_items,
    "show": show,
    "deliver": deliver,
    "replay": replay,
    "receipt": receipt,
    "accept": accept,
    "correct": correct,
    "withdraw": withdraw,
}
"""Name → command, for the group ``disclosure``."""
