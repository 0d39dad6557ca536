"""Rows of inspections outside the draw (article 17), and the one table that all authorities share."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from shuangsui.db import Json, TenantOwned, choice, new_id
from shuangsui.db.rows import SLUG_LENGTH


class CaseState(StrEnum):
    """Of a case: whatever was not allowed from the start is no case at all."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


class ExemptionCase(TenantOwned, table=True):
    """不适用情形 (R17.2): an inspection without a draw, with its trigger, its evidence and who approved it.

    ``skips``, ``basis`` and ``unlimited`` are copied from the tenant's table as it was on the day of the request.
    """

    __tablename__ = "exemption_case"
    __table_args__ = (UniqueConstraint("tenant_id", "no"),)

    no: str = Field(max_length=32)
    code: str = Field(max_length=64, description="of the tenant's exemptions.toml")
    name: str = Field(max_length=200)
    trigger: str = Field(max_length=32)
    trigger_text: str = Field(max_length=500, description="what happened, in words")
    task_type: str = Field(max_length=32, description="special, clue, instant: never random (R2.1)")
    mode: str = Field(max_length=32)
    item_code: str | None = Field(default=None, max_length=64)
    objects: list[dict[str, Any]] = Field(sa_type=Json, description="code, name, address")
    skips: list[str] = Field(sa_type=Json)
    unlimited: bool = False
    team: list[str] = Field(sa_type=Json, description="certificate numbers, only where the inspector draw is skipped")
    basis: str = Field(max_length=200)
    evidence_no: str = Field(max_length=200)
    evidence: dict[str, Any] = Field(sa_type=Json)
    plan: dict[str, Any] = Field(sa_type=Json, description="of a special check: necessity, body, time, area, approval")
    filing: dict[str, Any] = Field(sa_type=Json, description="no and at of the filing with the justice bureau")
    state: CaseState = Field(default=CaseState.REQUESTED, sa_type=choice(CaseState))
    proposer: str = Field(max_length=64)
    requested_at: datetime
    approver: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = None
    reason: str = Field(default="", max_length=500, description="why it was refused")
    rules_on: date = Field(description="the day whose rules judge the case (R18.2)")
    rules_digest: str = Field(max_length=64)


class VisitEntry(SQLModel, table=True):
    """企业检查频次台账: every visit to an enterprise, whoever made it, by visit date (R10.2, R17.5).

    Without tenant, because an enterprise's frequency is one over all authorities: the one deliberate crossing
    (DESIGN section 7). An authority reads all rows and adds its own; the enterprise is a keyed hash, so that a row
    says nothing to whoever does not know the code already.
    """

    __tablename__ = "visit_ledger"
    __table_args__ = (
        Index("ix_visit_ledger_object", "object_hash", "visited_on"),
        Index("ix_visit_ledger_authority", "authority", "visited_on"),
        {"info": {"append_only": True, "written_by": "authority"}},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    authority: str = Field(default=None, max_length=SLUG_LENGTH)
    object_hash: str = Field(max_length=64)
    family: str = Field(max_length=64)
    visited_on: date
    type: str = Field(max_length=32, description="of the task: random, joint, special, clue, instant")
    label: str = Field(default="", max_length=32, description="recheck, again, merged; empty for a visit of its own")
    trigger: str | None = Field(default=None, max_length=32, description="trigger class of an exempt visit")
    unlimited: bool = Field(default=False, description="outside every cap (clue, instant)")
