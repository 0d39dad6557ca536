"""``shuangsui watch``: look at every term and list what somebody must do; a scheduler may call it daily."""

from __future__ import annotations

from typing import Any

import typer

from shuangsui.access.policy import ROLE_NAMES, Role
from shuangsui.cli.common import JsonOption, TenantOption, emit, table
from shuangsui.cli.desk import desk
from shuangsui.draws.freezing import legal_day
from shuangsui.ledger.alerts import open_alerts
from shuangsui.texts import alert_titles
from shuangsui.worker.jobs import sweep

LEVELS = {"warn": "提醒", "breach": "逾期"}


def watch(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """检查各项期限，列出需要处理的提醒和逾期。"""
    at = desk(tenant)
    with at.session() as session:
        sweep(session, at.office, legal_day(at.now(session)))
        found = [alert.model_dump(exclude={"tenant_id", "id", "open"}) for alert in open_alerts(session)]
    emit(found, as_json=as_json, human=_show)


def _show(found: list[dict[str, Any]]) -> None:
    titles = alert_titles()
    rows = [
        [
            LEVELS[one["level"]], titles.get(one["kind"], one["kind"]), one["subject"], one["due"], one["article"],
            "、".join(ROLE_NAMES[Role(role)] for role in one["to"]),
        ]
        for one in found
    ]  # fmt: skip
    if not rows:
        typer.echo("没有需要处理的提醒。")
        return
    table(f"提醒 {len(rows)} 项", ["程度", "事由", "对象", "期限", "依据", "送"], rows)
