"""Conduct (article 16): openings without a task, lengths of visits, and what the enterprises say."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import col, select

from shuangsui.draws.freezing import ZONE
from shuangsui.errors import BadInput
from shuangsui.inspections import access_log, feedback, visits
from shuangsui.inspections.tables import InspectionTask, Visit
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.said import say

SPAN = timedelta(days=30)
OPENINGS = {"actor": "用户", "object_code": "检查对象代码", "at": "时间"}
VISITS = {"no": "任务", "n": "第几次", "kind": "类别", "started_at": "开始", "ended_at": "结束", "minutes": "分钟"}
SAID = {"at": "时间", "task": "任务", "object_name": "检查对象", "rating": "评分", "text": "意见"}
COUNTS = {"rating": "评分", "count": "份数"}


def load(here: Here) -> Detail:
    """R16.2, R16.3: of the last thirty days, or of those in the query; that it was read stands in the ledger."""
    since, until = _span(here)
    start, end = (datetime.combine(day, time(), ZONE) for day in (since, until + timedelta(days=1)))
    found = access_log.audit_report(here.session, actor=here.actor.login, since=start, until=end)
    openings = [row.model_dump(include=set(OPENINGS)) for row in found]
    facts = {"起": since, "止": until, "无任务查阅": len(openings)}
    tables = [
        Table(
            OPENINGS, openings, title="没有任务而查阅检查对象材料", filters={"since": "起始日期", "until": "截止日期"}
        ),
        Table(VISITS, _visits(here, start, end), title="现场检查时长"),
    ]
    return Detail("检查行为", facts, tables)


def load_feedback(here: Here) -> Detail:
    """R16.1: for the supervisor alone; that it was read stands in the ledger."""
    said = [asdict(one) for one in feedback.read(here.session, actor=here.actor.login)]
    counts = Counter(one["rating"] for one in said)
    rows = [{"rating": say("{rating} 分", rating=rating), "count": counts[rating]} for rating in range(5, 0, -1)]
    return Detail(
        "企业评价",
        {"评价": say("{n} 份", n=len(said))},
        [Table(COUNTS, rows, title="份数"), Table(SAID, said, title="内容")],
    )


def _span(here: Here) -> tuple[date, date]:
    until = _day(here.query.get("until", ""), here.today)
    return _day(here.query.get("since", ""), until - SPAN), until


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        raise BadInput("conduct_day", day=text[:20]) from None


def _visits(here: Here, start: datetime, end: datetime) -> list[dict[str, Any]]:
    query = (
        select(Visit, InspectionTask)
        .join(InspectionTask, col(InspectionTask.id) == Visit.task_id)
        .where(col(Visit.started_at) >= start, col(Visit.started_at) < end)
        .order_by(col(Visit.started_at))
    )
    return [
        {
            "no": task.no, "n": visit.n, "kind": "复查" if visit.recheck else "检查", "started_at": visit.started_at,
            "ended_at": visit.ended_at, "minutes": visits.minutes(visit),
        }
        for visit, task in here.session.exec(query)
    ]  # fmt: skip


VIEWS = [
    view("/conduct", verb="read_audit", load=load, title="检查行为", menu="检查", notes=True),
    view("/conduct/feedback", verb="read_feedback", load=load_feedback, title="企业评价", menu="检查", notes=True),
]
