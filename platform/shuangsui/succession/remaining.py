"""What an authority has not brought to its end: while anything of it is open, nobody may think it gone."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, func, select

from shuangsui.db import TenantSession
from shuangsui.disclosure.clocks import Since
from shuangsui.disclosure.policy import LEFT
from shuangsui.disclosure.tables import Delivery, Term
from shuangsui.draws.tables import Draw, DrawState
from shuangsui.inspections.states import RectificationState, TaskState
from shuangsui.inspections.tables import InspectionTask, Rectification

DONE_TASKS = (TaskState.CLOSED, TaskState.CANCELLED)
LIVE_DRAWS = (DrawState.FROZEN, DrawState.COMMITTED, DrawState.REVEALING)


def remaining(session: TenantSession) -> dict[str, int]:
    """How many of each kind are open, the kinds that people call them by; empty if nothing is."""
    counts = {
        "抽取": _count(session, col(Draw.state).in_(LIVE_DRAWS)),
        "检查任务": _count(session, col(InspectionTask.state).not_in(DONE_TASKS)),
        "整改": _count(session, col(Rectification.state) != RectificationState.PASSED),
        "公开期限": _count(session, col(Term.met).is_(None), col(Term.since) != Since.DROPPED),
        "报送": _count(session, col(Delivery.state).in_(LEFT)),
    }
    return {name: count for name, count in counts.items() if count}


def _count(session: TenantSession, *conditions: Any) -> int:
    """Of the one table that the conditions are about."""
    return session.exec(select(func.count()).where(*conditions)).one()
