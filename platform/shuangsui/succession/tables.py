"""Rows of decisions about authorities, where they are made, and of what was handed over, on either side."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, choice
from shuangsui.tenancy.tenure import Turn


class DecisionState(StrEnum):
    """One person proposes, another one approves; what is approved is carried out."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class Direction(StrEnum):
    """移交 · 承接"""

    OUT = "out"
    IN = "in"


class TenureDecision(TenantOwned, table=True):
    """机关存续决定 of the authority above: ``subjects`` are suspended, resumed, or closed for ``successors``."""

    __tablename__ = "tenure_decision"
    __table_args__ = (UniqueConstraint("tenant_id", "no"), {"info": {"worker": "reads"}})

    no: str = Field(max_length=32)
    turn: Turn = Field(sa_type=choice(Turn), description="suspend, resume or close")
    subjects: list[str] = Field(sa_type=Json)
    successors: list[str] = Field(sa_type=Json)
    since: date
    document: str = Field(max_length=200, description="文号")
    reason: str = Field(max_length=500)
    proposer: str = Field(max_length=64)
    state: DecisionState = Field(default=DecisionState.PROPOSED, sa_type=choice(DecisionState))
    decider: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = None
    answer: str = Field(default="", max_length=500, description="why it was refused")


class Handover(TenantOwned, table=True):
    """A package 移交清单 that went out or came in; ``digest`` is the SHA-256 of its manifest."""

    __tablename__ = "handover"
    __table_args__ = (
        UniqueConstraint("tenant_id", "direction", "digest"), {"info": {"append_only": True, "worker": "reads"}},
    )  # fmt: skip

    direction: Direction = Field(sa_type=choice(Direction))
    partner: str = Field(max_length=32)
    digest: str = Field(max_length=64)
    document: str = Field(max_length=200)
    counts: dict[str, Any] = Field(sa_type=Json, description="rows of each part")
    chosen: dict[str, Any] = Field(default_factory=dict, sa_type=Json, description="districts and offices; empty: all")
    by: str = Field(max_length=64)
    at: datetime
