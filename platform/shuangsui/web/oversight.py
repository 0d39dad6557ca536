"""监督 for whoever supervises: what went other than usual in a year, counted by months, and each case with its reasons.

Nothing here is a verdict: a draw may be abandoned for good reasons. What is abandoned often, replaced often, late often
or changed shortly before it mattered is what somebody should ask about.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import and_, col, or_, select

from shuangsui.db import TenantSession
from shuangsui.disclosure.messages import TERMS
from shuangsui.disclosure.tables import Term
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import STATE_NAMES
from shuangsui.draws.recusal_tables import CaseState
from shuangsui.draws.tables import Draw, DrawState, RecusalCase
from shuangsui.ledger.tables import DrawLogEntry, LedgerEntry
from shuangsui.pages import Detail, Here, Table, view
from shuangsui.planning import exemptions
from shuangsui.planning.indicator import Quarter, Share, quarter_of
from shuangsui.rules import revising, wording
from shuangsui.rules.tables import RevisionState
from shuangsui.said import say
from shuangsui.web.languages import labels

ENDED = (DrawState.ABANDONED, DrawState.WITHDRAWN, DrawState.VOID)
DRAWS = {"day": "日期", "no": "抽取", "item": "事项", "what": "情形", "reason": "理由", "actor": "办理人"}
CASES = {"day": "日期", "no": "编号", "draw": "抽取", "person": "人员", "what": "结果", "reason": "理由"}
SEATS = {"day": "日期", "draw": "抽取", "task": "任务", "pool": "席位", "reason": "理由"}
LATE = {"key": "编号", "kind_name": "内容", "due": "期限", "met": "公开日", "days": "逾期天数"}
RULES = {name: wording.LIST[name] for name in ("n", "about", "valid_from", "reason", "proposer", "decider")}
SHARES = {"quarter": "季度", "visits": "检查家次", "exempt": "不经随机抽取", "percent": "占比", "state": "情形"}
DECIDED = {CaseState.RAISED: "待决定", CaseState.UPHELD: "同意回避", CaseState.REFUSED: "不同意回避"}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what is looked at: its cases of the year, each with its ``day``."""

    title: str
    columns: Mapping[str, str]
    rows: list[Row]
    link: str = ""

    @property
    def months(self) -> list[int]:
        """How many in each month."""
        counted = Counter(row["day"].month for row in self.rows)
        return [counted[month] for month in range(1, 13)]


def load(here: Here) -> Detail:
    """One year, by default this one."""
    year = _year(here)
    kinds = [
        Kind("没有结果或作废的抽取", DRAWS, _draws(here.session, year), "/draws/{no}"),
        Kind("替换", SEATS, _seats(here.session, year), "/draws/{draw}/tasks/{task}"),
        Kind("回避申请", CASES, _cases(here.session, year), "/recusals/{no}"),
        Kind("逾期公开", LATE, _late(here, year)),
        Kind("规则修订", RULES, _rules(here.session, year), "/rules/revisions/{n}"),
    ]
    shares = [_share(one) for one in _shares(here, year)]
    tables = [Table(kind.columns, kind.rows, kind.link, title=kind.title) for kind in kinds if kind.rows]
    tables += [Table(SHARES, shares, title="不经随机抽取的检查（第十七条）")]
    data = {
        "year": year,
        "years": [year - 1, year, *([year + 1] if year < here.today.year else [])],
        "kinds": [{"title": kind.title, "count": len(kind.rows), "months": kind.months} for kind in kinds],
        "draws": _drawn(here.session, year),
    }
    return Detail(say("{year} 年监督情况", year=year), {}, tables, acts=(), data=data)


def _year(here: Here) -> int:
    text = here.query.get("year", "")
    wanted = int(text) if len(text) == 4 and text.isascii() and text.isdigit() else here.today.year
    return wanted if 2000 <= wanted <= here.today.year else here.today.year


def _drawn(session: TenantSession, year: int) -> int:
    """Draws that were begun: what the others are a part of."""
    return sum(legal_day(one).year == year for one in session.exec(select(Draw.frozen_at)))


def _draws(session: TenantSession, year: int) -> list[Row]:
    found = {draw.no: draw for draw in session.exec(select(Draw).where(col(Draw.state).in_(ENDED)))}
    entries = _entries(session, found)
    rows = (_draw(draw, entries[draw.no]) for draw in found.values() if draw.no in entries)
    return _of_year(rows, year)


