"""``shuangsui serve``: public pages, console and API over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer
from granian import Granian
from granian.constants import Interfaces

from shuangsui.cli.common import settings
from shuangsui.cli.desk import database
from shuangsui.web import logs

HostOption = Annotated[str, typer.Option("--host", help="监听的地址")]
PortOption = Annotated[int, typer.Option("--port", min=1, max=65535, help="监听的端口")]


def serve(host: HostOption = "127.0.0.1", port: PortOption = 8000) -> None:
    """提供公示网站、工作台（/console/）和接口（/api/）；日志逐行写到标准错误，按 Ctrl+C 结束。"""
    database(settings()).dispose()  # an embedded database is brought to the newest revision before anybody asks
    server = Granian(
        "shuangsui.web.app:served",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        factory=True,
        websockets=False,
        log_dictconfig=logs.server_config(),
    )
    server.serve()
