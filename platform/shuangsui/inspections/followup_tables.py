"""Rows of what follows an inspection (articles 15 and 16)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, choice, refers
from shuangsui.inspections.states import Disposition, RectificationState


class Finding(TenantOwned, table=True):
    """问题: one point of the record that was not in order, and what became of it."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("tenant_id", "task_id", "n"), refers("task_id", "inspection_task"))

    task_id: UUID
    n: int
    point: str = Field(max_length=32, description="no of the check point")
    text: str = Field(sa_type=Text)
    found_at: datetime
    disposition: Disposition | None = Field(default=None, sa_type=choice(Disposition))
    reason: str = Field(default="", max_length=500)
    disposed_by: str | None = Field(default=None, max_length=64)
    disposed_at: datetime | None = None
    closed_at: datetime | None = None


class Rectification(TenantOwned, table=True):
    """整改: the term, the proof, the re-check (R15.2)."""

    __tablename__ = "rectification"
    __table_args__ = (UniqueConstraint("tenant_id", "finding_id"), refers("finding_id", "finding"))

    finding_id: UUID
    no: str = Field(max_length=32)
    demand: str = Field(sa_type=Text)
    due: date
    state: RectificationState = Field(default=RectificationState.ORDERED, sa_type=choice(RectificationState))
    evidence: list[str] = Field(default_factory=list, sa_type=Json, description="hashes of files")
    statement: str = Field(default="", sa_type=Text)
    submitted_by: str | None = Field(default=None, max_length=64)
    submitted_at: datetime | None = None
    checked_by: str | None = Field(default=None, max_length=64)
    checked_at: datetime | None = None
    check_note: str = Field(default="", max_length=500)
    recheck_visit: int | None = Field(default=None, description="number of the visit, None where papers were enough")


class Transfer(TenantOwned, table=True):
    """移交立案 or 移送: the lead handed over, and the receipt (R15.4)."""

    __tablename__ = "lead_transfer"
    __table_args__ = (UniqueConstraint("tenant_id", "finding_id"), refers("finding_id", "finding"))

    finding_id: UUID
    to: str = Field(max_length=200)
    evidence: list[str] = Field(default_factory=list, sa_type=Json)
    sent_at: datetime
    sent_by: str = Field(max_length=64)
    receipt: str = Field(default="", max_length=200)
    receipt_at: datetime | None = None


class MergeProposal(TenantOwned, table=True):
    """综合查一次: two tasks on one object within the window, and what was decided (R3.2)."""

    __tablename__ = "merge_proposal"
    __table_args__ = (
        UniqueConstraint("tenant_id", "first_no", "second_no"),
        refers("first_no", "inspection_task", "no"),
        refers("second_no", "inspection_task", "no"),
    )

    first_no: str = Field(max_length=32)
    second_no: str = Field(max_length=32)
    proposed_at: datetime
    merged: bool | None = None
    reason: str = Field(default="", max_length=500)
    decided_by: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = None


class FeedbackLink(TenantOwned, table=True):
    """The object's link, one for each task; what it said of the team is read by the supervisor alone (R16.1)."""

    __tablename__ = "feedback_link"
    __table_args__ = (
        UniqueConstraint("tenant_id", "task_id"),
        UniqueConstraint("tenant_id", "token_hash"),
        refers("task_id", "inspection_task"),
    )

    task_id: UUID
    n: int = Field(default=1, sa_column_kwargs={"server_default": "1"}, description="the supervisor may renew it")
    token_hash: str = Field(max_length=64)
    made_at: datetime
    expires_at: datetime | None = Field(default=None, description="none before the inspection has ended")
    rating: int | None = Field(default=None, description="1 to 5")
    text: str = Field(default="", max_length=2000)
    answered_at: datetime | None = None


class ObjectAccess(TenantOwned, table=True):
    """Who opened which object's file, and for which task; without a task it stands in the audit report (R16.2)."""

    __tablename__ = "object_access"
    __table_args__ = ({"info": {"append_only": True}},)

    actor: str = Field(max_length=64)
    object_code: str = Field(max_length=64, index=True)
    task_no: str | None = Field(default=None, max_length=32)
    at: datetime
