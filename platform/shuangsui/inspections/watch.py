"""What of inspections somebody must look at: records not submitted (R14.9), findings left lying (R15.1), rectifications
past their term (R15.2), visits without a code that are not reported yet (R17.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shuangsui.access.policy import Role
from shuangsui.calendar import Calendar
from shuangsui.db import TenantSession
from shuangsui.draws.freezing import legal_day
from shuangsui.inspections import codes, followup, followup_policy, visits
from shuangsui.inspections.states import RectificationState
from shuangsui.inspections.tables import Finding, InspectionTask
from shuangsui.ledger.alerts import clear_others, raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.rules.policy import Rules

UNDISPOSED, OVERDUE, UNFILED = "finding_undisposed", "rectification_overdue", "code_unfiled"
UNSUBMITTED = "record_unsubmitted"
LATE_RECTIFICATION, LATE_RECEIPT = "rectification_escalated", "receipt_escalated"
OFFICES = (Role.LEAD_OFFICE, Role.INSPECTION_OFFICE)
LEADERS = (*OFFICES, Role.LEADER)
"""R15.2: what is overdue is escalated, so the leader is told the same day."""
SUPERVISED = (Role.LEADER, Role.SUPERVISOR)


def sweep(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> None:
    """Raise what is due today and clear what is done; as often as one likes."""
    _records(session, calendar, rules, today)
    _findings(session, calendar, rules, today)
    _rectifications(session, today)
    _escalate(session, calendar, rules, today)
    _codes(session, today)


def _records(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> None:
    """The inspecting office's own last day: what it submits late, the lead office cannot publish in time."""
    days, still = rules.number("publication.handover_days"), set()
    for task, left in visits.unsubmitted(session):
        subject, due = f"task/{task.no}", calendar.add(legal_day(left), days).due
        if today > due:
            facts = {"object": task.object_name}
            raise_alert(session, UNSUBMITTED, subject, article="第十四条", due=due, facts=facts, to=OFFICES)
            still.add(subject)
    clear_others(session, UNSUBMITTED, still)


def _findings(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> None:
    days, still = rules.number("disposition.alarm_days"), set()
    for finding, task in followup.undisposed(session):
        ended = legal_day(task.ended_at or finding.found_at)
        if followup_policy.is_undisposed_too_long(calendar, ended, today, days):
            subject, due = f"task/{task.no}/{finding.n}", calendar.add(ended, days).due
            raise_alert(session, UNDISPOSED, subject, level=AlertLevel.BREACH, article="第十五条", due=due, to=OFFICES)
            still.add(subject)
    clear_others(session, UNDISPOSED, still)


def _rectifications(session: TenantSession, today: date) -> None:
    """Proof that came in stops the alarm; the leadership sees every breach."""
    still = set()
    for rectification, finding, task in followup.open_rectifications(session):
        late = followup_policy.is_overdue(rectification.due, today)
        if late and rectification.state is RectificationState.ORDERED:
            subject = f"rectification/{rectification.no}"
            _raise(session, OVERDUE, subject, task, finding, rectification.due, LEADERS)
            still.add(subject)
    clear_others(session, OVERDUE, still)


def _escalate(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> None:
    """提级督办: an overdue rectification or a missing receipt that lasts goes to the leader and the supervisor."""
    days = rules.number("followup.escalate_days")
    lasting = [
        (LATE_RECTIFICATION, f"rectification/{one.no}", one.due, finding, task)
        for one, finding, task in followup.open_rectifications(session)
        if one.state is RectificationState.ORDERED
    ] + [
        (LATE_RECEIPT, f"task/{task.no}/{finding.n}", legal_day(one.sent_at), finding, task)
        for one, finding, task in followup.open_transfers(session)
    ]
    due = [one for one in lasting if followup_policy.is_to_escalate(calendar, one[2], today, days)]
    for kind, subject, since, finding, task in due:
        _raise(session, kind, subject, task, finding, calendar.add(since, days).due, SUPERVISED)
    for kind in (LATE_RECTIFICATION, LATE_RECEIPT):
        clear_others(session, kind, {one[1] for one in due if one[0] == kind})


def _raise(
    session: TenantSession,
    kind: str,
    subject: str,
    task: InspectionTask,
    finding: Finding,
    due: date,
    to: Sequence[Role],
) -> None:
    facts = {"task": task.no, "finding": finding.n, "object": task.object_name}
    raise_alert(session, kind, subject, level=AlertLevel.BREACH, article="第十五条", due=due, facts=facts, to=to)


def _codes(session: TenantSession, today: date) -> None:
    """A reminder from the visit on, a breach once the last day has passed."""
    still = set()
    for filing, task in codes.unfiled(session):
        late = filing.due is not None and today > filing.due
        level, to = (AlertLevel.BREACH, LEADERS) if late else (AlertLevel.WARN, OFFICES)
        subject, facts = f"task/{task.no}", {"object": task.object_name, "reason": filing.reason}
        raise_alert(session, UNFILED, subject, level=level, article=filing.basis, due=filing.due, facts=facts, to=to)
        still.add(subject)
    clear_others(session, UNFILED, still)
