"""Rows of users, their roles, and what signing in leaves behind."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, UniqueConstraint, text
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
    __table_args__ = {"info": {"worker": "reads"}}

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
    sessions_after: datetime | None = Field(default=None, description="what was opened before is over everywhere")
    must_change: bool = Field(default=False, sa_column_kwargs={"server_default": text("'0'")})
    home: str | None = Field(default=None, max_length=32)


class SecondFactor(SQLModel, table=True):
    """The secret behind somebody's codes of the minute; one for every authority, like the password."""

    __tablename__ = "second_factor"
    __table_args__ = (ForeignKeyConstraint(["user_id"], ["user_account.id"]), {"info": {"worker": "nothing"}})

    user_id: UUID = Field(primary_key=True)
    sealed: bytes = Field(repr=False)
    since: datetime
    step: int = Field(sa_type=BigInteger, description="of the last code; none is used twice")
    recovery: list[str] = Field(sa_type=Json, description="hashes of the recovery codes that are left")


class Throttle(SQLModel):
    """Failed sign-ins; without a tenant, since guesses in several authorities guess at one password."""

    failures: int = 0
    since: datetime
    until: datetime | None = None


class SignInThrottle(Throttle, table=True):
    """Of one login, whether anybody has it or not."""

    __tablename__ = "sign_in_throttle"
    __table_args__ = {"info": {"worker": "nothing"}}

    login: str = Field(primary_key=True, max_length=32)


class AddressThrottle(Throttle, table=True):
    """From one address of the network, whatever the login."""

    __tablename__ = "address_throttle"
    __table_args__ = {"info": {"worker": "nothing"}}

    address: str = Field(primary_key=True, max_length=64)


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
        {"info": {"worker": "reads"}},
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
        {"info": {"worker": "reads"}},
    )

    user_id: UUID
    kind: PersonOf = Field(sa_type=choice(PersonOf))
    number: str = Field(max_length=64)


class ApiToken(TenantOwned, table=True):
    """A person's key for a program; itself shown once, kept as its hash. It never opens more than the person may."""

    __tablename__ = "api_token"
    __table_args__ = (
        UniqueConstraint("tenant_id", "token_hash"),
        ForeignKeyConstraint(["user_id"], ["user_account.id"]),
    )

    user_id: UUID
    name: str = Field(max_length=64)
    token_hash: str = Field(max_length=64)
    verbs: list[str] = Field(sa_type=Json, description="at most these")
    created_at: datetime
    expires_at: datetime
    seen_at: datetime | None = None
    revoked_at: datetime | None = None


class StaffSession(TenantOwned, table=True):
    """For how long a person of the operator may look at this tenant's business, and why."""

    __tablename__ = "staff_session"
    __table_args__ = (ForeignKeyConstraint(["user_id"], ["user_account.id"]),)

    user_id: UUID
    reason: str = Field(max_length=200)
    by: str = Field(max_length=64, description="os:NAME of the operator's account")
    begun_at: datetime
    until: datetime
    ended_at: datetime | None = None


class OidcIdentity(TenantOwned, table=True):
    """Whom the authority's sign-in server means by a subject; never found by a name, which may be given out again."""

    __tablename__ = "oidc_identity"
    __table_args__ = (
        UniqueConstraint("tenant_id", "issuer", "subject"),
        ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        {"info": {"worker": "nothing"}},
    )

    user_id: UUID
    issuer: str = Field(max_length=256)
    subject: str = Field(max_length=255)


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
