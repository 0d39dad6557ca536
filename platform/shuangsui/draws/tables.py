"""Rows of a draw. What is official stands in the draw log; these rows are the way there and what follows from it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, choice, refers
from shuangsui.draws.dispatch_tables import Assignment, Dispatch
from shuangsui.draws.recusal_tables import Appointment, Assistance, EligibilityRule, RecusalCase, TaskChoice

__all__ = [
    "Appointment", "Assignment", "Assistance", "Cause", "Contribution", "Dispatch", "Draw", "DrawFile", "DrawState",
    "DrawnTask", "EligibilityRule", "RecusalCase", "TaskChoice",
]  # fmt: skip


class DrawState(StrEnum):
    """One way only; what went wrong is added, never edited (DESIGN §4)."""

    FROZEN = "frozen"
    COMMITTED = "committed"
    REVEALING = "revealing"
    DRAWN = "drawn"
    ABANDONED = "abandoned"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class Cause(StrEnum):
    """Why there is a draw: a line of the own plan, or objects that somebody else fixed and that need a team."""

    LINE = "line"
    DISPATCH = "dispatch"
    JOINT = "joint"
    SPECIAL = "special"


class Draw(TenantOwned, table=True):
    """One draw: a round of a plan line, or people for objects that are given (``cause``).

    ``live`` is true or NULL: the constraint lets one live draw of a cause exist, and one under commitment (``pending``)
    in the whole tenant, because commitments are bound to the next seq (srd-1 5.2).
    """

    __tablename__ = "draw"
    __table_args__ = (
        UniqueConstraint("tenant_id", "no"),
        UniqueConstraint("tenant_id", "year", "line_no", "round", "live"),
        UniqueConstraint("tenant_id", "cause_key", "live"),
        UniqueConstraint("tenant_id", "pending"),
        refers("line_id", "plan_line"),
        refers("item_id", "item"),
    )

    no: str = Field(max_length=32)
    cause: Cause = Field(default=Cause.LINE, sa_type=choice(Cause), sa_column_kwargs={"server_default": "line"})
    cause_key: str | None = Field(default=None, max_length=255, description="line/2026/3/1, special/LX2026-0001 …")
    line_id: UUID | None = None
    item_id: UUID | None = Field(default=None, description="none where the item stands in another authority's list")
    year: int
    line_no: int | None = None
    round: int | None = None
    live: bool | None = True
    pending: bool | None = True
    state: DrawState = Field(default=DrawState.FROZEN, sa_type=choice(DrawState))
    seq: int
    item_code: str = Field(max_length=64)
    item_name: str = Field(max_length=200)
    family: str = Field(max_length=64)
    operator: str = Field(max_length=64)
    frozen_at: datetime
    draft: dict[str, Any] = Field(sa_type=Json, description="plan.json before the commitments")
    trials: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    sealed_key: bytes | None = Field(default=None, repr=False, description="K of salted mode under the master key")
    void_reason: str = Field(default="", max_length=500)
    item_facts: dict[str, Any] | None = Field(default=None, sa_type=Json, description="of an item without item_id")


class Contribution(TenantOwned, table=True):
    """One holder's commitment; ``sealed`` is the operator's own ``c_0`` under the master key, NULL for all others."""

    __tablename__ = "contribution"
    __table_args__ = (UniqueConstraint("tenant_id", "draw_id", "who"), refers("draw_id", "draw"))

    draw_id: UUID
    position: int
    who: str = Field(max_length=64)
    commit: str | None = Field(default=None, max_length=64)
    sig: str | None = Field(default=None, max_length=88)
    sealed: bytes | None = Field(default=None, repr=False)


class DrawFile(TenantOwned, table=True):
    """One file of a draw: those of the transcript, and the private ``frame.csv`` (the real registry as frozen)."""

    __tablename__ = "draw_file"
    __table_args__ = (UniqueConstraint("tenant_id", "draw_id", "name"), refers("draw_id", "draw"))

    draw_id: UUID
    name: str = Field(max_length=64)
    data: bytes


class DrawnTask(TenantOwned, table=True):
    """One task of a result as replacements left it: its object and its people."""

    __tablename__ = "drawn_task"
    __table_args__ = (UniqueConstraint("tenant_id", "draw_id", "task"), refers("draw_id", "draw"))

    draw_id: UUID
    task: int
    b: str = Field(max_length=64)
    object_code: str = Field(max_length=64)
    object_name: str = Field(max_length=200)
    stratum: str = Field(max_length=32)
    batch: int
    teams: list[str | None] = Field(sa_type=Json, description="certificate numbers by slot, slot 0 leads; [] if none")
    leader: str | None = Field(default=None, max_length=32, description="by a recorded appointment instead of slot 0")
    experts: list[str | None] = Field(sa_type=Json)
    cancelled: bool = False
    opened: bool = Field(default=False, description="the object may be named in the transcript")
    settled: bool = Field(default=False, description="its inspection has a result: nothing of it is replaced any more")
    inspected_on: date | None = Field(default=None, description="the day its inspection ended, once settled")
