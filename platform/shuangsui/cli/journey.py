"""``shuangsui journey``: a whole year of one authority on invented data and a simulated clock, counted at its end."""

from __future__ import annotations

import os
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from shuangsui.cli.common import JsonOption, TenantOption, emit, notes, settings, table
from shuangsui.cli.year import lots, outside, publication, visits
from shuangsui.cli.year.report import report
from shuangsui.cli.year.script import LINES, SPECIALS, Line, fates
from shuangsui.cli.year.stage import Stage, stage, watch
from shuangsui.errors import BadInput

VarOption = Annotated[
    Path | None, typer.Option(help="在哪个空文件夹，默认 $SHUANGSUI_VAR/journey-<租户>-<种子>", show_default=False)
]


def journey(
    tenant: TenantOption,
    seed: Annotated[int, typer.Option(help="种子：同一租户、年份、种子，结果相同")] = 7,
    year: Annotated[int, typer.Option(min=2024, max=2026, help="哪一年（须有法定节假日安排）")] = 2026,
    var: VarOption = None,
    as_json: JsonOption = False,
) -> None:
    """用模拟数据和模拟时钟走完一年：计划、抽取、回避、检查、专项检查、整改，最后核对台账。"""
    folder = (var or settings().var / f"journey-{tenant}-{seed}").resolve()
    if (folder / "shuangsui.db").exists():
        raise BadInput("demo_not_empty", var=folder)
    os.environ["SHUANGSUI_VAR"] = str(folder)
    played = stage(settings(), tenant, year, seed)
    _appoint(played)
    played.play()
    with played.session() as session:
        found = report(session)
    emit(found, as_json=as_json, human=_show)
    notes.print(f"数据在 {folder}", markup=False, soft_wrap=True)
    if found["ledger"]["faults"]:
        raise typer.Exit(1)


def _appoint(played: Stage) -> None:
    """The year's fixed days; what follows a draw is put on the agenda by the draw."""
    year = played.year
    folder = lots.write_files(played)
    played.at(date(year, 1, 4), 9, partial(lots.open_office, played))
    played.at(date(year, 1, 5), 9, partial(lots.import_all, played, folder))
    played.at(date(year, 1, 12), 9, partial(lots.publish_list, played, folder))
    played.at(date(year, 2, 9), 9, partial(lots.publish_plan, played))
    for line in LINES:
        played.at(line.day(year), 9, partial(_draw, played, folder, line))
    for special in SPECIALS:
        played.at(special.day(year), 10, partial(outside.inspect_outside, played, special))
    for month in range(2, 13):
        played.at(date(year, month, 1), 8, partial(watch, played))
        for day in (1, 15):
            played.at(date(year, month, day), 16, partial(publication.disclose, played))
    for day in (29, 30):
        played.at(date(year, 12, day), 16, partial(publication.disclose, played))


def _draw(played: Stage, folder: Path, line: Line) -> None:
    lots.refresh(played, folder)
    draw = lots.draw_line(played, line)
    numbers = visits.dispatch(played, draw.no, line.mode)
    visits.appoint(played, numbers, fates(line, len(numbers), played.seed))


def _show(found: dict[str, Any]) -> None:
    heads = {
        "draw": "抽取", "day": "日期", "item": "事项", "mode": "方式", "pool": "名录", "drawn": "抽中",
        "inspected": "已办结",
    }  # fmt: skip
    table("双随机抽查", list(heads.values()), [[str(row[name]) for name in heads] for row in found["draws"]])
    table("全年", ["项目", "数量"], [[name, str(count)] for name, count in found["totals"].items()])
    checked, faults = found["ledger"], len(found["ledger"]["faults"])
    verdict = f"{faults} 处改动" if faults else "未发现改动"
    typer.echo(f"台账 {checked['ledger']} 条、抽取日志 {checked['drawlog']} 条：{verdict}")
    typer.echo(f"抽取日志的根 {found['root']}")
