"""What may become of a finding, and when somebody must look at it; pure."""

from __future__ import annotations

from datetime import date, timedelta

from shuangsui.calendar import Calendar
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.inspections.states import Disposition, RectificationState, Standing

ARTICLE = "第十五条"


def check_disposition(disposition: Disposition, reason: str) -> None:
    """That nothing needs to be done is said with a reason (R15.1)."""
    if disposition is Disposition.NONE and not reason.strip():
        raise RuleRefused("disposition_reason", article=ARTICLE)


def check_term(due: date, today: date, longest: int) -> None:
    """A rectification ends on a day to come, at most ``longest`` days from today."""
    if due <= today:
        raise BadInput("term_past", due=due, today=today)
    latest = today + timedelta(days=longest)
    if due > latest:
        raise RuleRefused("term_too_long", article=ARTICLE, due=due, longest=longest, latest=latest)


def is_undisposed_too_long(calendar: Calendar, ended: date, today: date, days: int) -> bool:
    """Whether the alarm of R15.1 is due: more than ``days`` working days after the inspection ended."""
    return today > calendar.add(ended, days).due


def is_to_escalate(calendar: Calendar, since: date, today: date, days: int) -> bool:
    """Whether more than ``days`` working days have gone by since a term ended or a lead was handed over."""
    return today > calendar.add(since, days).due


def is_overdue(due: date, today: date) -> bool:
    """R15.2: due 1 August and no proof: overdue when 2 August begins."""
    return today > due


def standing(state: RectificationState, due: date, today: date) -> Standing:
    """Where a rectification stands: past its term only while no proof has come in (R15.2)."""
    if state is RectificationState.ORDERED and is_overdue(due, today):
        return Standing.OVERDUE
    return Standing(state.value)
