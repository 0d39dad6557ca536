"""Numbers without gaps, and the lock of one tenant that keeps them so."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, select

from shuangsui.db.rows import TenantOwned
from shuangsui.db.scope import TenantSession


class Counter(TenantOwned, table=True):
    """The last number given out under ``name``."""

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: str = Field(max_length=64)
    value: int = 0


def lock_tenant(session: TenantSession) -> None:
    """Let no other transaction number anything in this tenant before this one ends.

    One lock for all numbers, so that two transactions can never wait for each other's; SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = func.hashtextextended(f"shuangsui/{session.tenant}", 0)
        session.execute(select(func.pg_advisory_xact_lock(key)))


def next_number(session: TenantSession, name: str) -> int:
    """1, 2, 3 … of this tenant; a rolled back transaction gives its number back."""
    lock_tenant(session)
    counter = _counter(session, name) or Counter(name=name)
    counter.value += 1
    session.add(counter)
    session.flush()
    return counter.value


def last_number(session: TenantSession, name: str) -> int:
    """The last number given out, 0 before the first."""
    counter = _counter(session, name)
    return counter.value if counter else 0


def _counter(session: TenantSession, name: str) -> Counter | None:
    """Read anew: another transaction may have numbered in between."""
    query = select(Counter).where(Counter.name == name).execution_options(populate_existing=True)
    return session.exec(query).one_or_none()
