"""Rows of legal data that an authority took in itself."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Text

from shuangsui.db import TenantOwned


class CalendarNotice(TenantOwned, table=True):
    """One import of a notice 放假安排; the newest of a year is in force, the earlier ones stay."""

    __tablename__ = "calendar_notice"
    __table_args__ = (
        UniqueConstraint("tenant_id", "year", "n"),
        {"info": {"append_only": True, "worker": "reads"}},
    )

    year: int
    n: int = Field(description="from 1, for each year")
    file: str = Field(sa_type=Text, description="the JSON document as it was taken in")
    digest: str = Field(max_length=64)
    source: str = Field(max_length=200)
    issued: date
    by: str = Field(max_length=64)
    at: datetime
