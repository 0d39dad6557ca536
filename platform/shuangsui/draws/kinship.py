"""A draw of people beside the superior's draw of its objects, checked by the authority that made it (two-level draw).

The superior's transcript is the published one; what opens its rows came with the assignment. So every object is
checked, long before the public may know any of them.
"""

from __future__ import annotations

from pathlib import Path

from sqlmodel import select

from fairdraw.canonical import canon
from fairdraw.failures import Failure
from fairdraw.suites import hasher
from fairdraw.transcript import build_openings, read_folder
from shuangsui.db import TenantSession
from shuangsui.draws import tasks
from shuangsui.draws.office import Office
from shuangsui.draws.parentage import Kinship, check_parent
from shuangsui.draws.service import key_of
from shuangsui.draws.standing import stored_files
from shuangsui.draws.tables import Assignment, Draw, DrawState
from shuangsui.errors import NotFound, RuleRefused


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
        raise RuleRefused(
            "kin_contradicts", draw=draw.no, parent=assignment.draw_no, failure=failure.code, detail=failure.detail
        ) from failure


def _openings(assignment: Assignment) -> bytes:
    return canon({one["b"]: {"id": one["code"], "salt": one["salt"]} for one in assignment.objects})


def _own(session: TenantSession, office: Office, draw: Draw) -> dict[str, bytes]:
    """The own transcript with every object opened, for nobody else."""
    codes = [task.object_code for task in tasks.tasks_of(session, draw)]
    openings = build_openings(codes, key_of(office, draw), hasher(draw.draft["suite"]))
    return stored_files(session, draw) | {"openings.json": openings}
