"""整改看板: every rectification by how it stands today, as cards and as a list (R15.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from shuangsui.calendar import Calendar
from shuangsui.catalogue.tables import Item
from shuangsui.db import TenantSession
from shuangsui.disclosure import wording
from shuangsui.draws.freezing import legal_day
from shuangsui.inspections import followup
from shuangsui.inspections.followup_policy import standing
from shuangsui.inspections.states import STANDINGS, Standing
from shuangsui.inspections.tables import Finding, InspectionTask, Rectification
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.rules import calendars
from shuangsui.said import say
from shuangsui.web.desk import tone_of

COLUMNS = {
    "no": "整改通知", "object_name": "检查对象", "item": "事项", "office": "责任处室", "text": "发现的问题",
    "demand": "整改要求", "due": "整改期限", "progress": "进度", "standing_name": "状态", "task_no": "检查任务",
}  # fmt: skip
CARDS = 5
"""Shown in one column; the list below has all."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Day:
    """By which day and calendar the board judges."""

    today: date
    calendar: Calendar

    def left(self, due: date) -> int:
        """Working days up to the last one, or since it."""
        first, last = sorted((self.today, due))
        return self.calendar.count(first, last)


def load(here: Here) -> Detail:
    """Of every office and item, or of those that the address names."""
    rows = list(_rows(here))
    chosen = [row for row in rows if _fits(row, here.query)]
    data = {
        "columns": [_column(one, chosen) for one in Standing],
        "offices": sorted({row["office"] for row in rows if row["office"]}),
        "items": {row["item"]: row["item_text"] for row in sorted(rows, key=lambda row: str(row["item"]))},
    }
    table = Table(COLUMNS, chosen, "/tasks/{task_no}/findings/{n}", title="整改清单")
    return Detail("整改看板", {}, [table], acts=(), data=data)


def offices_of(session: TenantSession) -> dict[str, str]:
    """Code of an item → the office that answers for it, as its newest version says."""
    rows = session.exec(select(Item.code, Item.office).order_by(col(Item.id)))
    return {code: office or "" for code, office in rows}


def _rows(here: Here) -> Iterator[Row]:
    day, offices = Day(here.today, calendars.in_force(here.session, here.office.tenant)), offices_of(here.session)
    for order, finding, task in followup.every_rectification(here.session):
        yield _row(day, order, finding, task) | {"office": offices.get(task.item_code or "", "")}


def _row(day: Day, order: Rectification, finding: Finding, task: InspectionTask) -> Row:
    stands, left = standing(order.state, order.due, day.today), day.left(order.due)
    return {
        "no": order.no, "task_no": task.no, "n": finding.n, "object_name": task.object_name,
        "item": task.item_code or task.item_name, "item_text": f"{task.item_code or ''} {task.item_name}".strip(),
        "text": finding.text, "demand": order.demand, "due": order.due, "left": left, "standing": stands,
        "standing_name": STANDINGS[stands], "tone": _tone(stands, left),
        "progress": _progress(day, order, stands, left), "checked_on": _on(order.checked_at),
    }  # fmt: skip


def _tone(stands: Standing, left: int) -> str:
    if stands is Standing.PASSED:
        return "ok"
    return "warn" if stands is Standing.SUBMITTED else tone_of(left, late=stands is Standing.OVERDUE)


def _progress(day: Day, order: Rectification, stands: Standing, left: int) -> str:
    """How long there is, or what has come of it."""
    if stands is Standing.PASSED:
        return say("{on} 复查合格", on=_on(order.checked_at))
    if stands is Standing.SUBMITTED:
        return say("{on} 已交材料", on=_on(order.submitted_at))
    return wording.remaining(order.due, left, day.today)


def _on(moment: datetime | None) -> date | None:
    return moment and legal_day(moment)


def _fits(row: Row, query: Mapping[str, str]) -> bool:
    return all(query.get(name, "") in ("", row[name]) for name in ("office", "item"))


def _column(stands: Standing, rows: Sequence[Row]) -> Row:
    """The first cards of a column: the earliest term, or what was done last."""
    mine = [row for row in rows if row["standing"] is stands]
    if stands is Standing.PASSED:
        mine.sort(key=lambda row: row["checked_on"], reverse=True)
    return {"standing": stands, "title": STANDINGS[stands], "count": len(mine), "cards": mine[:CARDS]}


VIEWS = [view("/rectify", verb="view", load=load, title="整改看板", menu="检查", template="console/rectify.html")]
