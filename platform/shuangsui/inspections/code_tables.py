"""Rows of inspection codes 执法码 [cq-order-375]; the code itself stands in the task."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from shuangsui.db import TenantOwned, refers


class CodeFiling(TenantOwned, table=True):
    """无码检查备案: why a task went out without a code, and the report of it to the justice bureau."""

    __tablename__ = "code_filing"
    __table_args__ = (UniqueConstraint("tenant_id", "task_id"), refers("task_id", "inspection_task"))

    task_id: UUID
    reason: str = Field(max_length=500)
    declared_by: str = Field(max_length=64)
    declared_at: datetime
    visited_on: date | None = Field(default=None, description="None until the visit began without a code")
    due: date | None = Field(default=None, description="last day of the report")
    basis: str = Field(default="", max_length=200, description="provision that sets the term")
    system: str = Field(default="", max_length=64, description="that took the report; empty: reported by hand")
    number: str | None = Field(default=None, max_length=200)
    filed_by: str | None = Field(default=None, max_length=64)
    filed_at: datetime | None = None
