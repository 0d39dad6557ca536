"""``shuangsui mock-sink``: the outside systems on the own machine, to try plugins against."""

from __future__ import annotations

import csv
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from shuangsui.cli.common import existing, notes
from shuangsui.cli.typed import day_of
from shuangsui.errors import BadInput
from shuangsui.tenancy.tenant import TIMEZONE
from shuangsui.testing import faults
from shuangsui.testing.gateways import WeCom
from shuangsui.testing.sink import SYSTEMS, TOKEN, Sink
from shuangsui.testing.systems import Directory, Registrar, Request


def mock_sink(
    port: Annotated[int, typer.Option(min=0, max=65535, help="监听的端口，0 为任选一个")] = 8090,
    token: Annotated[str, typer.Option(help="调用方须出示的令牌")] = TOKEN,
    objects: Annotated[
        Path | None, typer.Option(help="登记机关的名单：UTF-8 CSV 文件，须有 code 列", show_default=False)
    ] = None,
    experts: Annotated[
        Path | None,
        typer.Option(
            help="外部专家库的名单：UTF-8 CSV 文件，须有 number 和 name 列，fields 以分号隔开", show_default=False
        ),
    ] = None,
    day: Annotated[str | None, typer.Option(help="名单是哪一天的，默认今天", show_default=False)] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(help=f"系统=故障，可以重复；故障有 {faults.NAMES}", metavar="SYSTEM=FAULT", show_default=False),
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="多少秒后自行结束，默认不结束", show_default=False)] = None,
) -> None:
    """在本机扮演各个外部系统（见 --fault），供演示和试用插件；收到的请求逐行写到标准输出。"""
    of = day_of(day) if day else _today()
    registrar = Registrar(_rows(objects, "code") if objects else (), of)
    directory = Directory(_experts(experts) if experts else (), of)
    sink = Sink(token, port, tell=_tell, registrar=registrar, directory=directory, wecom=WeCom(token))
    for name, broken in map(_fault, fault or ()):
        sink.fail(name, broken)
    with sink:
        addresses = "、".join(f"{name} {sink.url(name)}" for name in SYSTEMS)
        notes.print(f"模拟的外部系统已经启动：{addresses}；按 Ctrl+C 结束。", soft_wrap=True, markup=False)
        try:
            sink.wait(seconds)
        except KeyboardInterrupt:
            notes.print("已结束。")


def _experts(file: Path) -> list[dict[str, object]]:
    """Rows of the contract: an empty cell is left out."""
    return [
        {
            **{name: cell for name, cell in row.items() if cell and name != "fields"},
            "fields": [one for one in (row.get("fields") or "").replace("；", ";").split(";") if one],
        }
        for row in _rows(file, "number")
    ]


def _rows(file: Path, key: str) -> list[dict[str, str]]:
    with existing(file).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not all(row.get(key) for row in rows):
        raise BadInput("sink_objects", file=file, column=key)
    return rows


def _fault(text: str) -> tuple[str, faults.Fault]:
    system, _, name = text.partition("=")
    try:
        if system in SYSTEMS:
            return system, faults.parsed(name)
    except ValueError:
        pass
    raise BadInput("sink_fault", text=text, systems="、".join(SYSTEMS), faults=faults.NAMES)


def _tell(request: Request, status: int) -> None:
    """One JSON line for each request; neither its headers nor the token."""
    told = {"system": request.system, "method": request.method, "path": request.path, "status": status}
    sys.stdout.write(json.dumps({**told, "authorised": request.authorised}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _today() -> date:
    return datetime.now(ZoneInfo(TIMEZONE)).date()
