"""Rows of objects that one authority drew and another inspects: ``Dispatch`` with the sender, ``Assignment`` there."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, choice, refers


class HandoverKind(StrEnum):
    """A district inspects instead of the sender, or a partner inspects beside it (部门联合)."""

    DISPATCH = "dispatch"
    JOINT = "joint"


class HandoverState(StrEnum):
    """Sent and received are one step for the receiver; a redirected row was sent again elsewhere."""

    SENT = "sent"
    ACCEPTED = "accepted"
    HANDED_BACK = "handed_back"
    REDIRECTED = "redirected"


class Dispatch(TenantOwned, table=True):
    """What was sent to one receiver out of one draw; ``attempt`` counts how often it went to that receiver."""

    __tablename__ = "dispatch"
    __table_args__ = (UniqueConstraint("tenant_id", "draw_id", "receiver", "attempt"), refers("draw_id", "draw"))

    draw_id: UUID
    receiver: str = Field(max_length=32, description="slug of the receiving authority")
    attempt: int = 1
    kind: HandoverKind = Field(sa_type=choice(HandoverKind))
    state: HandoverState = Field(default=HandoverState.SENT, sa_type=choice(HandoverState))
    tasks: list[int] = Field(sa_type=Json)
    visit_day: date | None = None
    sent_by: str = Field(max_length=64)
    sent_at: datetime
    reason: str = Field(default="", max_length=500, description="why it was sent again")
    answer: str = Field(default="", max_length=500, description="why it was handed back")
    answered_at: datetime | None = None


class Assignment(TenantOwned, table=True):
    """What was received; everything a district needs to check the parent draw and to make its own (R17.1)."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("tenant_id", "no"),
        UniqueConstraint("tenant_id", "origin", "result_hash", "attempt"),
    )

    no: str = Field(max_length=32)
    kind: HandoverKind = Field(sa_type=choice(HandoverKind))
    state: HandoverState = Field(default=HandoverState.SENT, sa_type=choice(HandoverState))
    sender: str = Field(max_length=32)
    origin: str = Field(max_length=120)
    plan_hash: str = Field(max_length=64)
    result_hash: str = Field(max_length=64)
    attempt: int = 1
    draw_no: str = Field(max_length=32, description="the sender's number")
    item: dict[str, Any] = Field(sa_type=Json, description="code, name, family, basis and how results are published")
    terms: dict[str, Any] = Field(sa_type=Json, description="team, experts, per_day")
    objects: list[dict[str, Any]] = Field(sa_type=Json, description="task, code, name, b and salt in the parent")
    visit_day: date | None = None
    received_at: datetime
    decided_by: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = None
    reason: str = Field(default="", max_length=500)
