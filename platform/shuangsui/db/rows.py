"""What the rows of every tenant share: the two-part key, composite references, column types.

Times need no type of their own: SQLModel maps ``datetime`` to ``UTCDateTime``, which refuses naive values.
A table whose rows are never changed says so in its ``info``; the database then refuses UPDATE and DELETE::

    __table_args__ = {"info": {"append_only": True}}

A table without tenant that every tenant reads, and to which each adds rows in its own name only, names the column
that holds the writer's slug; it is append-only as well::

    __table_args__ = {"info": {"append_only": True, "written_by": "authority"}}

What is decided at the console only, the worker's role ``reads``; what belongs to browsers is ``nothing`` to it::

    __table_args__ = {"info": {"worker": "reads"}}
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Enum, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import defer
from sqlmodel import Field, SQLModel
from uuid6 import uuid7

SLUG_LENGTH = 32

# Migrations address constraints by name, so no name may be left to the database.
SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

Json = JSON().with_variant(JSONB(), "postgresql")
"""Free structure that no query looks into; ``Field(sa_type=Json)``."""


def choice(kind: type[StrEnum]) -> Enum:
    """Column type of a closed list, stored as its values; no native enum, so a new value needs no migration."""
    return Enum(kind, native_enum=False, length=32, values_callable=lambda members: [m.value for m in members])


def new_id() -> UUID:
    """A UUIDv7: later rows sort later, and no count of rows can be read from it."""
    return UUID(int=uuid7().int)


class TenantOwned(SQLModel):
    """Mixin of every row that belongs to one tenant; the session fills ``tenant_id`` in."""

    tenant_id: str = Field(default=None, primary_key=True, max_length=SLUG_LENGTH)
    id: UUID = Field(default_factory=new_id, primary_key=True)


def later(column: Any) -> Any:
    """An option of a query: the column is read only where somebody asks for it."""
    return defer(column)


def refers(column: str, table: str, to: str = "id") -> ForeignKeyConstraint:
    """Reference within the tenant: a single-column key would let a row point into another tenant (trust.md 2.3)."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.{to}"])
