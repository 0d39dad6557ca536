"""A draw that goes on while somebody watches it: an authority's own acts beside a real server."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import httpx

from authority import SUPERVISOR, Authority
from ports import free_port
from serving import Server, serving
from shuangsui import db
from shuangsui.disclosure.following import follow_draw
from shuangsui.draws import objecting, service
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

    def objected(self, draw: Draw, text: str) -> None:
        with self.authority.session() as session:
            objecting.raise_objection(session, draw.no, text, actor="supervisor")
        self.publish(draw)

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
    for name, number, event in _frames(url, after):
        if name:
            continue
        found.append(event)
        assert number == str(event["n"])
        if until in (event["type"], event.get("stage")):
            break
    return found


def objections(url: str, count: int) -> list[Event]:
    """What was objected, up to so many; they have no number."""
    said = ((number, event) for name, number, event in _frames(url, 0) if name == "objection")
    found = list(islice(said, count))
    assert [number for number, _ in found] == [""] * len(found)
    return [event for _, event in found]


def _frames(url: str, after: int) -> Iterator[tuple[str, str, Event]]:
    """Name, number and data of what a stream says, without the mark between what had happened and what happens."""
    deadline = time.monotonic() + PATIENCE
    headers = {"Last-Event-ID": str(after)} if after else {}
    with httpx.stream("GET", url, headers=headers, timeout=30) as answer:
        assert answer.status_code == 200, answer.status_code
        fields: dict[str, str] = {}
        for line in answer.iter_lines():
            assert time.monotonic() < deadline, url
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
                continue
            if fields.get("data", "").startswith("{"):
                yield fields.get("event", ""), fields.get("id", ""), json.loads(fields["data"])
            fields = {}
