"""Every declared act that succeeds leaves exactly one entry: counted whenever any test does one by a browser.

Real acts with real forms, in whatever state a test has brought an authority to. Counted is what the person did in the own
authority: what the platform adds under its own name (alerts, terms that moved), and the publication that follows in
units of work of its own, are consequences. Acts made of several official acts stand in :data:`SEVERAL`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event

from shuangsui.db import TenantSession
from shuangsui.ledger import complete
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.pages import Act, visitor_of
from shuangsui.web import console
from shuangsui.web.areas import declared

SEVERAL: Mapping[str, str] = {}
"""Path of an act → which entries it leaves, and why there is more than one."""
FILE = os.environ.get("SHUANGSUI_ENTRIES_FILE")
"""Where every count is written instead, for whoever wants to know them."""
WRITTEN = "written"
Entry = tuple[str, str, str]
"""Tenant, actor, act: the row itself may be out of reach when its session has ended."""
wrong: list[str] = []
"""What was found since somebody looked."""


@dataclass
class Doing:
    """An act under way in this thread: what its own unit of work wrote, and what others did beside it."""

    own: list[Entry] = field(default_factory=list)
    beside: list[Entry] = field(default_factory=list)

    def acts(self, tenant: str, login: str) -> list[str]:
        """Of one person; whoever works in units of work of his own has nothing in the request's."""
        return [act for *whose, act in self.own or self.beside if whose == [tenant, login]]


_doing: ContextVar[Doing | None] = ContextVar("doing", default=None)
_commit, _done, _check = TenantSession.commit, console._done, complete.check


def fault(path: str, acts: list[str]) -> str:
    """What is wrong with these entries of an act; empty if nothing."""
    if len(acts) == 1 or (acts and path in SEVERAL):
        return ""
    return f"{path} left {len(acts)} entries: {', '.join(acts)}"


def look() -> None:
    """After an answer: :class:`AssertionError` with what was found."""
    found, wrong[:] = wrong[:], []
    assert not found, found


@event.listens_for(TenantSession, "after_flush")
def _flushed(session: TenantSession, _context: Any) -> None:
    written = [(session.tenant, row.actor, row.act) for row in session.new if isinstance(row, LedgerEntry)]
    session.info.setdefault(WRITTEN, []).extend(written)
    if doing := _doing.get():
        doing.beside += written


def _checked(session: TenantSession) -> None:
    """The end of the unit of work of a request."""
    _check(session)
    if doing := _doing.get():
        doing.own = session.info.get(WRITTEN, [])


def _done_and_counted(request: Any, act: Act, values: Any) -> dict[str, Any]:
    """The act, in whichever thread it is done; tests that take everything back or stub their acts are let be."""
    doing = Doing()
    token = _doing.set(doing)
    try:
        result = _done(request, act, values)
    finally:
        _doing.reset(token)
    if TenantSession.commit is _commit and request.app.state.declared is declared():
        actor = visitor_of(request).actor
        _note(act.path, doing.acts(actor.tenant, actor.login))
    return result


def _note(path: str, acts: list[str]) -> None:
    if FILE:
        with Path(FILE).open("a", encoding="utf-8") as file:
            file.write(f"{path} {len(acts)} {','.join(acts)}\n")
    elif found := fault(path, acts):
        wrong.append(found)


complete.check, console._done = _checked, _done_and_counted
