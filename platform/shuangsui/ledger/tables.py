"""Rows of the ledger, the draw log, its checkpoints, and the keys that sign them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from shuangsui.db import Json, TenantOwned, choice


class LedgerEntry(TenantOwned, table=True):
    """One official act or audit event; ``hash`` covers every other column and, through ``prev``, all rows before."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("tenant_id", "n"),
        Index("ix_ledger_entry_subject", "tenant_id", "subject", "n"),
        {"info": {"append_only": True}},
    )

    n: int = Field(description="from 1, without gaps")
    time: datetime
    actor: str = Field(max_length=64, description="login of who acted; os:NAME for the installation's own account")
    act: str = Field(max_length=64, description="area.verb")
    subject: str = Field(max_length=256, description="what was acted on: its number or code")
    payload: str = Field(sa_type=Text, description="JSON, private; the hash covers these very characters")
    drawlog: str | None = Field(default=None, max_length=64, description="hash of the draw-log entry written with it")
    prev: str = Field(max_length=64, description="hash of the row before, 64 zeros for the first")
    hash: str = Field(max_length=64)


class DrawLogEntry(TenantOwned, table=True):
    """One line of the public log; the other columns repeat what queries need of it."""

    __tablename__ = "draw_log_entry"
    __table_args__ = (
        UniqueConstraint("tenant_id", "i"),
        ForeignKeyConstraint(["tenant_id", "ledger_n"], ["ledger_entry.tenant_id", "ledger_entry.n"]),
        Index("ix_draw_log_entry_seq", "tenant_id", "seq"),
        {"info": {"append_only": True}},
    )

    i: int = Field(description="from 0, without gaps")
    kind: str = Field(max_length=16)
    seq: int
    r: int
    line: str = Field(sa_type=Text, description="the canonical line without its line feed, ASCII")
    hash: str = Field(max_length=64)
    time: datetime
    ledger_n: int


class Checkpoint(TenantOwned, table=True):
    """A signed note over the first ``size`` entries of the draw log; cosignature lines are added to ``text``."""

    __tablename__ = "checkpoint"
    __table_args__ = (UniqueConstraint("tenant_id", "size"),)

    size: int
    text: str = Field(sa_type=Text)


class WitnessHead(TenantOwned, table=True):
    """What this tenant, as a witness, last cosigned of a foreign log; ``size`` 0 before the first time."""

    __tablename__ = "witness_head"
    __table_args__ = (UniqueConstraint("tenant_id", "origin"),)

    origin: str = Field(max_length=256)
    log_key: str = Field(max_length=512, description="vkey of the log, pinned when watching began")
    size: int = 0
    root: str = Field(default="", max_length=64)


class KeyRole(StrEnum):
    """What a key signs: its own log, other tenants' checkpoints, or its contributions to draws."""

    LOG = "log"
    WITNESS = "witness"
    CONTRIBUTOR = "contributor"


class SigningKey(TenantOwned, table=True):
    """An Ed25519 key; ``sealed`` opens only with the master key, which the database never holds."""

    __tablename__ = "signing_key"
    __table_args__ = (UniqueConstraint("tenant_id", "role", "name"),)

    role: KeyRole = Field(sa_type=choice(KeyRole))
    name: str = Field(max_length=256, description="for a log: its origin")
    public: bytes
    sealed: bytes = Field(repr=False)


class AlertLevel(StrEnum):
    """A warning before a term, a breach after it."""

    WARN = "warn"
    BREACH = "breach"


class Alert(TenantOwned, table=True):
    """Something that somebody must look at. ``open`` is true or NULL: one open alert per kind and subject."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "subject", "open"),)

    kind: str = Field(max_length=64)
    subject: str = Field(max_length=256)
    level: AlertLevel = Field(sa_type=choice(AlertLevel))
    open: bool | None = True
    article: str = Field(default="", max_length=64)
    due: date | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    to: list[str] = Field(
        default_factory=list,
        sa_type=Json,
        sa_column_kwargs={"server_default": "[]"},
        description="roles that it is addressed to; empty: whoever may view",
    )
    raised_at: datetime
    cleared_at: datetime | None = None
