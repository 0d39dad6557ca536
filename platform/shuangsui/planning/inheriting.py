"""The art. 10 counter of an object whose authority becomes another one: told by the old, kept by the new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.planning.tables import CounterState, FrequencyCounter, InheritedCounter


def told(session: TenantSession) -> Iterator[dict[str, Any]]:
    """Every count that a successor must know: the authority's own in its name, and what it had inherited itself."""
    own = select(FrequencyCounter).order_by(col(FrequencyCounter.draw_no), col(FrequencyCounter.object_code))
    for row in session.exec(own):
        yield _values(row) | {"origin": session.tenant}
    older = select(InheritedCounter)
    for old in session.exec(older.order_by(col(InheritedCounter.draw_no), col(InheritedCounter.object_code))):
        yield _values(old) | {"origin": old.origin}


def inherit(session: TenantSession, counts: Sequence[Mapping[str, Any]]) -> int:
    """Keep what :func:`told` said, or says now of the same draws; how many are new."""
    known = {(row.origin, row.draw_no, row.object_code): row for row in session.exec(select(InheritedCounter))}
    new = [one for one in counts if _key(one) not in known]
    for one in counts:
        state = CounterState(one["state"])
        row = known.get(_key(one)) or InheritedCounter(**{**one, "state": state})
        row.state, row.year = state, one["year"]
        session.add(row)
    session.flush()
    return len(new)


def inherited(session: TenantSession, object_code: str, year: int) -> Sequence[InheritedCounter]:
    """What predecessors counted for an object in a plan year."""
    query = select(InheritedCounter).where(InheritedCounter.object_code == object_code, InheritedCounter.year == year)
    return session.exec(query.order_by(col(InheritedCounter.origin), col(InheritedCounter.draw_no))).all()


def _key(one: Mapping[str, Any]) -> tuple[str, str, str]:
    return one["origin"], one["draw_no"], one["object_code"]


def _values(row: FrequencyCounter | InheritedCounter) -> dict[str, Any]:
    return {
        "year": row.year, "family": row.family, "object_code": row.object_code, "draw_no": row.draw_no,
        "state": row.state.value,
    }  # fmt: skip
