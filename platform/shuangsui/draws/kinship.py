"""Two-level draws as the authorities themselves can check them, from either side.

Of the other authority only what it published is read. Below, what opens the superior's rows came with the assignment,
so every object is checked long before the public may know it; above, every object that the district has opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import select

from fairdraw.canonical import canon, parse
from fairdraw.failures import Failure
from fairdraw.plan import read as read_plan
from fairdraw.suites import hasher
from fairdraw.transcript import Files, build_openings, read_folder
from shuangsui.db import TenantSession
from shuangsui.draws import tasks
from shuangsui.draws.dispatching import dispatches
from shuangsui.draws.office import Office
from shuangsui.draws.parentage import Kinship, check_parent
from shuangsui.draws.service import key_of
from shuangsui.draws.standing import stored_files
from shuangsui.draws.tables import Assignment, Draw, DrawState
from shuangsui.errors import NotFound, RuleRefused


@dataclass(frozen=True, slots=True)
class Child:
    """A receiver's published draw; ``error`` says why it is not the child that it says it is."""

    receiver: str
    no: str
    kinship: Kinship | None
    error: RuleRefused | None = None


def parent_of(session: TenantSession, draw: Draw) -> Assignment:
    """The assignment whose objects the draw has; :class:`NotFound` ``draw_without_parent``."""
    no = draw.draft["ext"].get("assignment")
    found = session.exec(select(Assignment).where(Assignment.no == no)).one_or_none() if no else None
    if found is None:
        raise NotFound("draw_without_parent", draw=draw.no)
    return found


def check(session: TenantSession, office: Office, draw: Draw, public: Path) -> Kinship:
    """Both blinded ids of every object, derived anew; ``public`` is the root of the public tree.

    :class:`RuleRefused` ``kin_undrawn`` and ``kin_contradicts``, :class:`NotFound` ``parent_unpublished``.
    """
    assignment = parent_of(session, draw)
    if draw.state not in (DrawState.DRAWN, DrawState.VOID):
        raise RuleRefused("kin_undrawn", draw=draw.no)
    folder = public / assignment.sender / "draws" / assignment.draw_no
    if not (folder / "result.json").is_file():
        raise NotFound("parent_unpublished", parent=assignment.draw_no)
    parent = read_folder(folder) | {"openings.json": _openings(assignment)}
    try:
        return check_parent(_own(session, office, draw), parent)
    except Failure as failure:
        raise _contradiction(draw.no, assignment.draw_no, failure) from failure


def children(session: TenantSession, office: Office, draw: Draw, public: Path) -> Iterator[Child]:
    """Every published draw of a receiver that names this one as its parent, checked; ``public`` as above."""
    own = _own(session, office, draw)
    mine = read_plan(own["plan.json"]).hash.hex()
    for receiver in sorted({row.receiver for row in dispatches(session, draw)}):
        for folder in sorted((public / receiver / "draws").glob("*/")):
            files = read_folder(folder)
            if "result.json" in files and _parent_hash(files) == mine:
                yield _child(receiver, folder.name, draw.no, files, own)


def _child(receiver: str, no: str, parent: str, files: Files, own: Files) -> Child:
    try:
        return Child(receiver, no, check_parent(files, own))
    except Failure as failure:
        return Child(receiver, no, None, _contradiction(no, parent, failure))


def _parent_hash(files: Files) -> str | None:
    """Of a plan that anybody may have published: what it says is looked at, not believed."""
    try:
        stated = parse(files["plan.json"], "plan.json")["ext"]["parent"]["plan_hash"]
    except (Failure, KeyError, TypeError):
        return None
    return stated if isinstance(stated, str) else None


def _contradiction(no: str, parent: str, failure: Failure) -> RuleRefused:
    return RuleRefused("kin_contradicts", draw=no, parent=parent, failure=failure.code, detail=failure.detail)


def _openings(assignment: Assignment) -> bytes:
    return canon({one["b"]: {"id": one["code"], "salt": one["salt"]} for one in assignment.objects})


def _own(session: TenantSession, office: Office, draw: Draw) -> dict[str, bytes]:
    """The own transcript with every object opened, for nobody else."""
    codes = [task.object_code for task in tasks.tasks_of(session, draw)]
    openings = build_openings(codes, key_of(office, draw), hasher(draw.draft["suite"]))
    return stored_files(session, draw) | {"openings.json": openings}
