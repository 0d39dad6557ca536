"""``shuangsui calendar``: working days, and how a term comes to its last day."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from shuangsui.calendar import official
from shuangsui.cli.common import JsonOption, TenantOption, UserOption, emit, existing, table
from shuangsui.cli.desk import desk
from shuangsui.cli.typed import day_of
from shuangsui.disclosure import notices
from shuangsui.disclosure.messages import HEALTH, WHY
from shuangsui.disclosure.wording import weekday
from shuangsui.draws.freezing import legal_day
from shuangsui.rules import calendars

app = typer.Typer(help="工作日历", no_args_is_help=True)


@app.command("due")
def due(
    end: Annotated[str, typer.Option(help="检查结束的日期，如 2026-12-04；当天不计入", show_default=False)],
    days: Annotated[int, typer.Option(min=1, max=250, help="多少个工作日")] = 20,
    as_json: JsonOption = False,
) -> None:
    """推算期限：第几个工作日是哪一天，哪些日子不算。"""
    calendar, start = official(), day_of(end)
    steps = [asdict(step) for step in calendar.derive(start, days)]
    said = {"end": start, "days": days, **asdict(calendar.add(start, days)), "calendar": calendar.version}
    emit({**said, "steps": steps}, as_json=as_json, human=_show)


@app.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(help="放假安排的 JSON 文件：year、source、issued、days_off、make_up_days")],
    tenant: TenantOption,
    user: UserOption,
    as_json: JsonOption = False,
) -> None:
    """导入国务院办公厅的放假安排，并按它重新推算所有未了的期限；市级导入的，各区县随即自行推算。"""
    at = desk(tenant)
    with at.session() as session:
        data, today = existing(file).read_bytes(), legal_day(at.now(session))
        notice, moved = notices.take_in(session, at.office, data, actor=user, today=today)
    emit({"year": notice.year, "digest": notice.digest, "moved": [asdict(one) for one in moved]}, as_json=as_json,
         human=_show_import)  # fmt: skip


@app.command("status")
def status(tenant: TenantOption, as_json: JsonOption = False) -> None:
    """本机关现用的放假安排，以及明年的是否已经导入。"""
    at = desk(tenant)
    with at.session(readonly=True) as session:
        calendar, today = calendars.in_force(session, at.office.tenant), legal_day(at.now(session))
    years = [
        {
            "year": one.year,
            "source": one.source,
            "issued": one.issued,
            "amended_by": one.amended_by,
            "digest": one.digest,
        }
        for one in calendar.notices
    ]
    found = {"version": calendar.version, "health": calendars.health(calendar, today), "years": years}
    emit(found, as_json=as_json, human=_show_status)


def _show_import(found: dict[str, Any]) -> None:
    typer.echo(f"{found['year']} 年的放假安排已经导入，{len(found['moved'])} 项期限变动。")
    for one in found["moved"]:
        typer.echo(f"  {one['key']}：{one['old']} → {one['new']}")


def _show_status(found: dict[str, Any]) -> None:
    rows = [[one["year"], one["source"], one["issued"], "、".join(one["amended_by"])] for one in found["years"]]
    table(f"工作日历 {found['version']}", ["年度", "依据", "发布日期", "后来的调整"], rows)
    typer.echo(HEALTH[found["health"]])


def _show(found: dict[str, Any]) -> None:
    rows = [[step["day"], weekday(step["day"]), WHY[step["why"]], step["n"] or ""] for step in found["steps"]]
    table(f"{found['end']} 之后第 {found['days']} 个工作日", ["日期", "星期", "性质", "第几个工作日"], rows)
    typer.echo(f"期限：{found['due']}（当日 24 时）")
    if found["provisional"]:
        typer.echo(
            f"暂定：下一年的放假安排还没有公布，按可能的最早日期执行；"
            f"只按法定节假日推算为 {found['formula']}，最晚可能为 {found['latest']}。"
        )
