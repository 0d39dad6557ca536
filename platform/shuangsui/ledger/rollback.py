"""A database that is older than what the public has seen of it: a backup that hides draws (trust.md threat 26).

Every published checkpoint says how long the draw log was and what its tree's root was. A process looks at the newest
of them once, before the first act of an authority; one whose log is shorter or another one may only be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, select

from fairdraw.checkpoint import Note, log_root, read_note
from fairdraw.failures import Failure
from shuangsui.db import TenantSession
from shuangsui.errors import RuleRefused
from shuangsui.ledger import policy
from shuangsui.ledger.tables import DrawLogEntry

PLACE = "draws/*/checkpoint-*.txt"
STILL_ALLOWED = ("session.",)
"""Beginnings of acts: people sign in to look."""
_known: dict[tuple[str, str, str], Lag | None] = {}


@dataclass(frozen=True, slots=True)
class Lag:
    """The checkpoint of ``published`` entries is not one of the log of ``found`` entries."""

    published: int
    found: int


def check(session: TenantSession, act: str = "") -> None:
    """:class:`RuleRefused` ``ledger_rolled_back`` for a tenant that may only be looked at."""
    if not act.startswith(STILL_ALLOWED) and (found := lag(session)):
        raise RuleRefused("ledger_rolled_back", tenant=session.tenant, published=found.published, found=found.found)


def lag(session: TenantSession) -> Lag | None:
    """What this process found out about the tenant; None if all that was published is in the log."""
    bind = session.get_bind()
    public: Path | None = bind.get_execution_options().get("public")
    if public is None:
        return None
    key = (str(bind.engine.url), str(public), session.tenant)
    if key not in _known:
        _known[key] = compared(session, public)
    return _known[key]


def compared(session: TenantSession, public: Path) -> Lag | None:
    """How far the log is behind what was published below ``public``, looked up now."""
    notes = list(_notes(public / session.tenant))
    if not notes:
        return None
    newest = max(notes, key=lambda note: note.size)
    lines = [line.encode() for line in session.exec(select(DrawLogEntry.line).order_by(col(DrawLogEntry.i)))]
    known = lines[: newest.size]
    return None if len(known) == newest.size and _agrees(newest, known) else Lag(newest.size, len(lines))


def forget() -> None:
    """As in a new process."""
    _known.clear()


def _notes(folder: Path) -> Iterator[Note]:
    """Of every checkpoint below the folder; a file that is none says nothing."""
    for path in folder.glob(PLACE):
        try:
            yield read_note(path.read_bytes(), path.name)
        except (Failure, OSError):
            continue


def _agrees(note: Note, lines: list[bytes]) -> bool:
    try:
        suite = policy.read_lines(lines).suite
    except Failure:
        return False
    return log_root(lines, suite) == note.root
