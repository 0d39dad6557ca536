"""Use cases of inspections: results typed in, and what of them is public."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.catalogue.tables import Item
from shuangsui.db import TenantSession, now
from shuangsui.draws.changing import has_open_replacement
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import find_to_change, require_state
from shuangsui.draws.tables import Draw, DrawnTask, DrawState
from shuangsui.draws.tasks import tasks_of
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.inspections.policy import CATEGORIES, check
from shuangsui.inspections.tables import InspectionResult
from shuangsui.ledger.service import record
from shuangsui.planning import service as planning
from shuangsui.planning.tables import CounterState


@dataclass(frozen=True, slots=True)
class Result:
    """What the team found: categories, the day the inspection ended, a note."""

    categories: Sequence[str]
    ended: date
    note: str = ""


def record_result(session: TenantSession, no: str, task: int, result: Result, *, actor: str) -> InspectionResult:
    """Type in the result of a task, once; the object's once-a-year counter is consumed and, unless
    the list withholds results, its row opened."""
    require(session, actor, "record_result")
    draw = find_to_change(session, no)
    require_state(draw, "登记检查结果", DrawState.DRAWN)
    moment = now(session)
    check(result.categories, result.ended, legal_day(moment))
    row = _task(session, draw, task)
    if has_open_replacement(session, draw):
        raise RuleRefused("replacement_open", draw=no)
    if None in row.teams:
        raise RuleRefused("team_incomplete", article="第十三条", draw=no, task=task)
    made = InspectionResult(
        task_id=row.id, ended=result.ended, team=row.teams, categories=list(result.categories), note=result.note,
        recorded_by=actor, recorded_at=moment,
    )  # fmt: skip
    session.add(made)
    row.settled, row.opened = True, not _item(session, draw).withheld
    session.add(row)
    planning.settle(session, draw.no, [row.object_code], CounterState.CONSUMED)
    payload = {"task": task, "categories": made.categories, "ended": result.ended.isoformat()}
    record(session, "task.result", actor=actor, subject=f"draw/{no}", payload=payload)
    return made


def results(session: TenantSession) -> list[dict[str, Any]]:
    """The public view of every result, the newest first (R14.6); notes stay inside."""
    query = (
        select(InspectionResult, DrawnTask, Draw)
        .join(DrawnTask, col(DrawnTask.id) == InspectionResult.task_id)
        .join(Draw, col(Draw.id) == DrawnTask.draw_id)
        .where(col(Draw.state).in_((DrawState.DRAWN, DrawState.VOID)))
        .order_by(col(InspectionResult.recorded_at), col(InspectionResult.id))
    )
    withheld = count(1)
    found = [_view(result, task, draw, _item(session, draw), withheld) for result, task, draw in session.exec(query)]
    return found[::-1]


def _item(session: TenantSession, draw: Draw) -> Item:
    item = session.find(Item, draw.item_id)
    assert item is not None
    return item


def _view(result: InspectionResult, task: DrawnTask, draw: Draw, item: Item, withheld: Iterator[int]) -> dict[str, Any]:
    """An item whose list withholds results shows that there is one, numbered, and why, never whose (R14.7)."""
    common = {"draw": draw.no, "item": draw.item_code, "item_name": draw.item_name, "recorded_at": result.recorded_at}
    if item.withheld:
        return {**common, "key": f"withheld-{next(withheld)}", "withheld": item.publication}
    return {
        **common,
        "key": f"{draw.no}-{task.task}",
        "withheld": None,
        "mode": item.method,
        "task": task.task,
        "object": {"code": task.object_code, "name": task.object_name},
        "team": result.team,
        "ended": result.ended,
        "categories": result.categories,
        "category_names": [CATEGORIES[c] for c in result.categories],
    }


def _task(session: TenantSession, draw: Draw, task: int) -> DrawnTask:
    row = next((row for row in tasks_of(session, draw) if row.task == task), None)
    if row is None:
        raise NotFound("task_missing", draw=draw.no, task=task)
    if row.cancelled:
        raise RuleRefused("task_cancelled", draw=draw.no, task=task)
    if session.exec(select(InspectionResult).where(InspectionResult.task_id == row.id)).first():
        raise RuleRefused("result_exists", draw=draw.no, task=task)
    return row
