"""Rows of what was published."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, choice, refers
from shuangsui.disclosure.clocks import Clock, Since
from shuangsui.disclosure.policy import Action, Choice, DeliveryState, PublicationState, RulingState


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


class Term(TenantOwned, table=True):
    """公开期限 of one result, round or decision: from which day it runs, why, and until when (R14.1 to R14.4, R15.4).

    Never the source of anything: it follows from the inspections, the rules and the calendar, and is worked out anew
    whenever one of them changes; what is kept here is what the calendar ``calendar`` said.
    """

    __tablename__ = "publication_term"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "key"),
        Index("ix_publication_term_due", "tenant_id", "met", "due"),
    )

    kind: str = Field(max_length=16, description="result, round or decision")
    key: str = Field(max_length=100, description="number of the task and of its result; of the draw; of the decision")
    task_no: str | None = Field(default=None, max_length=32)
    draw_no: str = Field(default="", max_length=32, description="empty for a decision")
    ended: date | None = Field(default=None, description="the day on which the object's inspection ended")
    since: Since = Field(default=Since.RUNNING, sa_type=choice(Since))
    start: date | None = None
    days: int = 0
    due: date | None = Field(default=None, description="the day that is enforced: the earliest possible one")
    provisional: bool = False
    calendar: str = Field(default="", max_length=16, description="version of the calendar that judged it")
    met: date | None = Field(default=None, description="the day on which every channel had confirmed it")
    examination: dict[str, Any] | None = Field(
        default=None,
        sa_type=Json,
        description="institution, commissioned, expected, evidence, partial; reported and report once it came (R14.4)",
    )

    @property
    def clock(self) -> Clock:
        """What it runs by."""
        return Clock(self.since, self.start, self.days)

    @property
    def awaits_report(self) -> bool:
        """Whether something is being tested."""
        return self.examination is not None and not self.examination.get("reported")

    @property
    def partial_allowed(self) -> bool:
        """Whether the rules in force at the commission let the rest be published before the report."""
        return bool((self.examination or {}).get("partial"))


class Ruling(TenantOwned, table=True):
    """公开决定 on the results of one task: to publish them, or why the law keeps them back (R14.7, R14.8).

    What was proposed and refused stays; the newest one counts.
    """

    __tablename__ = "publication_ruling"
    __table_args__ = (UniqueConstraint("tenant_id", "task_no", "n"),)

    task_no: str = Field(max_length=32)
    n: int = Field(description="from 1, for each task")
    number: int | None = Field(default=None, description="of the placeholder that the public sees")
    decision: Choice = Field(sa_type=choice(Choice))
    state: RulingState = Field(sa_type=choice(RulingState))
    basis: str = Field(default="", max_length=500, description="provision, or clause of the item's list version")
    scope: str = Field(default="", max_length=500, description="which part the law keeps back")
    notified: list[str] | None = Field(
        default=None, sa_type=Json, description="recipients of the directed notice 定向通报; [] that nobody is told"
    )
    proposer: str = Field(max_length=64)
    proposed_at: datetime
    decider: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = None
    reason: str = Field(default="", max_length=500, description="why it was refused")


class Disclosure(TenantOwned, table=True):
    """公示事项: one revision of what is disclosed; corrected and taken down by later ones, never changed."""

    __tablename__ = "disclosure"
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "key", "revision"), {"info": {"append_only": True}})

    kind: str = Field(max_length=16, description="as disclosed.KINDS")
    key: str = Field(max_length=100, description="number with the authority, unique within the kind")
    revision: int = Field(description="from 1")
    action: Action = Field(sa_type=choice(Action))
    content: dict[str, Any] = Field(sa_type=Json, description="the value of disclosed.KINDS[kind]")
    note: str = Field(default="", max_length=500, description="what was corrected, why it was taken down; public")
    published_on: date = Field(description="the day of the decision")
    until: date | None = Field(default=None, description="the last day on which it may be shown")
    draw_no: str | None = Field(default=None, max_length=32)
    task_no: str | None = Field(default=None, max_length=32)
    part: int | None = Field(default=None, description="which result of the task; None: all of them")
    by: str = Field(max_length=64)
    at: datetime


class Delivery(TenantOwned, table=True):
    """One revision on its way to one channel, until a receipt confirms it; retries live here (trust T7)."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("tenant_id", "disclosure_id", "channel"),
        refers("disclosure_id", "disclosure"),
        Index("ix_delivery_next", "tenant_id", "channel", "state", "next_at"),
    )

    disclosure_id: UUID
    channel: str = Field(max_length=130, description="plugin/name; by-hand/DUTY where no plugin serves a duty")
    duty: str = Field(default="", max_length=64, description="of the rule publication.channels, empty if none")
    state: DeliveryState = Field(default=DeliveryState.WAITING, sa_type=choice(DeliveryState))
    attempts: int = 0
    next_at: datetime | None = Field(default=None, description="not tried earlier; None: not by itself")
    error: dict[str, Any] | None = Field(default=None, sa_type=Json, description="code and params of the last failure")
    receipt: dict[str, Any] | None = Field(
        default=None, sa_type=Json, description="reference, digest, at, by, evidence"
    )
    tried_at: datetime | None = None
    confirmed_at: datetime | None = None


class ChannelState(TenantOwned, table=True):
    """The circuit breaker of one channel: how often it failed in a row, and until when it is left alone."""

    __tablename__ = "channel_state"
    __table_args__ = (UniqueConstraint("tenant_id", "channel"),)

    channel: str = Field(max_length=130)
    failures: int = 0
    open_until: datetime | None = None
    error: dict[str, Any] | None = Field(default=None, sa_type=Json, description="of the last failure")


class Correction(TenantOwned, table=True):
    """更正 that was promised: what is wrong, since when, and by when the public must see it put right (R14.10)."""

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "key", "n"),)

    kind: str = Field(max_length=16)
    key: str = Field(max_length=100)
    n: int = Field(description="from 1, for each thing")
    wrong: str = Field(max_length=500, description="what is wrong, as accepted")
    accepted_by: str = Field(max_length=64)
    accepted_at: datetime
    revision: int | None = Field(default=None, description="that puts it right")
    closed_on: date | None = Field(default=None, description="the day on which every duty had confirmed it")
