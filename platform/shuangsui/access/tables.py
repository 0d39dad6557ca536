"""Rows of users and their roles."""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from shuangsui.access.policy import ADMINISTRATORS, Role
from shuangsui.db import TenantOwned, choice, new_id

ADMINISTRATOR = text(f"role IN ({', '.join(repr(str(role)) for role in ADMINISTRATORS)})")


class User(SQLModel, table=True):
    """A person. The one table of people without a tenant: somebody may serve several authorities."""

    __tablename__ = "user_account"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    login: str = Field(max_length=32, unique=True)
    name: str = Field(max_length=64)
    active: bool = True


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
