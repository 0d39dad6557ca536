"""The database as the clock: daily work is asked for by a row, so a day without a worker is made up for, once.

So is what follows from what other authorities have published.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select

from shuangsui import db
from shuangsui.db import TenantSession
from shuangsui.outbox import Turn, enqueue, is_asked
from shuangsui.worker import policy
from shuangsui.worker.work import Daily, Prompt


def is_due(session: TenantSession, times: Sequence[Daily]) -> bool:
    """Whether any daily work is to be asked for."""
    moment, known = db.now(session), _turns(session)
    return any(_has_come(known.get(one.job), moment) for one in times)


def ask(session: TenantSession, times: Sequence[Daily]) -> None:
    """Enqueue what is due under the name of its day, and note when the next turn is."""
    moment, known = db.now(session), _turns(session)
    for one in times:
        turn = known.get(one.job)
        if not _has_come(turn, moment):
            continue
        day, after = policy.next_daily(one.at, moment)
        enqueue(session, one.job, key=day.isoformat())
        turn = turn or Turn(job=one.job, next_at=after)
        turn.next_at = after
        session.add(turn)


def is_prompted(session: TenantSession, prompts: Sequence[Prompt]) -> bool:
    """Whether anything has reached the tenant that it has not been asked to look at."""
    found = ((one.job, one.state(session)) for one in prompts)
    return any(state is not None and not is_asked(session, job, state) for job, state in found)


def prompt(session: TenantSession, prompts: Sequence[Prompt]) -> None:
    """Enqueue what is to be looked at under the name of what reached the tenant."""
    for one in prompts:
        if (state := one.state(session)) is not None:
            enqueue(session, one.job, key=state)


def _turns(session: TenantSession) -> dict[str, Turn]:
    return {turn.job: turn for turn in session.exec(select(Turn))}


def _has_come(turn: Turn | None, moment: datetime) -> bool:
    return turn is None or turn.next_at <= moment
