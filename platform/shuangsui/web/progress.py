"""How far the year is: what was drawn, sent out, inspected and made public, and where that was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from sqlmodel import case, col, func, select

from shuangsui.db import TenantSession
from shuangsui.disclosure.tables import Term
from shuangsui.disclosure.terms import RESULT
from shuangsui.draws.freezing import ZONE
from shuangsui.draws.tables import Draw, DrawnTask, DrawState
from shuangsui.inspections.states import TaskState
from shuangsui.inspections.tables import InspectionTask
from shuangsui.registry.tables import InspectionObject
from shuangsui.tenancy.tenant import Tenant

DONE = (TaskState.ENDED, TaskState.CLOSED)
Layout = Sequence[Sequence[str]]


def progress(session: TenantSession, tenant: Tenant, today: date) -> dict[str, Any]:
    """Steps of the year as (name, number), and each district's (done, all)."""
    begins = datetime(today.year, 1, 1, tzinfo=ZONE)
    return {"steps": _steps(session, begins), "districts": _districts(session, begins), "layout": layout(tenant)}


def layout(tenant: Tenant) -> Layout:
    """Where the districts of a tenant stand in a map of tiles; empty for one that nobody has drawn."""
    return drawn(tenant.areas[0].code) if tenant.kind == "municipal" and tenant.areas else ()


@cache
def drawn(area: str) -> Layout:
    """The layout of the districts of a municipality with this code."""
    file = files("shuangsui").joinpath("data", "tiles", f"{area}.json")
    found: Layout = json.loads(file.read_text("utf-8")) if file.is_file() else ()
    return found


def _steps(session: TenantSession, begins: datetime) -> list[tuple[str, int]]:
    drawn = select(func.count(col(DrawnTask.id))).join(Draw, col(Draw.id) == DrawnTask.draw_id)
    drawn = drawn.where(Draw.state == DrawState.DRAWN, Draw.frozen_at >= begins, col(DrawnTask.cancelled).is_(False))
    sent = select(func.count(col(InspectionTask.id)), func.count(col(InspectionTask.ended_at))).where(*_of_year(begins))
    public = select(func.count(func.distinct(Term.task_no))).where(
        Term.kind == RESULT, col(Term.met) >= begins.date(), col(Term.draw_no) != ""
    )
    dispatched, ended = session.exec(sent.where(col(InspectionTask.draw_no).is_not(None))).one()
    counts = session.exec(drawn).one(), dispatched, ended, session.exec(public).one()
    return list(zip(("抽取", "派发", "检查", "公开"), counts, strict=True))


def _districts(session: TenantSession, begins: datetime) -> dict[str, tuple[int, int]]:
    """Of the objects as they stand in the registry now; those that have left it are nowhere."""
    done = func.sum(case((col(InspectionTask.state).in_(DONE), 1), else_=0))
    query = select(InspectionObject.district, done, func.count()).select_from(InspectionTask)
    query = query.join(InspectionObject, col(InspectionObject.code) == InspectionTask.object_code)
    query = query.where(*_of_year(begins), col(InspectionObject.district).is_not(None))
    rows = session.exec(query.group_by(col(InspectionObject.district)).order_by(col(InspectionObject.district)))
    return {str(name): (ended, whole) for name, ended, whole in rows}


def _of_year(begins: datetime) -> tuple[Any, ...]:
    return InspectionTask.state != TaskState.CANCELLED, InspectionTask.dispatched_at >= begins
