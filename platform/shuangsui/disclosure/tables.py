"""Rows of what was published."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, choice
from shuangsui.disclosure.policy import PublicationState


class Publication(TenantOwned, table=True):
    """One revision of one bundle; publishing the same bytes again is the same revision."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "key", "revision"),)

    kind: str = Field(max_length=32)
    key: str = Field(max_length=100)
    revision: int = Field(description="from 1, for each kind and key")
    digest: str = Field(max_length=64, description="of the bundle, see contracts.Bundle")
    state: PublicationState = Field(default=PublicationState.SENT, sa_type=choice(PublicationState))
    receipts: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json, description="one per channel")
    at: datetime = Field(description="when it reached its state")
