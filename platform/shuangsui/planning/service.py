"""Use cases of the annual plan: draft → submitted → approved → published, version after version (R7.1 to R7.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from fairdraw.canonical import canon
from shuangsui.access.policy import separate
from shuangsui.access.service import require
from shuangsui.catalogue import policy as items
from shuangsui.catalogue.phrases import Level
from shuangsui.catalogue.service import item_in_force
from shuangsui.catalogue.tables import Item
from shuangsui.db import TenantSession, now
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.planning import policy
from shuangsui.planning.policy import ItemTerms, Terms
from shuangsui.planning.tables import (
    AnnualPlan,
    CounterState,
    FrequencyCounter,
    InheritedCounter,
    PlanLine,
    PlanState,
)
from shuangsui.privacy.writing import require_public
from shuangsui.registry.read import objects_of
from shuangsui.rules.policy import Rules

_NAMES = {
    PlanState.DRAFT: "草案", PlanState.SUBMITTED: "待批准", PlanState.APPROVED: "已批准",
    PlanState.PUBLISHED: "已公布", PlanState.SUPERSEDED: "已被新版替代",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody wants a line to say."""

    item: str
    terms: Terms
    starts: date
    ends: date


def new_plan(session: TenantSession, year: int, *, actor: str, reason: str = "") -> AnnualPlan:
    """Open a draft; a later version starts from the lines of the one before and needs a reason (R7.4)."""
    require(session, actor, "edit_plan")
    if not 2000 <= year <= 2100:
        raise BadInput("year_invalid", year=year)
    latest = _latest(session, year)
    if latest and latest.state is PlanState.DRAFT:
        raise RuleRefused("plan_exists", year=year, version=latest.version)
    if latest and not reason:
        raise RuleRefused("plan_reason_required", article="第七条", year=year)
    require_public(session, {"修改的理由": reason})
    version = latest.version + 1 if latest else 1
    plan = AnnualPlan(year=year, version=version, proposer=actor, reason=reason)
    session.add(plan)
    session.flush()
    for line in lines(session, latest) if latest else ():
        session.add(PlanLine(**line.model_dump(exclude={"id", "plan_id"}), plan_id=plan.id))
    record(session, "plan.new", actor=actor, subject=subject(plan), payload={"reason": reason})
    return plan


def add_line(session: TenantSession, year: int, line: Line, *, rules: Rules, level: Level, actor: str) -> PlanLine:
    """Add a line to the draft; it must satisfy the item's version in force and the rules (R7.2, R7.3)."""
    require(session, actor, "edit_plan")
    plan = draft(session, year, "加入条目")
    item = lawful_item(session, year, line, rules, level)
    number = next_line_no(session, year)
    row = PlanLine(
        plan_id=plan.id, no=number, item_id=item.id, terms=line.terms.as_json(), starts=line.starts, ends=line.ends
    )
    session.add(row)
    payload = {"line": number, "item": line.item, "terms": row.terms}
    record(session, "plan.add_line", actor=actor, subject=subject(plan), payload=payload)
    return row


def lawful_item(session: TenantSession, year: int, line: Line, rules: Rules, level: Level) -> Item:
    """The item in force that ``line`` may rest on: its time, terms and registry are in order (R6.1, R7.2, R7.3)."""
    if not (line.starts <= line.ends and line.starts.year == line.ends.year == year):
        raise RuleRefused("window_invalid", article="第七条", year=year, starts=line.starts, ends=line.ends)
    item = item_in_force(session, line.item)
    if line.terms.dispatch and level != "municipal":
        raise RuleRefused("dispatch_level", article="第十七条", item=line.item)
    if next(iter(objects_of(session, item.code)), None) is None:
        raise RuleRefused("registry_empty", article="第六条", item=item.code)
    if not any(policy.in_scope(line.terms, one.district, one.industry) for one in objects_of(session, item.code)):
        raise RuleRefused("scope_empty", article="第七条", item=item.code)
    policy.check_line(line.terms, item_terms(item, level, rules), rules)
    return item


def drop_line(session: TenantSession, year: int, number: int, *, actor: str) -> None:
    """Take a line out of the draft; a line already drawn stays (R7.4)."""
    require(session, actor, "edit_plan")
    plan = draft(session, year, "删除条目")
    line = _line(session, plan, number)
    if _is_drawn(session, year, number):
        raise RuleRefused("line_drawn", article="第七条", year=year, line=number)
    if line.unplanned_reason is not None:
        raise RuleRefused("line_unplanned", article="第七条", year=year, line=number)
    session.delete(line)
    record(session, "plan.drop_line", actor=actor, subject=subject(plan), payload={"line": number})


