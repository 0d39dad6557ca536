"""What whoever may look at the authority's business finds in the morning: figures, countdown, the year by months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, func, or_, select

from shuangsui.db import TenantSession
from shuangsui.disclosure import due_routes, wording
from shuangsui.disclosure.outlook import Outlook
from shuangsui.draws.freezing import ZONE, legal_day
from shuangsui.inspections import followup, followup_policy
from shuangsui.inspections.states import Standing, TaskState
from shuangsui.inspections.tables import InspectionTask
from shuangsui.pages import Here
from shuangsui.said import say
from shuangsui.web.progress import DONE, progress

SHOWN = 8
RED, AMBER = 2, 5
"""Working days left at which a countdown turns."""
WAITING = (TaskState.DISPATCHED, TaskState.ACCEPTED, TaskState.UNDERWAY)
MONTHS = tuple(say("{month}月", month=month) for month in range(1, 13))


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it means, and where it leads."""

    title: str
    value: int
    note: str
    tone: str
    path: str


def desk(here: Here) -> dict[str, Any]:
    """For the template; plain values, so that the twin says the same."""
    outlook = Outlook.of(here.session, here.office, here.today)
    today, weekday = here.today, wording.weekday(here.today)
    return {
        "day": say("{month}月{day}日 {weekday}", month=today.month, day=today.day, weekday=weekday),
        "weekday": weekday,
        "workday": outlook.calendar.is_workday(here.today),
        "figures": [asdict(one) for one in _figures(here, outlook)],
        "countdown": list(_countdown(here, outlook)),
        "open": sum(term.due is not None for term in outlook.open),
        "months": _months(here.session, here.today),
        "progress": progress(here.session, here.office.tenant, here.today),
    }


def tone_of(left: int, *, late: bool) -> str:
    """How a number of working days looks."""
    return "bad" if late or left <= RED else "warn" if left <= AMBER else "info"


def _figures(here: Here, outlook: Outlook) -> Iterable[Figure]:
    states = _states(here.session)
    waiting, done = (sum(states[one] for one in some) for some in (WAITING, DONE))
    whole = waiting + done
    share = say("已检查 {done} · {share}", done=f"{done:,}", share=f"{done / whole:.0%}") if whole else "还没有派发"
    yield Figure("检查任务", whole, share, "info", "/tasks")
    unread = say("其中待接收 {n}", n=f"{states[TaskState.DISPATCHED]:,}")
    yield Figure("待检查", waiting, unread, "warn" if waiting else "ok", "/tasks")
    yield _to_publish(outlook)
    found = followup.open_rectifications(here.session)
    standing = [followup_policy.standing(one.state, one.due, here.today) for one, _, _ in found]
    late = standing.count(Standing.OVERDUE)
    yield Figure("整改中", len(found), say("逾期 {n}", n=f"{late:,}"), "bad" if late else "ok", "/rectify")


def _to_publish(outlook: Outlook) -> Figure:
    open_ = sorted((term for term in outlook.open if term.due), key=lambda term: (term.due, term.key))
    if not open_:
        return Figure("待公开", 0, "没有到期的内容", "ok", "/due")
    first, left = open_[0], outlook.left(open_[0])
    assert first.due is not None
    tone = tone_of(left, late=first.due < outlook.today)
    nearest = say("最近一项{left}", left=wording.remaining(first.due, left, outlook.today))
    return Figure("待公开", len(open_), nearest, tone, "/due")


def _countdown(here: Here, outlook: Outlook) -> Iterable[dict[str, Any]]:
    """The earliest terms; whoever opens one sees how its last day was found."""
    open_ = sorted((term for term in outlook.open if term.due), key=lambda term: (term.due, term.key))[:SHOWN]
    for row in due_routes.rows_of(here, outlook, open_):
        tone = tone_of(row["left"], late=row["late"])
        yield {name: row[name] for name in ("no", "part", "kind_name", "about", "due", "left", "late", "left_text")} | {
            "tone": tone
        }


def _states(session: TenantSession) -> Counter[TaskState]:
    counted = select(InspectionTask.state, func.count()).group_by(col(InspectionTask.state))
    return Counter({TaskState(state): number for state, number in session.exec(counted)})


def _months(session: TenantSession, today: date) -> dict[str, Any]:
    """Tasks of this year by the month in which they were dispatched, and by that in which they ended."""
    begins = datetime(today.year, 1, 1, tzinfo=ZONE)
    of_year = or_(col(InspectionTask.dispatched_at) >= begins, col(InspectionTask.ended_at) >= begins)
    query = select(InspectionTask.dispatched_at, InspectionTask.ended_at).where(
        InspectionTask.state != TaskState.CANCELLED, of_year
    )
    sent, ended = Counter[int](), Counter[int]()
    for begun, done in session.exec(query):
        sent.update(_month(begun, today.year))
        ended.update(_month(done, today.year))
    planned, made = ([counted[month] for month in range(1, 13)] for counted in (sent, ended))
    return {"names": MONTHS, "sent": planned, "ended": made}


def _month(moment: datetime | None, year: int) -> list[int]:
    day = legal_day(moment) if moment else None
    return [day.month] if day and day.year == year else []
