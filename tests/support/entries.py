"""Every declared act that succeeds leaves exactly one entry: counted whenever any test does one by a browser.

Real acts with real forms, in whatever state a test has brought an authority to. Counted is what the person did in the
own authority: what the platform adds under its own name (alerts, terms that moved), keys made at first use, and the
publication that follows in units of work of its own, are consequences. Acts made of several official acts stand in
:data:`SEVERAL` with what each may leave. An act done again that changes nothing leaves nothing.
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
from shuangsui.texts import act_titles
from shuangsui.web import console
from shuangsui.web.areas import declared

SEVERAL: Mapping[str, tuple[str, str]] = {
    "/users/add": ("user.add user.grant password.give", "an account, its role and its first password"),
    "/draws/{no:str}/commit": ("draw.commitment drawlog.plan", "the last commitment puts the plan into the public log"),
    "/draws/{no:str}/event": ("drawlog.event drawlog.reveal", "the last event calls for the operator's own secret"),
    "/draws/{no:str}/fetch-event": (
        "drawlog.event drawlog.reveal",
        "the last event calls for the operator's own secret",
    ),
    "/draws/{no:str}/panel/commit": ("draw.commitment drawlog.plan", "the same act on the page of whoever watches"),
    "/registries/{kind:str}/import/upload": (
        "registry.upload registry.columns",
        "a file whose columns are all known is checked at once",
    ),
    "/draws/{no:str}/panel/event": ("drawlog.event drawlog.reveal", "the same act on the page of whoever watches"),
    "/draws/{no:str}/panel/fetch-event": (
        "drawlog.event drawlog.reveal",
        "the same act on the page of whoever watches",
    ),
    "/draws/{no:str}/void": ("draw.void task.cancel*", "the round, and each of its tasks that has not ended"),
    "/draws/{no:str}/tasks/{task:str}/replace": (
        "drawlog.replace drawlog.reveal",
        "request and the operator's own link are two lines of the public log",
    ),
    "/draws/{no:str}/tasks/{task:str}/replace-object": (
        "drawlog.replace drawlog.result",
        "request and outcome are two lines of the public log",
    ),
    "/recusals/{no:str}/decide": (
        "recusal.decide drawlog.replace drawlog.reveal",
        "upheld, the seat is asked for anew in the public log",
    ),
    "/draws/{no:str}/dispatch/send": ("dispatch.sent*", "one for each authority that is sent objects"),
    "/draws/{no:str}/dispatch/joint": ("dispatch.sent*", "one for each partner"),
    "/draws/{no:str}/dispatch/redirect": ("dispatch.sent*", "one for each assignment that was handed back"),
    "/tasks/{no:str}/plan": (
        "task.plan* task.propose_merge*",
        "one for each task of a merged visit and each visit that could be merged",
    ),
    "/tasks/{no:str}/notify": ("notice.issue notice.materials", "the notice, and what to prepare if it says so"),
    "/tasks/{no:str}/visit/check-in": ("visit.check_in task.begin", "with the second inspector the visit begins"),
    "/tasks/{no:str}/visit/arrivals": ("visit.check_in task.begin", "with the second inspector the visit begins"),
    "/tasks/{no:str}/visit/witness": ("visit.check_in task.begin", "as any arrival"),
    "/tasks/{no:str}/record/write": ("record.open record.write", "the first writing opens the record"),
    "/tasks/{no:str}/submissions": ("record.open record.submit", "the first submission opens the record"),
    "/tasks/{no:str}/record/submit": (
        "record.open task.end task.result finding.open",
        "the inspection ends with a result, and opens what was found",
    ),
    "/rulings/publish-several": ("ruling.decide*", "a decision on each row that is ticked"),
    "/rulings/{no:str}/arrive": ("evidence.add examination.report", "the report as a file, and that it has come"),
    "/plans/{year:str}/unplanned/propose": (
        "plan.propose_unplanned plan.decide_unplanned",
        "where no leader is needed it is approved at once",
    ),
    "/plans/{year:str}/overrides/propose": (
        "override.propose override.decide",
        "where no leader is needed it is approved at once",
    ),
    "/registries/pools/pull": ("registry.import registry.pool", "what came, and that it was the pool that brought it"),
    "/channels/replay": ("disclosure.replay*", "one for each delivery that is tried again"),
    "/notifications/again": ("notification.again*", "one for each notification that is sent again"),
    "/jobs/again": ("job.again*", "one for each piece of work that is started again"),
}
"""Path of an act → which entries it may leave, each once or, with ``*``, often; and why there is more than one."""
CONSEQUENCES = {"key.make", "checkpoint.make", "checkpoint.cosign", "witness.watch", "witness.cosign"}
"""Of the first use of a key, and of the publication that follows."""
PUBLISHED = "disclosure.publish"
"""One for each page that follows; an act that publishes does so in the request's own unit of work."""
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
    changed: bool = False

    def acts(self, tenant: str, login: str) -> list[str]:
        """Of one person; whoever works in units of work of his own has nothing in the request's."""
        written = self.own or [entry for entry in self.beside if entry[2] != PUBLISHED]
        mine = [act for *whose, act in written if whose == [tenant, login]]
        return [act for act in mine if act not in CONSEQUENCES]


_doing: ContextVar[Doing | None] = ContextVar("doing", default=None)
_commit, _done, _check = TenantSession.commit, console._done, complete.check


def fault(path: str, acts: list[str]) -> str:
    """What is wrong with these entries of an act; empty if nothing."""
    may = SEVERAL.get(path, ("", ""))[0].split()
    once = [act for act in acts if f"{act}*" not in may]
    right = len(acts) == 1 or (acts and len(once) == len(set(once)) and {*once} <= {*may})
    return "" if right else f"{path} left {len(acts)} entries: {', '.join(acts)}"


def nameless(acts: list[str]) -> str:
    """Which of these acts a page would show without a Chinese title; empty if none."""
    return ", ".join(act for act in acts if act not in act_titles())


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
        doing.own, doing.changed = session.info.get(WRITTEN, []), bool(session.info.get(complete.CHANGED))


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
        acts = doing.acts(actor.tenant, actor.login)
        if acts or doing.changed:
            _note(act.path, acts)
    return result


def _note(path: str, acts: list[str]) -> None:
    if FILE:
        with Path(FILE).open("a", encoding="utf-8") as file:
            file.write(f"{path} {len(acts)} {','.join(acts)}\n")
    elif found := fault(path, acts) or nameless(acts):
        wrong.append(found)


complete.check, console._done = _checked, _done_and_counted