def terminate_line(session: TenantSession, year: int, number: int, reason: str, *, actor: str) -> PlanLine:
    """In the draft, mark a line whose further rounds are given up; it stays readable with its draws (R7.4)."""
    require(session, actor, "edit_plan")
    if not reason.strip():
        raise BadInput("planning_reason_missing")
    require_public(session, {"终止的理由": reason})
    plan = draft(session, year, "终止条目")
    line = _line(session, plan, number)
    line.terminated_reason = reason.strip()
    session.add(line)
    payload = {"line": number, "reason": line.terminated_reason}
    record(session, "plan.terminate_line", actor=actor, subject=subject(plan), payload=payload)
    return line


def submit(session: TenantSession, year: int, *, actor: str) -> AnnualPlan:
    """Hand the draft to the leadership."""
    require(session, actor, "edit_plan")
    plan = draft(session, year, "提交")
    if not _content(session, plan)["lines"]:
        raise RuleRefused("plan_empty", article="第七条", year=year)
    plan.proposer = actor
    return _move(session, plan, PlanState.SUBMITTED, "plan.submit", actor)


def approve(session: TenantSession, year: int, *, actor: str) -> AnnualPlan:
    """The leadership approves what somebody else submitted (A8)."""
    require(session, actor, "approve_plan")
    plan = _in_state(session, year, PlanState.SUBMITTED, "批准")
    separate(plan.proposer, actor)
    plan.approver, plan.approved_at = actor, now(session)
    plan.digest = sha256(canon(_content(session, plan))).hexdigest()
    return _move(session, plan, PlanState.APPROVED, "plan.approve", actor)


def publish(session: TenantSession, year: int, *, actor: str) -> AnnualPlan:
    """Make an approved version the one in force; the one before is superseded and stays readable."""
    require(session, actor, "publish")
    plan = _in_state(session, year, PlanState.APPROVED, "公布")
    if before := published(session, year):
        before.state = PlanState.SUPERSEDED
        session.add(before)
    plan.published_at = now(session)
    return _move(session, plan, PlanState.PUBLISHED, "plan.publish", actor)


def published(session: TenantSession, year: int) -> AnnualPlan | None:
    """The version in force."""
    query = select(AnnualPlan).where(AnnualPlan.year == year, AnnualPlan.state == PlanState.PUBLISHED)
    return session.exec(query).one_or_none()


def published_years(session: TenantSession) -> Sequence[int]:
    """Years with a published plan, the newest first."""
    query = select(AnnualPlan.year).where(AnnualPlan.state == PlanState.PUBLISHED)
    return session.exec(query.order_by(col(AnnualPlan.year).desc())).all()


def published_line(session: TenantSession, year: int, number: int) -> PlanLine:
    """A line of the version in force; :class:`NotFound` ``plan_unpublished`` or ``line_missing``."""
    plan = published(session, year)
    if plan is None:
        raise NotFound("plan_unpublished", year=year)
    return _line(session, plan, number)


def drawable_line(session: TenantSession, year: int, number: int) -> PlanLine:
    """The same for a draw: a terminated line has no further rounds."""
    line = published_line(session, year, number)
    if line.terminated_reason is not None:
        raise RuleRefused("line_terminated", article="第七条", year=year, line=number, reason=line.terminated_reason)
    return line


def lines(session: TenantSession, plan: AnnualPlan) -> Sequence[PlanLine]:
    """The lines of a version in their order."""
    return session.exec(select(PlanLine).where(PlanLine.plan_id == plan.id).order_by(col(PlanLine.no))).all()


def item_of(session: TenantSession, line: PlanLine) -> Item:
    """The item version that a line names; it exists because the database says so."""
    item = session.find(Item, line.item_id)
    assert item is not None
    return item


def item_terms(item: Item, level: Level, rules: Rules) -> ItemTerms:
    """What an item's version demands of a line of an authority of this level with these rules."""
    return ItemTerms(
        code=item.code,
        key=item.item_class == "key",
        cap=items.cap_of(item, level, key_uncapped=rules.switch("item.key_uncapped")),
        least=items.least_of(item, level),
        rounds=items.rounds_of(item, level),
        family=item.family,
    )


def view(session: TenantSession, plan: AnnualPlan) -> dict[str, Any]:
    """A version as JSON, for output and for the public page."""
    return {
        "year": plan.year,
        "version": plan.version,
        "state": plan.state,
        "reason": plan.reason,
        "approved_at": plan.approved_at,
        "published_at": plan.published_at,
        "digest": plan.digest,
        **_content(session, plan),
        "unplanned": [_line_view(line, item_of(session, line)) for line in lines(session, plan) if _outside(line)],
    }


def latest(session: TenantSession, year: int) -> AnnualPlan:
    """The newest version in any state; :class:`NotFound` ``plan_missing``."""
    plan = _latest(session, year)
    if plan is None:
        raise NotFound("plan_missing", year=year)
    return plan


def draft(session: TenantSession, year: int, act: str) -> AnnualPlan:
    """The newest version, to be changed by ``act``; ``plan_missing``, ``plan_state``."""
    return _in_state(session, year, PlanState.DRAFT, act)