def _entries(session: TenantSession, found: Mapping[str, Draw]) -> dict[str, LedgerEntry]:
    """The act by which each of these draws ended."""
    numbers = {draw.seq: no for no, draw in found.items() if draw.state is not DrawState.WITHDRAWN}
    lines = select(DrawLogEntry.ledger_n, DrawLogEntry.seq).where(DrawLogEntry.kind == "ABANDON", DrawLogEntry.r == 0)
    abandoned = {n: numbers[seq] for n, seq in session.exec(lines) if seq in numbers}
    about = col(LedgerEntry.subject).in_([f"draw/{no}" for no in found])
    own = and_(about, col(LedgerEntry.act).in_(("draw.withdraw", "draw.void")))
    query = select(LedgerEntry).where(or_(own, col(LedgerEntry.n).in_(abandoned)))
    rows = session.exec(query.order_by(col(LedgerEntry.n)))
    return {abandoned.get(row.n) or row.subject.removeprefix("draw/"): row for row in rows}


def _draw(draw: Draw, entry: LedgerEntry) -> Row:
    reason = str(json.loads(entry.payload).get("reason", ""))
    return {
        "day": legal_day(entry.time), "no": draw.no, "item": draw.item_name, "what": STATE_NAMES[draw.state],
        "state": draw.state, "reason": draw.void_reason or labels()["abandon"].get(reason, reason),
        "actor": entry.actor,
    }  # fmt: skip


def _seats(session: TenantSession, year: int) -> list[Row]:
    """Every request to draw a seat or an object anew, as the public log has it."""
    numbers = {draw.seq: draw.no for draw in session.exec(select(Draw).where(Draw.state != DrawState.WITHDRAWN))}
    query = select(DrawLogEntry).where(DrawLogEntry.kind == "REPLACE").order_by(col(DrawLogEntry.i))
    rows = (_seat(entry, json.loads(entry.line)["body"], numbers[entry.seq]) for entry in session.exec(query))
    return _of_year(rows, year)


def _seat(entry: DrawLogEntry, body: Mapping[str, Any], no: str) -> Row:
    reason = labels()["replace"].get(body["reason"], body["reason"])
    pool = labels()["pool"].get(body["pool"], "检查对象")
    return {"day": legal_day(entry.time), "draw": no, "task": body["task"], "pool": pool, "reason": reason}


def _cases(session: TenantSession, year: int) -> list[Row]:
    query = select(RecusalCase, Draw.no).join(Draw, col(Draw.id) == RecusalCase.draw_id)
    rows = (
        {"day": legal_day(case.raised_at), "no": case.no, "draw": say("{no} 第 {task} 项", no=no, task=case.task),
         "person": case.person, "what": DECIDED[case.state], "state": case.state, "reason": case.decision}
        for case, no in session.exec(query)
    )  # fmt: skip
    return _of_year(rows, year)


def _late(here: Here, year: int) -> list[Row]:
    """What became public after its last day, or is still not."""
    after = or_(col(Term.met) > col(Term.due), (col(Term.met).is_(None)) & (col(Term.due) < here.today))
    rows = (
        {"day": one.due, "key": one.key, "kind_name": TERMS[one.kind], "due": one.due, "met": one.met or "还没有公开",
         "days": ((one.met or here.today) - one.due).days}
        for one in here.session.exec(select(Term).where(after)) if one.due
    )  # fmt: skip
    return _of_year(rows, year)


def _rules(session: TenantSession, year: int) -> list[Row]:
    approved = (one for one in revising.revisions(session) if one.state is RevisionState.APPROVED)
    return _of_year(({**wording.row(one), "day": legal_day(_decided(one.decided_at))} for one in approved), year)


def _decided(moment: datetime | None) -> datetime:
    assert moment is not None, "the database lets nothing be approved by nobody"
    return moment


def _of_year(rows: Iterable[Row], year: int) -> list[Row]:
    """The newest first."""
    return sorted((row for row in rows if row["day"].year == year), key=lambda row: row["day"], reverse=True)


def _shares(here: Here, year: int) -> list[Share]:
    """Of every quarter that has begun."""
    last = quarter_of(min(here.today, date(year, 12, 31)))
    return [exemptions.indicator(here.session, Quarter(year, n), here.office.rules(here.today))
            for n in range(1, last.n + 1)]  # fmt: skip


def _share(one: Share) -> Row:
    return {
        "quarter": say("第 {n} 季度", n=one.quarter.n), "visits": one.visits, "exempt": one.exempt,
        "percent": f"{one.exempt / one.visits:.1%}" if one.visits else "—",
        "state": say("超过 {threshold}%", threshold=one.threshold) if one.amber else "正常", "amber": one.amber,
    }  # fmt: skip


VIEWS = [view("/oversight", verb="view", load=load, title="监督情况", menu="管理", template="console/oversight.html")]
