"""工作日历: the notices in force, how a term comes to its last day, and the import of a new notice (R14.11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import col, select

from shuangsui.calendar import Calendar, Notice, statutory
from shuangsui.disclosure import notices, wording
from shuangsui.disclosure.due_routes import STEPS, number, step_rows
from shuangsui.disclosure.messages import HEALTH, TERMS
from shuangsui.errors import BadInput, NotFound
from shuangsui.pages import Attachment, Detail, Here, Table, act, view
from shuangsui.rules import calendars
from shuangsui.rules.tables import CalendarNotice
from shuangsui.said import say

YEARS = {
    "year": "年度", "source": "依据", "issued": "发布日期", "off": "工作日放假", "worked": "调休上班",
    "amended_by": "后来的调整", "origin": "来源", "state": "状态",
}  # fmt: skip
DAYS = {"day": "日期", "weekday": "星期"}
IMPORTS = {"n": "次", "source": "依据", "issued": "发布日期", "by": "导入人", "at": "导入时间", "digest": "摘要"}
MOVES = {
    "key": "编号", "kind_name": "内容", "old": "原期限", "new": "现期限", "change": "变化", "at": "时间",
}  # fmt: skip
DEFAULT_DAYS, MOST_DAYS = 20, 250


class Import(BaseModel):
    """A notice as a file."""

    file: Attachment = Field(
        title="放假安排文件", description="JSON 文件：year、source、issued、days_off、make_up_days、amended_by"
    )


def load_all(here: Here) -> Detail:
    """Years, what was asked, and what the last notices have moved."""
    calendar = calendars.in_force(here.session, here.office.tenant)
    health = calendars.health(calendar, here.today)
    years = Table(YEARS, _years(here, calendar), "/calendar/{year}", title="各年度的放假安排")
    facts = {
        "状态": HEALTH[health], "版本": calendar.version, "放假安排确定到": calendar.known_until,
        "本机关另定的假日": sorted(calendar.extra) or "没有",
    }  # fmt: skip
    asked = _asked(here, calendar)
    tables = [Table(STEPS, asked["steps"], title="逐日推算")] if asked["due"] else []
    return Detail(
        "工作日历", facts, [*tables, years, *_moves(here)], notes=[] if health == "green" else [HEALTH[health]],
        data={"version": calendar.version, "health": health, "asked": asked},
    )  # fmt: skip


def load_year(here: Here) -> Detail:
    """The days of one year, and every import of it."""
    calendar = calendars.in_force(here.session, here.office.tenant)
    found = {str(row["year"]): row for row in _years(here, calendar)}
    if here.path["year"] not in found:
        raise NotFound("calendar_year_missing", year=here.path["year"])
    row = found[here.path["year"]]
    notice = {one.year: one for one in calendar.notices}.get(row["year"])
    facts = {
        "依据": row["source"], "发布日期": row["issued"], "后来的调整": row["amended_by"], "来源": row["origin"],
        "状态": row["state"], "本机关另定的假日": [day for day in sorted(calendar.extra) if day.year == row["year"]],
    }  # fmt: skip
    tables = [*_days(notice, row["year"]), Table(IMPORTS, _imports(here, row["year"]), title="本机关的导入")]
    data = {"year": row["year"], "provisional": row["provisional"], "digest": notice.digest if notice else None}
    return Detail(
        say("{year} 年放假安排", year=row["year"]), facts, [table for table in tables if table.rows], data=data
    )


def take_in(here: Here, form: Import) -> dict[str, Any]:
    """Works out every open term anew in the same transaction."""
    notice, moved = notices.take_in(
        here.session, here.office, form.file.data, actor=here.actor.login, today=here.today
    )  # fmt: skip
    return {"year": notice.year, "digest": notice.digest, "moved": [asdict(one) for one in moved]}


def _asked(here: Here, calendar: Calendar) -> dict[str, Any]:
    """What the query asks: a day and a number of working days; without a day nothing."""
    days, text = number(here.query.get("days", ""), DEFAULT_DAYS, 1, MOST_DAYS), here.query.get("end", "").strip()
    if not text:
        return {"end": None, "days": days, "due": None, "steps": []}
    end = _day(text)
    return {"end": end, "days": days, **asdict(calendar.add(end, days)), "steps": step_rows(calendar.derive(end, days))}


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadInput("date_invalid", date=text) from None
    if not 2000 <= found.year < 2100:
        raise BadInput("date_invalid", date=text)
    return found


def _years(here: Here, calendar: Calendar) -> list[dict[str, Any]]:
    """The newest first; this year and the next one also without a notice."""
    taken = calendars.taken(here.session, here.office.tenant)
    known = [_known(notice, _origin(here, taken.get(notice.year))) for notice in calendar.notices]
    there = {row["year"] for row in known}
    missing = [_missing(year) for year in (here.today.year, here.today.year + 1) if year not in there]
    return sorted([*known, *missing], key=lambda row: -int(row["year"]))


def _origin(here: Here, taken: calendars.Taken | None) -> str:
    if taken is None:
        return "随系统"
    own = taken.authority == here.session.tenant
    return say("{more}第 {n} 次导入", more="本机关" if own else here.office.tree.get(taken.authority).name, n=taken.n)


def _known(notice: Notice, origin: str) -> dict[str, Any]:
    return {
        "year": notice.year, "source": notice.source, "issued": notice.issued,
        "off": say("{n} 天", n=len(notice.days_off)),
        "worked": say("{n} 天", n=len(notice.make_up_days)),
        "days_off": sorted(notice.days_off), "make_up_days": sorted(notice.make_up_days),
        "amended_by": list(notice.amended_by), "provisional": False, "state": "已公布",
        "origin": origin,
    }  # fmt: skip


def _missing(year: int) -> dict[str, Any]:
    off = [day for day in sorted(statutory.days_off(year)) if day.weekday() < 5]
    return {
        "year": year, "source": "《全国年节及纪念日放假办法》", "issued": None,
        "off": say("{n} 天", n=len(off)),
        "worked": "待公布", "days_off": off, "make_up_days": [], "amended_by": [], "provisional": True,
        "state": "暂定：放假安排尚未公布", "origin": "随系统",
    }  # fmt: skip


def _days(notice: Notice | None, year: int) -> list[Table]:
    tables: dict[str, Iterable[date]]
    if notice:
        tables = {"工作日放假": notice.days_off, "调休上班": notice.make_up_days}
    else:
        off = [day for day in statutory.days_off(year) if day.weekday() < 5]
        maybe = [day for group in statutory.candidates(year) for day in group]
        tables = {"法定节假日（工作日部分）": off, "可能调休上班的周末": maybe}
    return [Table(DAYS, _dated(days), title=title) for title, days in tables.items()]


def _dated(days: Iterable[date]) -> list[Mapping[str, Any]]:
    return [{"day": day, "weekday": wording.weekday(day)} for day in sorted(days)]


def _imports(here: Here, year: int) -> list[dict[str, Any]]:
    names = ("n", "source", "issued", "by", "at", "digest")
    return [{name: getattr(row, name) for name in names} for row in _imported(here) if row.year == year]


def _imported(here: Here) -> list[CalendarNotice]:
    return list(here.session.exec(select(CalendarNotice).order_by(col(CalendarNotice.year), col(CalendarNotice.n))))


def _moves(here: Here) -> list[Table]:
    """For who looks at the authority's business or keeps its calendar."""
    if not (here.actor.may("view") or here.actor.may("manage_settings")):
        return []
    rows = [
        {**one, "kind_name": TERMS[one["kind"]], "change": "提前" if one["new"] < one["old"] else "推后"}
        for one in notices.moves(here.session)
    ]
    return [Table(MOVES, rows, title="因放假安排变动的公开期限")] if rows else []


VIEWS = [
    view("/calendar", verb=None, load=load_all, title="工作日历", template="console/calendar.html", menu="公示"),
    view("/calendar/{year:str}", verb=None, load=load_year, title="放假安排"),
]
ACTS = [
    act("/calendar/import", verb="manage_settings", model=Import, do=take_in, title="导入放假安排",
        done="放假安排已经导入，未了的期限已重新推算；有变动的列在下面。"),
]  # fmt: skip
