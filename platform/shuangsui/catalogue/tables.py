"""Rows of the 随机抽查事项清单: its versions, and the items of each."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, choice, refers
from shuangsui.registry.tables import Kept


class ListState(StrEnum):
    """Of one version; sent back by the leader it is a draft again, otherwise it moves one way."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class ItemClass(StrEnum):
    """重点检查事项 · 一般检查事项 (R5.2)"""

    KEY = "key"
    GENERAL = "general"


class DrawMode(StrEnum):
    """Whether a draw publishes who was in it (srd-1 section 4): blinded until opened, or in the open."""

    SALTED = "salted"
    PUBLIC = "public"


class ItemList(TenantOwned, table=True):
    """One version of the list. ``working`` is true or NULL: the constraint lets one version be under way at a time."""

    __tablename__ = "item_list"
    __table_args__ = (UniqueConstraint("tenant_id", "number"), UniqueConstraint("tenant_id", "working"))

    number: int
    state: ListState = Field(default=ListState.DRAFT, sa_type=choice(ListState))
    working: bool | None = True
    opened_at: datetime
    proposer: str | None = Field(default=None, max_length=64)
    submitted_at: datetime | None = None
    approver: str | None = Field(default=None, max_length=64)
    approved_at: datetime | None = None
    published_at: datetime | None = None
    superseded_at: datetime | None = None
    digest: str | None = Field(default=None, max_length=64, description="of the content since it was submitted")


class Item(Kept, table=True):
    """One 随机抽查事项 of one version. Wording is kept as the list has it; what follows from it stands beside."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("tenant_id", "list_id", "code"),
        refers("list_id", "item_list"),
        refers("import_id", "registry_import"),
    )

    list_id: UUID
    code: str = Field(max_length=64)
    family: str = Field(max_length=64, description="what counts as the same item over a year (R10.1)")
    no: str = Field(max_length=32, description="number in the list it came from")
    domain: str | None = Field(default=None, max_length=100)
    source_row: str | None = Field(default=None, max_length=32)
    name: str = Field(max_length=200)
    sub_item: str | None = Field(default=None, sa_type=Text)
    item_class: ItemClass | None = Field(default=None, sa_type=choice(ItemClass))
    key_ground: str | None = Field(default=None, sa_type=Text)
    content: str | None = Field(default=None, sa_type=Text)
    basis: str | None = Field(default=None, sa_type=Text)
    method: str | None = Field(default=None, sa_type=Text)
    modes: list[str] = Field(sa_type=Json, description="of the rule inspection.modes; empty if not understood")
    scope: str | None = Field(default=None, sa_type=Text, description="抽查对象")
    ratio_text: str | None = Field(default=None, sa_type=Text)
    ratio: dict[str, Any] | None = Field(default=None, sa_type=Json, description="wording.RatioRule")
    frequency_text: str | None = Field(default=None, sa_type=Text)
    frequency: dict[str, Any] | None = Field(default=None, sa_type=Json, description="wording.FrequencyRule")
    publication: str | None = Field(default=None, sa_type=Text)
    withheld: bool = Field(description="the wording says that some results are not published")
    office: str | None = Field(default=None, max_length=200)
    inspecting_body: str | None = Field(default=None, sa_type=Text)
    personnel: str | None = Field(default=None, sa_type=Text)
    remark: str | None = Field(default=None, sa_type=Text)
    extra: dict[str, str] = Field(sa_type=Json, description="columns of its own, by header")
    draw_mode: DrawMode = Field(default=DrawMode.SALTED, sa_type=choice(DrawMode))
    attention: list[str] = Field(sa_type=Json, description="codes of what a person must look at")
    proposed_by: str = Field(max_length=64, description="who last imported or edited it")
    confirmed_by: str | None = Field(default=None, max_length=64)
    confirmed_at: datetime | None = None
    held: str | None = Field(default=None, max_length=500, description="why it waits for a later version (搁置)")


class BasisAmendment(TenantOwned, table=True):
    """依据修改 (R5.7): that a law or document on which items rest was amended."""

    __tablename__ = "basis_amendment"
    __table_args__ = (UniqueConstraint("tenant_id", "law", "amended_on"), {"info": {"append_only": True}})

    law: str = Field(max_length=200, description="as the items' 抽查依据 words it")
    amended_on: date
    noted_by: str = Field(max_length=64)
    noted_at: datetime


class BasisReview(TenantOwned, table=True):
    """复核 (R5.7): what became of one item after its basis was amended."""

    __tablename__ = "basis_review"
    __table_args__ = (
        UniqueConstraint("tenant_id", "amendment_id", "item_code"),
        refers("amendment_id", "basis_amendment"),
        {"info": {"append_only": True}},
    )

    amendment_id: UUID
    item_code: str = Field(max_length=64)
    outcome: str = Field(max_length=500, description="kept as it is, or changed in which version")
    by: str = Field(max_length=64)
    at: datetime
