"""A draw that goes on while somebody watches it: an authority's own acts beside a real server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from authority import SUPERVISOR, Authority
from serving import Server, free_port, serving
from shuangsui import db
from shuangsui.disclosure.following import follow_draw
from shuangsui.draws import service
from shuangsui.draws.tables import Draw
from shuangsui.migrations import migrate
from shuangsui.settings import Settings

Event = dict[str, Any]
PATIENCE = 90
"""Seconds that anybody listens: comments keep a stream alive for ever."""


@dataclass
class Stage:
    """An installation with an authority, and the port at which its server is found, however often it is restarted."""

    settings: Settings
    authority: Authority
    port: int

    @contextmanager
    def serving(self) -> Iterator[Server]:
        told = {"SHUANGSUI_SIMULATED_CLOCK": "1", "SHUANGSUI_KEY_FILE": str(self.settings.key_file)}
        with serving(self.settings, told, self.port) as server:
            yield server

    def publish(self, draw: Draw) -> None:
        """As the pages do after every act."""
        follow_draw(self.authority.engine, self.authority.office, draw.no, actor="lead", settings=self.settings)

    def committed(self, **what: int) -> Draw:
        draw = self.authority.commit(self.authority.freeze(**what))
        self.publish(draw)
        return draw

    def entered(self, draw: Draw) -> None:
        self.authority.enter_event(draw)
        self.publish(draw)

    def revealed(self, draw: Draw) -> None:
        with self.authority.session() as session:
            value = self.authority.reveal(draw)
            service.reveal(session, self.authority.office, draw.no, SUPERVISOR, value, actor="supervisor")

    def run(self, draw: Draw) -> None:
        with self.authority.session() as session:
            service.run(session, self.authority.office, draw.no, actor="lead")
        self.publish(draw)


def stage(folder: Path) -> Stage:
    """Everything up to the freeze."""
    settings = Settings(var=folder / "var", key_file=folder / "master.key", simulated_clock=True)
    settings.public.mkdir(parents=True)
    migrate(settings.database)
    authority = Authority(db.engine(settings), folder)
    authority.ready()
    return Stage(settings, authority, free_port())


def address(server: Server, no: str, tenant: str = "chongqing") -> str:
    return f"{server.url}/live/{tenant}/{no}/events"


def listened(url: str, until: str, after: int = 0) -> list[Event]:
    """Events up to the first of this type (or stage), each checked against the number of its line."""
    found: list[Event] = []
    deadline = time.monotonic() + PATIENCE
    headers = {"Last-Event-ID": str(after)} if after else {}
    with httpx.stream("GET", url, headers=headers, timeout=30) as answer:
        assert answer.status_code == 200, answer.status_code
        number = ""
        for line in answer.iter_lines():
            assert time.monotonic() < deadline, found[-1:]
            if line.startswith("id: "):
                number = line[4:]
            if line.startswith("data: {"):
                found.append(json.loads(line[6:]))
                assert number == str(found[-1]["n"])
                if until in (found[-1]["type"], found[-1].get("stage")):
                    break
    return found
