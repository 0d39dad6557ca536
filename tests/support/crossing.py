"""Asking for what is not one's own, and telling whether the answer says that it is there."""

from __future__ import annotations

import html
import json
import logging
import os
import re
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from io import StringIO
from typing import Any, Literal, get_args, get_origin
from unittest.mock import patch
from urllib.parse import quote

import structlog
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from sqlalchemy import event

from console import DATA, PAGE, Browser, Visiting
from doors import Door
from hashing import QUICK
from neighbours import MINE, SECURITY, STAFF, Neighbours
from shuangsui import db
from shuangsui.access import passwords
from shuangsui.db import StillClock, TenantSession, now
from shuangsui.pages import Attachment
from shuangsui.pages.forms import _plain
from shuangsui.web import logs

DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
VARYING = {"date", "x-request-id"}
"""Headers that two answers to one question may differ in."""
FILE = {"name": "a.csv", "data": b64encode(b"code,name\n").decode()}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client can see, with what it asked for taken out."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


@dataclass
class Crossing:
    """The people of the first tenant in their browsers; whatever they do is taken back."""

    neighbours: Neighbours
    first: Browser
    log: StringIO
    tokens: dict[str, tuple[Visiting, str]] = field(default_factory=dict)
    asked: int = 0
    tenants: set[str] = field(default_factory=set)
    """Of every unit of work."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What was logged."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]

    @property
    def app(self) -> Any:
        """The application that answers."""
        return self.first.app

    def ask(self, door: Door, values: Mapping[str, str], body: Any = None, query: str = "") -> Answer:
        """Through a door, as somebody who may; ``values`` are replaced by their names in what comes back."""
        browser, csrf = self.tokens[self.neighbours.who_may(door.verb)]
        address = door.address({name: quote(value, safe="") for name, value in values.items()}) + query
        headers = {**(DATA if door.path.startswith("/api") else PAGE), "X-CSRF-Token": csrf}
        self.asked += 1
        if door.method in ("GET", "HEAD"):
            answer = browser.request(door.method, address, headers=headers)
        elif door.path.startswith("/api"):
            answer = browser.request(door.method, address, headers=headers, json=body or {})
        else:
            answer = browser.request(door.method, address, headers=headers, **form_of(body or {}))
        shown = tuple(sorted((name, value) for name, value in answer.headers.items() if name not in VARYING))
        return Answer(answer.status_code, shown, answer.content.decode("utf-8", "replace"))


@contextmanager
def crossing(neighbours: Neighbours) -> Iterator[Crossing]:
    """Everybody has signed in; from then on time stands and nothing is committed."""
    with neighbours.authority.session() as session:
        clock = StillClock(now(session))
    real, log = db.engine, StringIO()
    with (
        patch.object(db, "engine", lambda settings: real(settings, simulated_clock=clock)),
        patch.object(db.clock, "wall", lambda _session: clock.moment),
        patch.object(passwords, "_hasher", QUICK),
        patch.dict(os.environ, {"SHUANGSUI_VAR": str(neighbours.settings.var)}),
        logging_to(log),
        Browser(neighbours.settings) as first,
    ):
        made = Crossing(neighbours, first, log)
        for login in (*STAFF, SECURITY):
            browser = first.beside()
            answer = browser.sign_in(login, tenant=MINE)
            assert answer.status_code == 303, (login, answer.text)
            made.tokens[login] = browser, browser.csrf()
        with patch.object(TenantSession, "commit", undone), noting(made.tenants):
            yield made


@contextmanager
def noting(tenants: set[str]) -> Iterator[None]:
    """The tenant of every transaction that begins."""

    def note(session: TenantSession, *_: object) -> None:
        tenants.add(session.tenant)

    event.listen(TenantSession, "after_begin", note)
    yield
    event.remove(TenantSession, "after_begin", note)


@contextmanager
def logging_to(stream: StringIO) -> Iterator[None]:
    """Lines as the product writes them, for the time of the block."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    with patch.object(sys, "stderr", stream):
        logs.configure()
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**before)


def undone(session: TenantSession) -> None:
    """Whatever a unit of work would have committed is written, checked and taken back."""
    session.flush()
    session.expunge_all()  # what was read stays readable
    session.rollback()


def masked(answer: Answer, values: Mapping[str, str]) -> Answer:
    """The answer without what was asked for, however it is written, nor a digest, which may be made of it."""
    body, headers = DIGEST.sub("<digest>", answer.body), json.dumps(answer.headers)
    for name, value in sorted(values.items(), key=lambda one: -len(one[1])):
        for written in sorted(spellings(value), key=len, reverse=True):
            body, headers = body.replace(written, f"<{name}>"), headers.replace(written, f"<{name}>")
    return Answer(answer.status, headers, body)


def spellings(value: str) -> set[str]:
    """In an address, on a page, in JSON; of what is put together, each number as a sentence says it."""
    parts = {f"第 {part} " for part in re.findall(r"\d+", value)}
    return {value, quote(value, safe=""), html.escape(value), json.dumps(value)[1:-1], *parts}


def form_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body as a browser sends it: lists as lines, files beside."""
    files = {name: (one["name"], b"x") for name, one in body.items() if isinstance(one, dict) and "data" in one}
    plain = {name: "\n".join(map(str, one)) if isinstance(one, list) else one for name, one in body.items()}
    data = {name: str(one) for name, one in plain.items() if name not in files}
    return {"data": data, "files": files} if files else {"data": data}


def plausible(model: type[BaseModel]) -> dict[str, Any]:
    """What a form must hold, filled in with anything."""
    return {name: anything(info) for name, info in model.model_fields.items() if info.is_required()}


def anything(info: FieldInfo) -> Any:
    """Something of a field's type."""
    return _anything(_plain(info))


def _anything(kind: Any) -> Any:
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) in (list, tuple):
        return [_anything(get_args(kind)[0])]
    if kind is Attachment:
        return FILE
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind)).value
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return plausible(kind)
    known = {bool: True, int: 1, date: "2026-06-20", datetime: "2026-06-20T09:00:00+08:00"}
    return known.get(kind, "某某原因说明")


def texts(model: type[BaseModel]) -> Iterator[tuple[str, bool]]:
    """Fields into which somebody could write an identifier, and whether it is a list."""
    for name, info in model.model_fields.items():
        kind = _plain(info)
        if kind is str:
            yield name, False
        elif get_origin(kind) in (list, tuple) and get_args(kind)[0] is str:
            yield name, True


def planted(body: Mapping[str, Any], name: str, value: str, *, many: bool) -> dict[str, Any]:
    """The body with an identifier in one field."""
    return {**body, name: [value] if many else value}


def words(text: str) -> set[str]:
    """What could be somebody's identifier or name: runs of five signs or more that are not of the language itself."""
    return set(re.findall(r"[\w.-]{5,}", text))
