"""Rows of inspections."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, refers


class InspectionResult(TenantOwned, table=True):
    """The result of one drawn task: categories of the public credit system, several may apply (data-standards 5.2)."""

    __tablename__ = "inspection_result"
    __table_args__ = (UniqueConstraint("tenant_id", "task_id"), refers("task_id", "drawn_task"))

    task_id: UUID
    ended: date
    team: list[str | None] = Field(sa_type=Json, description="who was seated when the result was typed in")
    categories: list[str] = Field(sa_type=Json)
    note: str = Field(default="", max_length=1000)
    recorded_by: str = Field(max_length=64)
    recorded_at: datetime
