"""``shuangsui disclosure``: what is public, what is not confirmed, and publishing it again."""

from __future__ import annotations

from typing import Any

import typer

from shuangsui.access.service import require
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.contracts import DisclosureChannel, Health
from shuangsui.disclosure import service
from shuangsui.disclosure.messages import KINDS, STATES
from shuangsui.disclosure.tables import Publication
from shuangsui.errors import OutsideFailed
from shuangsui.extension.service import channels
from shuangsui.texts import sentence
from shuangsui.web.rendering import moment

app = typer.Typer(help="公示：各项的状态与回执、渠道、重新公示", no_args_is_help=True)


@app.command("list")
def list_publications(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出各项公示的最新一次及其回执。"""
    emit(_publications(tenant), as_json=as_json, human=_show_publications)


@app.command("channels")
def list_channels(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """列出公示渠道，并检查各渠道现在能否使用；有不能用的，退出码为 3。"""
    at = desk(tenant)
    found = [_channel(one) for one in channels(at.office.tenant, at.settings)]
    emit(found, as_json=as_json, human=_show_channels)
    if not all(one["ok"] for one in found):
        raise typer.Exit(OutsideFailed.exit_status)


@app.command()
def publish(tenant: TenantOption, user: UserOption, as_json: JsonOption = False) -> None:
    """把全部应公示的内容重新送到各渠道并读回核对；可以反复执行。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        require(session, user, "publish")
    at.publish_site(actor=user)
    emit(_publications(tenant), as_json=as_json, human=_show_publications)


def _publications(tenant: str) -> list[dict[str, Any]]:
    with desk(tenant).session(readonly=True) as session:
        return [_facts(row) for row in service.publications(session)]


def _facts(row: Publication) -> dict[str, Any]:
    names = ("kind", "key", "revision", "state", "digest", "at", "receipts")
    return {name: getattr(row, name) for name in names}


def _channel(channel: DisclosureChannel) -> dict[str, Any]:
    try:
        health = channel.check()
    except OutsideFailed as error:
        health = Health(ok=False, message=sentence(error))
    return {"channel": channel.name, "ok": health.ok, "message": health.message}


def _show_publications(found: list[dict[str, Any]]) -> None:
    table(f"公示 {len(found)} 项", ["种类", "编号", "版次", "状态", "时间", "回执"], [_cells(one) for one in found])


def _cells(one: dict[str, Any]) -> list[Any]:
    names = [KINDS[one["kind"]], one["key"], one["revision"], STATES[one["state"]]]
    return [*names, moment(one["at"]), _receipts(one["receipts"])]


def _receipts(receipts: list[dict[str, Any]]) -> str:
    return "；".join(f"{one['channel']} {one['problem'] or one['reference']}" for one in receipts)


def _show_channels(found: list[dict[str, Any]]) -> None:
    rows = [[one["channel"], "正常" if one["ok"] else "不能用", one["message"]] for one in found]
    table(f"公示渠道 {len(rows)} 个", ["渠道", "状态", "说明"], rows)
