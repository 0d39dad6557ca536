"""Rows of the annual plan, of the once-a-year counter and its overrides; the others stand in ``case_tables``."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, choice, refers
from shuangsui.planning.case_tables import CaseState, ExemptionCase, VisitEntry

__all__ = [
    "PROPOSALS", "STATES", "AnnualPlan", "CaseState", "CounterState", "ExemptionCase", "FrequencyCounter",
    "FrequencyOverride", "InheritedCounter", "PlanLine", "PlanState", "ProposalState", "UnplannedBatch", "VisitEntry",
]  # fmt: skip


class PlanState(StrEnum):
    """A version of a plan moves one way through these."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


STATES = {
    PlanState.DRAFT: "编制中",
    PlanState.SUBMITTED: "待批准",
    PlanState.APPROVED: "已批准",
    PlanState.PUBLISHED: "已公布",
    PlanState.SUPERSEDED: "已被新版替代",
}


class CounterState(StrEnum):
    """Of one drawn object: reserved by the draw, consumed by the inspection, released when its task is cancelled."""

    RESERVED = "reserved"
    CONSUMED = "consumed"
    RELEASED = "released"


class ProposalState(StrEnum):
    """Of what one person proposes and another decides."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


PROPOSALS = {
    ProposalState.PROPOSED: "待批准", ProposalState.APPROVED: "已批准", ProposalState.REFUSED: "未批准",
}  # fmt: skip


class AnnualPlan(TenantOwned, table=True):
    """One version of one year's plan (R7.1, R7.4)."""

    __tablename__ = "annual_plan"
    __table_args__ = (UniqueConstraint("tenant_id", "year", "version"),)

    year: int
    version: int
    state: PlanState = Field(default=PlanState.DRAFT, sa_type=choice(PlanState))
    reason: str = Field(default="", max_length=500, description="why a later version was needed (R7.4)")
    proposer: str = Field(max_length=64)
    approver: str | None = Field(default=None, max_length=64)
    approved_at: datetime | None = None
    published_at: datetime | None = None
    digest: str | None = Field(default=None, max_length=64)


class PlanLine(TenantOwned, table=True):
    """One line 计划条目 (R7.2). ``no`` stays the same over all versions of a year's plan."""

    __tablename__ = "plan_line"
    __table_args__ = (
        UniqueConstraint("tenant_id", "plan_id", "no"),
        refers("plan_id", "annual_plan"),
        refers("item_id", "item"),
    )

    plan_id: UUID
    no: int
    item_id: UUID
    terms: dict[str, Any] = Field(sa_type=Json, description="planning.policy.Terms")
    starts: date
    ends: date
    started: bool = Field(default=False, description="a draw was frozen for it: the line stays (R7.4)")
    unplanned_reason: str | None = Field(default=None, max_length=500, description="approved outside the plan (R7.5)")
    terminated_reason: str | None = Field(default=None, max_length=500, description="no more rounds are drawn (R7.4)")
    rules_on: date | None = Field(default=None, description="the day whose rules its first round began with (R18.2)")
    rules_digest: str | None = Field(default=None, max_length=64)


class UnplannedBatch(TenantOwned, table=True):
    """计划外批次 (R7.5): proposed with a reason; once the leader approves it is a line outside the approved plan."""

    __tablename__ = "unplanned_batch"
    __table_args__ = (UniqueConstraint("tenant_id", "year", "n"),)

    year: int
    n: int
    item_code: str = Field(max_length=64)
    terms: dict[str, Any] = Field(sa_type=Json, description="planning.policy.Terms")
    starts: date
    ends: date
    reason: str = Field(max_length=500)
    proposer: str = Field(max_length=64)
    state: ProposalState = Field(default=ProposalState.PROPOSED, sa_type=choice(ProposalState))
    decider: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = None
    decision: str = Field(default="", max_length=500, description="why it was refused")
    line_no: int | None = None


class FrequencyCounter(TenantOwned, table=True):
    """That an object was drawn for an item family in a plan year: the art. 10 counter (R10.1, R10.2)."""

    __tablename__ = "frequency_counter"
    __table_args__ = (UniqueConstraint("tenant_id", "draw_no", "object_code"),)

    year: int = Field(index=True)
    family: str = Field(max_length=64, index=True)
    object_code: str = Field(max_length=64)
    draw_no: str = Field(max_length=32)
    line_no: int
    state: CounterState = Field(default=CounterState.RESERVED, sa_type=choice(CounterState))


class InheritedCounter(TenantOwned, table=True):
    """What a predecessor of this authority counted for an object that is this authority's now; its origin stays.

    ``origin`` is the authority that drew, ``draw_no`` its number there. A later handover says what became of a draw
    that was still under way.
    """

    __tablename__ = "inherited_counter"
    __table_args__ = (UniqueConstraint("tenant_id", "origin", "draw_no", "object_code"), {"info": {"worker": "reads"}})

    year: int = Field(index=True)
    family: str = Field(max_length=64, index=True)
    object_code: str = Field(max_length=64)
    origin: str = Field(max_length=32)
    draw_no: str = Field(max_length=32)
    state: CounterState = Field(sa_type=choice(CounterState))


class FrequencyOverride(TenantOwned, table=True):
    """突破年度次数 (R10.6): one object may be drawn once more for one item family in one plan year."""

    __tablename__ = "frequency_override"
    __table_args__ = (UniqueConstraint("tenant_id", "year", "n"),)

    year: int
    n: int
    family: str = Field(max_length=64)
    object_code: str = Field(max_length=64)
    reason: str = Field(max_length=500)
    proposer: str = Field(max_length=64)
    state: ProposalState = Field(default=ProposalState.PROPOSED, sa_type=choice(ProposalState))
    decider: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = None
    decision: str = Field(default="", max_length=500, description="why it was refused")
