"""Rows of what is told to whom, and where people may be reached."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, Sealed, SealedMap, TenantOwned, choice, refers
from shuangsui.notification.policy import NotificationLevel, NotificationState


class Recipient(TenantOwned, table=True):
    """Where a user of this authority may be reached, and whether daily digests are wanted.

    Personal data, sealed: shown in full to the user alone, elsewhere masked, and never in the ledger, in logs or
    outside.
    """

    __tablename__ = "notification_recipient"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id"),
        ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    )

    user_id: UUID
    addresses: dict[str, Sealed] = Field(
        default_factory=dict, sa_type=SealedMap, repr=False, description="by notified.AddressKind"
    )
    digest: bool = Field(default=True, description="breaches come in any case")


class Notification(TenantOwned, table=True):
    """通知: one person told of one raise of an alert, or of a day's warnings, through one notifier.

    Where to is looked up at every attempt, so a row holds no address.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("tenant_id", "key", "user_id", "notifier"),
        ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        refers("alert_id", "alert"),
        refers("digest_id", "notification"),
        Index("ix_notification_due", "tenant_id", "notifier", "state", "next_at"),
    )

    key: str = Field(max_length=64, description="ALERT/LEVEL, or digest/DAY")
    user_id: UUID
    notifier: str = Field(max_length=130, description="plugin/name")
    level: NotificationLevel = Field(sa_type=choice(NotificationLevel))
    alert_id: UUID | None = None
    digest_id: UUID | None = Field(default=None, description="the notification whose list it stands in")
    title: str = Field(max_length=200)
    text: str = Field(sa_type=Text)
    state: NotificationState = Field(sa_type=choice(NotificationState))
    made_at: datetime
    next_at: datetime | None = Field(default=None, description="not tried before; None unless waiting")
    attempts: int = 0
    tried_at: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = Field(default=None, description="when it was reported that it reached the person")
    reference: str = Field(default="", max_length=500, description="the other system's own number or word")
    error: dict[str, Any] | None = Field(default=None, sa_type=Json, description="code and params of the last failure")
