"""Rows of what was decided about an authority's existence."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, choice
from shuangsui.tenancy.tenure import Turn


class TenureChange(TenantOwned, table=True):
    """One decision 机关存续变更 as the authority it is about keeps it; never changed, a later one follows.

    ``others``: whom it hands over to, or takes over from: their ``tenant``, and of a predecessor the public ``key``,
    hex, that signs its handovers.
    """

    __tablename__ = "tenure_change"
    __table_args__ = (
        UniqueConstraint("tenant_id", "decider", "decision"),
        {"info": {"append_only": True, "worker": "reads"}},
    )

    turn: Turn = Field(sa_type=choice(Turn))
    since: date = Field(description="the first day on which it holds")
    others: list[dict[str, Any]] = Field(sa_type=Json)
    document: str = Field(max_length=200, description="文号")
    reason: str = Field(max_length=500)
    decider: str = Field(max_length=64, description="tenant:SLUG of the authority above, or os:NAME")
    decision: str = Field(max_length=64, description="number of the decision at the one who made it")
    at: datetime
