"""One clock for web, worker and command line: the database's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func
from sqlmodel import Field, SQLModel, select

from shuangsui.db.scope import TenantSession
from shuangsui.errors import BadInput

SQLITE_TIME = "%Y-%m-%dT%H:%M:%f+00:00"


@dataclass(slots=True)
class StillClock:
    """A simulated clock of one process that stands until it is moved: the same acts happen at the same times."""

    moment: datetime


class ClockOffset(SQLModel, table=True):
    """One row, of the whole installation: how far simulated time runs ahead, in seconds."""

    __tablename__ = "clock_offset"
    __table_args__ = {"info": {"worker": "reads"}}

    id: int = Field(default=1, primary_key=True)
    seconds: int


def now(session: TenantSession) -> datetime:
    """The time of the database, in UTC; shifted by :class:`ClockOffset` where the clock is simulated."""
    if (still := _still(session)) is not None:
        return still.moment
    return wall(session) + offset(session)


def wall(session: TenantSession) -> datetime:
    """The time of the database that nothing shifts: for leases, never for anything legal."""
    if session.get_bind().dialect.name == "postgresql":
        read: datetime = session.exec(select(func.clock_timestamp())).one()
    else:
        read = datetime.fromisoformat(session.exec(select(func.strftime(SQLITE_TIME, "now"))).one())
    return read.astimezone(UTC)


def offset(session: TenantSession) -> timedelta:
    """How far the clock is ahead: zero, whatever the row says, unless the clock is simulated. Shown on every page."""
    if (still := _still(session)) is not None:
        return still.moment - wall(session)
    if not _is_simulated(session):
        return timedelta()
    seconds = session.exec(select(ClockOffset.seconds)).one_or_none()
    return timedelta(seconds=seconds or 0)


def move_clock(session: TenantSession, by: timedelta) -> None:
    """Move simulated time, for every process at once; :class:`BadInput` ``clock_not_simulated`` on a real clock."""
    if not _is_simulated(session):
        raise BadInput("clock_not_simulated")
    if (still := _still(session)) is not None:
        still.moment += by
        return
    row = session.get(ClockOffset, 1) or ClockOffset(seconds=0)
    row.seconds += int(by.total_seconds())
    session.add(row)
    session.flush()


def _still(session: TenantSession) -> StillClock | None:
    option = session.get_bind().get_execution_options().get("simulated_clock")
    return option if isinstance(option, StillClock) else None


def _is_simulated(session: TenantSession) -> bool:
    return bool(session.get_bind().get_execution_options().get("simulated_clock"))
