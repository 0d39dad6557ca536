"""``shuangsui serve`` as a process of its own, over real HTTP, and ``shuangsui worker`` beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import httpx

from ports import free_port
from shuangsui.settings import Settings

ROOT = Path(__file__).parents[2]
COMMAND = "import typer; from shuangsui.cli.serve import serve; typer.run(serve)"
WORKER = "import typer; from shuangsui.cli.worker import worker; typer.run(worker)"


@dataclass
class Server:
    """A running server and its port."""

    process: subprocess.Popen
    port: int
    log: IO[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(
    settings: Settings, environment: Mapping[str, str] | None = None, port: int | None = None
) -> Iterator[Server]:
    """Started, answering, and ended afterwards; in a process group of its own, at a free port if none is given."""
    port = port or free_port()
    command = [sys.executable, "-c", COMMAND, "--port", str(port)]
    env = {**os.environ, "SHUANGSUI_VAR": str(settings.var), "SHUANGSUI_TENANTS": str(ROOT / "tenants")}
    env |= environment or {}
    with TemporaryFile("w+", encoding="utf-8") as log:  # a pipe that nobody empties would hold the server up
        process = subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
        )
        server, deadline = Server(process, port, log), time.monotonic() + 60
        try:
            while time.monotonic() < deadline and not answers(server):
                time.sleep(0.1)
            yield server
        finally:
            if process.poll() is None:
                process.terminate()  # killed, it would leave its worker behind
                process.communicate(timeout=30)


@contextmanager
def working(environment: Mapping[str, str], log: IO[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process group of its own, ended afterwards."""
    env = {**os.environ, **environment}
    process = subprocess.Popen([sys.executable, "-c", WORKER], env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def answers(server: Server) -> bool:
    """Whether it is there yet; a server that has ended will never be."""
    assert server.process.poll() is None
    try:
        return httpx.get(f"{server.url}/livez").is_success
    except httpx.TransportError:
        return False
