"""Rows of users, their roles, and what signing in leaves behind."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from shuangsui.access.policy import ADMINISTRATORS, Role
from shuangsui.db import Json, TenantOwned, choice, new_id

ADMINISTRATOR = text(f"role IN ({', '.join(repr(str(role)) for role in ADMINISTRATORS)})")


class User(SQLModel, table=True):
    """A person. The one table of people without a tenant: somebody may serve several authorities.

    ``home`` is the authority that gave the password out and the only one that may replace it: elsewhere a security
    administrator would take over somebody's work in another authority.
    """

    __tablename__ = "user_account"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    login: str = Field(max_length=32, unique=True)
    name: str = Field(max_length=64)
    active: bool = True
    password_hash: str | None = Field(default=None, max_length=255)
    password_at: datetime | None = None
    password_former: list[str] = Field(
        default_factory=list,
        sa_type=Json,
        sa_column_kwargs={"server_default": "[]"},
        description="hashes of the ones before, the newest first",
    )
    must_change: bool = Field(default=False, sa_column_kwargs={"server_default": text("'0'")})
    home: str | None = Field(default=None, max_length=32)


class SignInThrottle(SQLModel, table=True):
    """Failed sign-ins of one login; without a tenant, since guesses in several authorities guess at one password."""

    __tablename__ = "sign_in_throttle"

    login: str = Field(primary_key=True, max_length=32)
    failures: int
    since: datetime
    until: datetime | None = None


class Membership(TenantOwned, table=True):
    """A role of a user in this tenant; the partial index keeps the three administrators apart (等保 三员分立)."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id", "role"),
        ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        Index(
            "one_administrator_role", "tenant_id", "user_id",
            unique=True, sqlite_where=ADMINISTRATOR, postgresql_where=ADMINISTRATOR,
        ),
    )  # fmt: skip

    user_id: UUID
    role: Role = Field(sa_type=choice(Role))


class PersonOf(StrEnum):
    """Which registry of people a user is in."""

    INSPECTOR = "inspector"
    EXPERT = "expert"


class PersonLink(TenantOwned, table=True):
    """Under which number of the registries a user acts on tasks: certificate of an inspector, number of an expert."""

    __tablename__ = "person_link"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id", "kind"),
        UniqueConstraint("tenant_id", "kind", "number"),
        ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    )

    user_id: UUID
    kind: PersonOf = Field(sa_type=choice(PersonOf))
    number: str = Field(max_length=64)


class WebSession(TenantOwned, table=True):
    """A signed-in browser; the token itself is nowhere but in its cookie."""

    __tablename__ = "web_session"
    __table_args__ = (
        UniqueConstraint("tenant_id", "token_hash"),
        ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    )

    user_id: UUID
    token_hash: str = Field(max_length=64)
    csrf: str = Field(max_length=64)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
