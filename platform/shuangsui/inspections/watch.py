"""What of inspections somebody must look at: findings left lying (R15.1), rectifications past their term (R15.2)."""

from __future__ import annotations

from datetime import date

from shuangsui.calendar import Calendar
from shuangsui.db import TenantSession
from shuangsui.draws.freezing import legal_day
from shuangsui.inspections import followup, followup_policy
from shuangsui.inspections.states import RectificationState
from shuangsui.ledger.alerts import clear_others, raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.rules.policy import Rules

UNDISPOSED, OVERDUE = "finding_undisposed", "rectification_overdue"


def sweep(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> None:
    """Raise what is due today and clear what is done; as often as one likes."""
    _findings(session, calendar, rules, today)
    _rectifications(session, today)


def _findings(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> None:
    days, still = rules.number("disposition.alarm_days"), set()
    for finding, task in followup.undisposed(session):
        ended = legal_day(task.ended_at or finding.found_at)
        if followup_policy.is_undisposed_too_long(calendar, ended, today, days):
            subject, due = f"task/{task.no}/{finding.n}", calendar.add(ended, days).due
            raise_alert(session, UNDISPOSED, subject, level=AlertLevel.BREACH, article="第十五条", due=due)
            still.add(subject)
    clear_others(session, UNDISPOSED, still)


def _rectifications(session: TenantSession, today: date) -> None:
    """Proof that came in stops the alarm; the leadership sees every breach."""
    still = set()
    for rectification, finding, task in followup.open_rectifications(session):
        late = followup_policy.is_overdue(rectification.due, today)
        if late and rectification.state is RectificationState.ORDERED:
            subject = f"rectification/{rectification.no}"
            facts = {"task": task.no, "finding": finding.n, "object": task.object_name}
            due = rectification.due
            raise_alert(session, OVERDUE, subject, level=AlertLevel.BREACH, article="第十五条", due=due, facts=facts)
            still.add(subject)
    clear_others(session, OVERDUE, still)
