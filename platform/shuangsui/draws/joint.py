"""部门联合: a lead authority and its partners inspect the same objects in one visit, each with people of its own."""

from __future__ import annotations

from datetime import date

from shuangsui.db import TenantSession
from shuangsui.draws import handing
from shuangsui.draws.dispatch_tables import HandoverKind
from shuangsui.draws.dispatching import dispatches
from shuangsui.draws.tables import Cause, Draw
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Terms


def is_joint(session: TenantSession, draw: Draw) -> bool:
    """Whether a draw is of a partner, or of a lead whose line names partners."""
    if draw.cause is Cause.JOINT:
        return True
    if draw.line_id is None:
        return False
    return bool(Terms.from_json(planning.line_by_id(session, draw.line_id).terms).partners)


def common_day(session: TenantSession, draw: Draw) -> date | None:
    """The day that the lead told its partners; None as long as it has told nobody, and for every other draw."""
    if draw.cause is Cause.JOINT:
        return next(one.visit_day for one in handing.assignments(session) if handing.cause_key(one) == draw.cause_key)
    return next((row.visit_day for row in dispatches(session, draw) if row.kind is HandoverKind.JOINT), None)
