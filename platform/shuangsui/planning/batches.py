"""Batches outside the plan 计划外批次 (R7.5): proposed with a reason, drawn once the leader has approved them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from shuangsui.access.policy import separate
from shuangsui.access.service import require
from shuangsui.catalogue.phrases import Level
from shuangsui.catalogue.tables import Item
from shuangsui.db import TenantSession, lock_tenant, next_number, now
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.planning.policy import Terms
from shuangsui.planning.service import Line, lawful_item, next_line_no, published
from shuangsui.planning.tables import AnnualPlan, PlanLine, PlanState, ProposalState, UnplannedBatch
from shuangsui.privacy.writing import require_public
from shuangsui.rules.policy import Rules


def propose(
    session: TenantSession, year: int, line: Line, reason: str, *, rules: Rules, level: Level, actor: str
) -> UnplannedBatch:
    """Ask for a batch that the published plan does not have; it satisfies the item and the rules like any line.

    Where ``plan.unplanned_requires_leader`` is off it is approved at once.
    """
    require(session, actor, "edit_plan")
    if not reason.strip():
        raise BadInput("planning_reason_missing")
    require_public(session, {"计划外的理由": reason})
    if published(session, year) is None:
        raise NotFound("plan_unpublished", year=year)
    item = lawful_item(session, year, line, rules, level)
    batch = UnplannedBatch(
        year=year, n=next_number(session, f"unplanned/{year}"), item_code=item.code, terms=line.terms.as_json(),
        starts=line.starts, ends=line.ends, reason=reason.strip(), proposer=actor,
    )  # fmt: skip
    session.add(batch)
    payload = {"item": item.code, "terms": batch.terms, "reason": batch.reason}
    record(session, "plan.propose_unplanned", actor=actor, subject=_subject(batch), payload=payload)
    if not rules.switch("plan.unplanned_requires_leader"):
        _enter(session, batch, item, actor)
    return batch


def approve(session: TenantSession, year: int, n: int, *, rules: Rules, level: Level, actor: str) -> UnplannedBatch:
    """The leader approves: the batch becomes a line of the version in force and of every version under way."""
    require(session, actor, "approve_plan")
    batch = _open(session, year, n)
    separate(batch.proposer, actor)
    line = Line(batch.item_code, Terms.from_json(batch.terms), batch.starts, batch.ends)
    _enter(session, batch, lawful_item(session, year, line, rules, level), actor)
    return batch


def refuse(session: TenantSession, year: int, n: int, reason: str, *, actor: str) -> UnplannedBatch:
    """The leader does not approve, with the reason."""
    require(session, actor, "approve_plan")
    if not reason.strip():
        raise BadInput("planning_reason_missing")
    batch = _open(session, year, n)
    batch.decision = reason.strip()
    _decide(session, batch, ProposalState.REFUSED, actor)
    return batch


def batches(session: TenantSession, year: int) -> Sequence[UnplannedBatch]:
    """Every proposal of a year in its order."""
    query = select(UnplannedBatch).where(UnplannedBatch.year == year)
    return session.exec(query.order_by(col(UnplannedBatch.n))).all()


def _open(session: TenantSession, year: int, n: int) -> UnplannedBatch:
    lock_tenant(session)
    query = select(UnplannedBatch).where(UnplannedBatch.year == year, UnplannedBatch.n == n)
    batch = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if batch is None:
        raise NotFound("unplanned_missing", year=year, n=n)
    if batch.state is not ProposalState.PROPOSED:
        raise RuleRefused("unplanned_decided", year=year, n=n)
    return batch


def _enter(session: TenantSession, batch: UnplannedBatch, item: Item, actor: str) -> None:
    """No version loses the line: one that is drafted meanwhile gets it as well, outside what is approved there."""
    batch.line_no = next_line_no(session, batch.year)
    query = select(AnnualPlan).where(AnnualPlan.year == batch.year, AnnualPlan.state != PlanState.SUPERSEDED)
    for plan in session.exec(query).all():
        session.add(
            PlanLine(
                plan_id=plan.id, no=batch.line_no, item_id=item.id, terms=batch.terms, starts=batch.starts,
                ends=batch.ends, unplanned_reason=batch.reason,
            )
        )  # fmt: skip
    _decide(session, batch, ProposalState.APPROVED, actor)


def _decide(session: TenantSession, batch: UnplannedBatch, state: ProposalState, actor: str) -> None:
    batch.state, batch.decider, batch.decided_at = state, actor, now(session)
    session.add(batch)
    payload = {"state": state, "line": batch.line_no, "reason": batch.decision}
    record(session, "plan.decide_unplanned", actor=actor, subject=_subject(batch), payload=payload)


def _subject(batch: UnplannedBatch) -> str:
    return f"unplanned/{batch.year}/{batch.n}"
