"""照搬上年条目: the lines of last year's published plan in this year's draft, each a year later (R7.2, R7.3).

A line is copied as if somebody typed it: what this year's list or rules refuse stays out, and is named.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.catalogue.phrases import Level
from shuangsui.catalogue.tables import Item
from shuangsui.db import TenantSession
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.planning import service
from shuangsui.planning.policy import Terms
from shuangsui.planning.service import Line
from shuangsui.planning.tables import AnnualPlan, PlanLine
from shuangsui.rules.policy import Rules
from shuangsui.said import listed, say

ACT = "plan.copy_lines"


@dataclass(frozen=True, slots=True)
class Copied:
    """Numbers of the new lines; what stayed out as ``{line, item, name, code, params}`` with the code of the reason."""

    lines: list[int]
    left: list[dict[str, Any]]


def copy_lines(session: TenantSession, year: int, *, rules: Rules, level: Level, actor: str) -> Copied:
    """Into the draft, but for lines that it has already; one ledger entry.

    :class:`NotFound` ``plan_unpublished`` without a plan of last year, :class:`RuleRefused` ``copy_nothing``.
    """
    require(session, actor, "edit_plan")
    plan = service.draft(session, year, "照搬上年条目")
    before = service.published(session, year - 1)
    if before is None:
        raise NotFound("plan_unpublished", year=year - 1)
    copied = _copied(session, plan, before, rules, level)
    if not copied.lines:
        named = listed(say("第 {line} 条 {item}", line=one["line"], item=one["item"]) for one in copied.left) or "无"
        raise RuleRefused("copy_nothing", article="第七条", year=year - 1, left=named)
    payload = {"from": service.subject(before), "lines": copied.lines, "left": copied.left}
    record(session, ACT, actor=actor, subject=service.subject(plan), payload=payload)
    return copied


def left_out(session: TenantSession, plan: AnnualPlan) -> list[dict[str, Any]]:
    """What the last copying into this version left out, as its ledger entry has it; see :class:`Copied`."""
    query = select(LedgerEntry).where(LedgerEntry.act == ACT, LedgerEntry.subject == service.subject(plan))
    entry = session.exec(query.order_by(col(LedgerEntry.n).desc())).first()
    found: list[dict[str, Any]] = json.loads(entry.payload)["left"] if entry else []
    return found


def a_year_later(day: date) -> date:
    """The same day of the next year; 28 February for 29 February."""
    return date(day.year + 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def _copied(session: TenantSession, plan: AnnualPlan, before: AnnualPlan, rules: Rules, level: Level) -> Copied:
    first, copied = service.next_line_no(session, plan.year), Copied([], [])
    there = [_said(session, line) for line in service.lines(session, plan)]
    for old in service.lines(session, before):
        if old.unplanned_reason is not None:
            continue
        try:
            wanted, item = _lawful(session, plan.year, old, rules, level)
        except RuleRefused as error:
            copied.left.append(_left(session, old, error))
            continue
        if wanted not in there:
            number = first + len(copied.lines)
            session.add(_row(plan, number, item, wanted))
            copied.lines.append(number)
    return copied


def _lawful(session: TenantSession, year: int, old: PlanLine, rules: Rules, level: Level) -> tuple[Line, Item]:
    """The line a year later and the item that it may rest on; given up last year, it is nobody's to repeat."""
    if old.terminated_reason is not None:
        raise RuleRefused("copy_terminated", article="第七条", reason=old.terminated_reason)
    said = _said(session, old)
    wanted = replace(said, starts=a_year_later(said.starts), ends=a_year_later(said.ends))
    return wanted, service.lawful_item(session, year, wanted, rules, level)


def _said(session: TenantSession, line: PlanLine) -> Line:
    return Line(service.item_of(session, line).code, Terms.from_json(line.terms), line.starts, line.ends)


def _row(plan: AnnualPlan, number: int, item: Item, wanted: Line) -> PlanLine:
    terms = wanted.terms.as_json()
    return PlanLine(plan_id=plan.id, no=number, item_id=item.id, terms=terms, starts=wanted.starts, ends=wanted.ends)


def _left(session: TenantSession, old: PlanLine, error: RuleRefused) -> dict[str, Any]:
    item = service.item_of(session, old)
    return {"line": old.no, "item": item.code, "name": item.name, **error.kept()}
