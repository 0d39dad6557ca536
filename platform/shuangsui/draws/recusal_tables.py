"""Rows about the people of a draw: who may be drawn, who must withdraw, who was called in, who leads."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, choice, refers


class RaisedBy(StrEnum):
    """Who says that somebody must withdraw (R9.2): the person, the object 检查对象, or the lead office."""

    INSPECTOR = "inspector"
    EXPERT = "expert"
    OBJECT = "object"
    LEAD = "lead"


class CaseState(StrEnum):
    """A request moves once."""

    RAISED = "raised"
    UPHELD = "upheld"
    REFUSED = "refused"


class Option(StrEnum):
    """What may be done about a task that cannot be manned (R9.4, R9.6)."""

    WIDEN = "widen"
    POSTPONE = "postpone"
    ASSISTANCE = "assistance"
    WITHOUT_EXPERTS = "without_experts"


class EligibilityRule(TenantOwned, table=True):
    """Which posts 岗位 and offices may inspect items of a family, from a day on (R6.3)."""

    __tablename__ = "eligibility_rule"
    __table_args__ = (UniqueConstraint("tenant_id", "family", "version"), {"info": {"append_only": True}})

    family: str = Field(max_length=64)
    version: int
    posts: list[str] = Field(sa_type=Json, description="empty: every post")
    offices: list[str] = Field(sa_type=Json, description="empty: every office")
    valid_from: date
    set_by: str = Field(max_length=64)
    set_at: datetime


class RecusalCase(TenantOwned, table=True):
    """One request that a drawn person withdraw (R9.2). ``detail`` is private and stays inside."""

    __tablename__ = "recusal_case"
    __table_args__ = (UniqueConstraint("tenant_id", "no"), refers("draw_id", "draw"))

    no: str = Field(max_length=32)
    draw_id: UUID
    task: int
    pool: str = Field(max_length=16)
    person: str = Field(max_length=32)
    raised_by: RaisedBy = Field(sa_type=choice(RaisedBy))
    raiser: str = Field(max_length=64, description="login, certificate number or object code")
    recorded_by: str = Field(max_length=64)
    reason_class: str = Field(max_length=32)
    detail: str = Field(default="", max_length=2000, repr=False)
    raised_at: datetime
    state: CaseState = Field(default=CaseState.RAISED, sa_type=choice(CaseState))
    decided_by: str | None = Field(default=None, max_length=64)
    decision: str = Field(default="", max_length=1000, description="the reasons, told to whoever asked")
    decided_at: datetime | None = None
    r: int | None = Field(default=None, description="number of the replacement in the draw log")


class Assistance(TenantOwned, table=True):
    """People of another authority called in for one task and recognised for it alone (R9.4); recorded, not drawn."""

    __tablename__ = "assistance"
    __table_args__ = (UniqueConstraint("tenant_id", "draw_id", "task", "document_no"), refers("draw_id", "draw"))

    draw_id: UUID
    task: int
    authority: str = Field(max_length=200, description="who was asked")
    document_no: str = Field(max_length=100)
    persons: list[dict[str, Any]] = Field(sa_type=Json, description="cert_no and authority of each")
    requested_by: str = Field(max_length=64)
    requested_at: datetime
    approved_by: str | None = Field(default=None, max_length=64)
    approved_at: datetime | None = None


class TaskChoice(TenantOwned, table=True):
    """What was decided about a task without a full team or without experts; the newest counts."""

    __tablename__ = "task_choice"
    __table_args__ = (refers("draw_id", "draw"), {"info": {"append_only": True}})

    draw_id: UUID
    task: int
    option: Option = Field(sa_type=choice(Option))
    reason: str = Field(max_length=500)
    by: str = Field(max_length=64)
    at: datetime


class Appointment(TenantOwned, table=True):
    """A leader 组长 named by hand instead of slot 0, with the reason (R8.3)."""

    __tablename__ = "appointment"
    __table_args__ = (refers("draw_id", "draw"), {"info": {"append_only": True}})

    draw_id: UUID
    task: int
    person: str = Field(max_length=32)
    reason: str = Field(max_length=500)
    by: str = Field(max_length=64)
    at: datetime
