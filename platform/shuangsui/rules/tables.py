"""Rows of legal data that an authority took in itself, and of what it changed of its own rules at the console."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel, Text

from shuangsui.db import Json, TenantOwned, choice, new_id
from shuangsui.db.rows import SLUG_LENGTH


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


class PublishedNotice(SQLModel, table=True):
    """A notice 放假安排 that an authority with districts took in, as every authority reads it: it is public anyway.

    Without tenant, because a district cannot read the rows of the authority above it. Each authority adds its own and
    nobody changes any.
    """

    __tablename__ = "calendar_published"
    __table_args__ = (
        UniqueConstraint("authority", "year", "n"),
        {"info": {"append_only": True, "written_by": "authority", "worker": "reads"}},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    authority: str = Field(default=None, max_length=SLUG_LENGTH)
    year: int
    n: int = Field(description="of the import, see CalendarNotice")
    file: str = Field(sa_type=Text, description="the JSON document as it was taken in")
    at: datetime


class RevisionState(StrEnum):
    """One way only. An approved one stays approved: what takes it back is another revision."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RuleRevision(TenantOwned, table=True):
    """规则修订: what an authority wants its own rules to say from a day on, laid after its ``rules.toml`` (DESIGN §5).

    ``changes`` is what :class:`shuangsui.rules.revisions.Change` stores. Who decides is never who proposed, and only a
    decision makes it approved: the database says so too.
    """

    __tablename__ = "rule_revision"
    __table_args__ = (
        UniqueConstraint("tenant_id", "n"),
        CheckConstraint("decider IS NULL OR decider <> proposer", name="two_people"),
        CheckConstraint("state NOT IN ('approved', 'refused') OR decider IS NOT NULL", name="decided"),
        {"info": {"worker": "reads"}},
    )

    n: int = Field(description="from 1")
    state: RevisionState = Field(default=RevisionState.DRAFT, sa_type=choice(RevisionState))
    changes: list[dict[str, Any]] = Field(sa_type=Json)
    valid_from: date | None = Field(default=None, description="none before it is proposed")
    reason: str = Field(default="", max_length=500)
    proposer: str = Field(max_length=64, description="who drafted it, then who proposed it")
    drafted_at: datetime
    proposed_at: datetime | None = None
    decider: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = None
    decision: str = Field(default="", max_length=500, description="why it was refused")
    rolls_back: int | None = Field(default=None, description="number of the revision that it takes back")


class PublishedRevision(SQLModel, table=True):
    """An approved revision as every authority reads it: rules are public, and those of an authority reach districts.

    Without tenant, because a district cannot read the rows of the authority above it. Each authority adds its own and
    nobody changes any; there is nothing in it that the public page of the rules does not show.
    """

    __tablename__ = "rule_published"
    __table_args__ = (
        UniqueConstraint("authority", "n"),
        {"info": {"append_only": True, "written_by": "authority", "worker": "reads"}},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    authority: str = Field(default=None, max_length=SLUG_LENGTH)
    n: int
    valid_from: date
    changes: list[dict[str, Any]] = Field(sa_type=Json)
    at: datetime
