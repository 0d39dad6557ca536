"""One clock for web, worker and command line: the database's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func
from sqlmodel import Field, SQLModel, select

from shuangsui.db.scope import TenantSession
from shuangsui.errors import BadInput

SQLITE_TIME = "%Y-%m-%dT%H:%M:%f+00:00"


class ClockOffset(SQLModel, table=True):
    """One row, of the whole installation: how far simulated time runs ahead, in seconds."""

    __tablename__ = "clock_offset"

    id: int = Field(default=1, primary_key=True)
    seconds: int


def now(session: TenantSession) -> datetime:
    """The time of the database, in UTC; shifted by :class:`ClockOffset` where the clock is simulated."""
    if session.get_bind().dialect.name == "postgresql":
        read: datetime = session.exec(select(func.clock_timestamp())).one()
    else:
        read = datetime.fromisoformat(session.exec(select(func.strftime(SQLITE_TIME, "now"))).one())
    return read.astimezone(UTC) + offset(session)


def offset(session: TenantSession) -> timedelta:
    """How far the clock is ahead: zero, whatever the row says, unless the clock is simulated. Shown on every page."""
    if not _is_simulated(session):
        return timedelta()
    seconds = session.exec(select(ClockOffset.seconds)).one_or_none()
    return timedelta(seconds=seconds or 0)


def move_clock(session: TenantSession, by: timedelta) -> None:
    """Move simulated time, for every process at once; :class:`BadInput` ``clock_not_simulated`` on a real clock."""
    if not _is_simulated(session):
        raise BadInput("clock_not_simulated")
    row = session.get(ClockOffset, 1) or ClockOffset(seconds=0)
    row.seconds += int(by.total_seconds())
    session.add(row)
    session.flush()


def _is_simulated(session: TenantSession) -> bool:
    return bool(session.get_bind().get_execution_options().get("simulated_clock"))