def subject(plan: AnnualPlan) -> str:
    """How the ledger names a version."""
    return f"plan/{plan.year}/{plan.version}"


def start(session: TenantSession, line: PlanLine, rules: Rules) -> None:
    """A draw was frozen for the line; the rules of its first round are kept with it (R18.2)."""
    if not line.started:
        line.started, line.rules_on, line.rules_digest = True, rules.on, rules.digest()
    session.add(line)


# the art. 10 counter


def drawn_in_year(session: TenantSession, year: int, family: str, *, but: str = "") -> dict[str, int]:
    """Object code → draws of this item family in a plan year that were not released (R10.1), one draw left out.

    What predecessors of this authority drew counts as if it had drawn it itself: the counter follows the object.
    """
    counts: Counter[str] = Counter()
    for kind in (FrequencyCounter, InheritedCounter):
        query = select(kind.object_code).where(
            kind.year == year, kind.family == family, kind.state != CounterState.RELEASED
        )
        own = kind is FrequencyCounter
        counts.update(session.exec(query.where(FrequencyCounter.draw_no != but) if own else query))
    return dict(counts)


def reserve(session: TenantSession, line: PlanLine, family: str, draw_no: str, codes: Sequence[str]) -> None:
    """Count drawn objects in the plan year of their line (R10.2)."""
    year, number = line.starts.year, line.no
    session.add_all(
        FrequencyCounter(year=year, family=family, object_code=code, draw_no=draw_no, line_no=number) for code in codes
    )


def settle(
    session: TenantSession, draw_no: str, codes: Sequence[str], state: CounterState, *, year: int | None = None
) -> None:
    """Consume counters after the inspection, or release them when tasks are cancelled (R10.2).

    ``year``: in which they count from now on, where that is not the year of the plan.
    """
    query = select(FrequencyCounter).where(FrequencyCounter.draw_no == draw_no)
    wanted = set(codes)
    for counter in session.exec(query):
        if counter.object_code in wanted:
            counter.state, counter.year = state, year or counter.year
            session.add(counter)


# inside


def _latest(session: TenantSession, year: int) -> AnnualPlan | None:
    query = select(AnnualPlan).where(AnnualPlan.year == year).order_by(col(AnnualPlan.version).desc())
    return session.exec(query).first()


def _in_state(session: TenantSession, year: int, state: PlanState, act: str) -> AnnualPlan:
    plan = latest(session, year)
    if plan.state is not state:
        name = _NAMES[plan.state]
        raise RuleRefused("plan_state", year=year, version=plan.version, state=name, act=act)
    return plan


def _line(session: TenantSession, plan: AnnualPlan, number: int) -> PlanLine:
    query = select(PlanLine).where(PlanLine.plan_id == plan.id, PlanLine.no == number)
    line = session.exec(query).one_or_none()
    if line is None:
        raise NotFound("line_missing", year=plan.year, line=number)
    return line


def _is_drawn(session: TenantSession, year: int, number: int) -> bool:
    return any(line.started for line in _every_version(session, year) if line.no == number)


def next_line_no(session: TenantSession, year: int) -> int:
    """A number that no version of the year has used."""
    return max((existing.no for existing in _every_version(session, year)), default=0) + 1


def _every_version(session: TenantSession, year: int) -> Sequence[PlanLine]:
    query = select(PlanLine).join(AnnualPlan, col(AnnualPlan.id) == PlanLine.plan_id).where(AnnualPlan.year == year)
    return session.exec(query).all()


def _move(session: TenantSession, plan: AnnualPlan, state: PlanState, act: str, actor: str) -> AnnualPlan:
    plan.state = state
    session.add(plan)
    record(session, act, actor=actor, subject=subject(plan), payload={"digest": plan.digest})
    return plan


def _content(session: TenantSession, plan: AnnualPlan) -> dict[str, Any]:
    """What the leadership approves: every line but those it approved one by one outside the plan (R7.5)."""
    planned = [line for line in lines(session, plan) if not _outside(line)]
    return {"lines": [_line_view(line, item_of(session, line)) for line in planned]}


def _outside(line: PlanLine) -> bool:
    return line.unplanned_reason is not None


def _line_view(line: PlanLine, item: Item) -> dict[str, Any]:
    reasons = {"unplanned": line.unplanned_reason, "terminated": line.terminated_reason}
    return {
        "no": line.no,
        "item": item.code,
        "item_name": item.name,
        "item_class": item.item_class,
        "starts": line.starts.isoformat(),
        "ends": line.ends.isoformat(),
        **line.terms,
        **{name: reason for name, reason in reasons.items() if reason is not None},
    }


def line_by_id(session: TenantSession, line_id: UUID) -> PlanLine:
    """The line a draw was made for, of whatever version."""
    line = session.find(PlanLine, line_id)
    assert line is not None
    return line
