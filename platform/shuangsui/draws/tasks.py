"""The tasks that follow from a result, as replacements leave them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from fairdraw.draw import Draw as Drawn
from fairdraw.replacement import State
from fairdraw.selection import Task
from shuangsui.db import TenantSession, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import get_file
from shuangsui.draws.tables import Draw, DrawnTask
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.planning import service as planning
from shuangsui.planning.tables import CounterState


@dataclass(frozen=True, slots=True)
class Named:
    """An object of the frozen registry: its real code and name."""

    code: str
    name: str


def frame(session: TenantSession, draw: Draw) -> dict[str, Named]:
    """Hex blinded id → object; ``rows.txt`` and ``frame.csv`` have the same order."""
    rows = get_file(session, draw, "rows.txt").decode().splitlines()
    entries = csv.DictReader(io.StringIO(get_file(session, draw, "frame.csv").decode(), newline=""))
    return {row[:64]: Named(entry["id"], entry["name"]) for row, entry in zip(rows, entries, strict=True)}


def open_tasks(session: TenantSession, draw: Draw, drawn: Drawn) -> None:
    """One task per selected object, and its once-a-year counter reserved."""
    names = frame(session, draw)
    slots = {pool: seating.board.slots_json() for pool, seating in drawn.seatings.items()}
    for t, task in enumerate(drawn.selection.order):
        session.add(_task(draw, t, task, names, slots))
    _reserve(session, draw, [names[task.b.hex()].code for task in drawn.selection.order])


def _reserve(session: TenantSession, draw: Draw, codes: Sequence[str]) -> None:
    """Only draws of a plan's line count: whoever drew given objects counted them, or nobody does (R10.1, R17.2)."""
    if draw.line_id is not None:
        planning.reserve(session, planning.line_by_id(session, draw.line_id), draw.family, draw.no, codes)


def _task(
    draw: Draw, t: int, task: Task, names: Mapping[str, Named], slots: Mapping[str, Sequence[list[str | None]]]
) -> DrawnTask:
    thing, batch = names[task.b.hex()], draw.draft["batch"]
    return DrawnTask(
        draw_id=draw.id, task=t, b=task.b.hex(), object_code=thing.code, object_name=thing.name, stratum=task.stratum,
        batch=t // batch + 1 if batch else 0,
        teams=slots["teams"][t] if "teams" in slots else [],
        experts=slots["experts"][t] if "experts" in slots else [],
    )  # fmt: skip


def follow(session: TenantSession, draw: Draw, state: State) -> None:
    """Bring the tasks to the state after a replacement."""
    names = frame(session, draw)
    slots = {pool: board.slots_json() for pool, board in state.boards.items()}
    for row in tasks_of(session, draw):
        task = state.tasks[row.task]
        if row.b != task.b.hex():
            _take_over(session, draw, row, task, names[task.b.hex()])
        row.teams = slots["teams"][row.task] if "teams" in slots else []
        row.leader = row.leader if row.leader in row.teams else None
        row.experts = slots["experts"][row.task] if "experts" in slots else []
        if row.task in state.cancelled and not row.cancelled:
            row.cancelled = True
            planning.settle(session, draw.no, [row.object_code], CounterState.RELEASED)
        session.add(row)


def _take_over(session: TenantSession, draw: Draw, row: DrawnTask, task: Task, thing: Named) -> None:
    planning.settle(session, draw.no, [row.object_code], CounterState.RELEASED)
    row.b, row.object_code, row.object_name, row.opened = task.b.hex(), thing.code, thing.name, False
    _reserve(session, draw, [thing.code])


def tasks_of(session: TenantSession, draw: Draw) -> Sequence[DrawnTask]:
    """The tasks of a draw in work order."""
    return session.exec(select(DrawnTask).where(DrawnTask.draw_id == draw.id).order_by(col(DrawnTask.task))).all()


def task_of(session: TenantSession, draw: Draw, task: int) -> DrawnTask:
    """One task that still can change; ``drawn_task_missing``, ``task_settled``."""
    row = next((row for row in tasks_of(session, draw) if row.task == task and not row.cancelled), None)
    if row is None:
        raise NotFound("drawn_task_missing", draw=draw.no, task=task)
    if row.settled:
        raise RuleRefused("task_settled", draw=draw.no, task=task)
    return row


def day_of(session: TenantSession) -> date:
    """Today's legal day."""
    return legal_day(now(session))
