"""What of inspections somebody must look at: records not submitted (R14.9), findings left lying (R15.1), rectifications
past their term (R15.2), visits without a code that are not reported yet (R17.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from shuangsui.access.policy import Role
from shuangsui.calendar import Calendar
from shuangsui.db import TenantSession
from shuangsui.draws.freezing import legal_day
from shuangsui.inspections import codes, followup, followup_policy, visits
from shuangsui.inspections.states import RectificationState, Standing
from shuangsui.inspections.tables import Finding, InspectionTask
from shuangsui.ledger.alerts import Wanted, keep_open
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
    keep_open(session, UNSUBMITTED, _records(session, calendar, rules, today))
    keep_open(session, UNDISPOSED, _findings(session, calendar, rules, today))
    keep_open(session, OVERDUE, _rectifications(session, today))
    _escalate(session, calendar, rules, today)
    keep_open(session, UNFILED, _codes(session, today))


def _records(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> Iterator[Wanted]:
    """The inspecting office's own last day: what it submits late, the lead office cannot publish in time."""
    days = rules.number("publication.handover_days")
    for task, left in visits.unsubmitted(session):
        due = calendar.add(legal_day(left), days).due
        if today > due:
            facts = {"object": task.object_name}
            yield Wanted(f"task/{task.no}", article="第十四条", due=due, facts=facts, to=OFFICES)


def _findings(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> Iterator[Wanted]:
    days = rules.number("disposition.alarm_days")
    for finding, task in followup.undisposed(session):
        ended = legal_day(task.ended_at or finding.found_at)
        if followup_policy.is_undisposed_too_long(calendar, ended, today, days):
            subject, due = f"task/{task.no}/{finding.n}", calendar.add(ended, days).due
            yield Wanted(subject, AlertLevel.BREACH, article="第十五条", due=due, to=OFFICES)


def _rectifications(session: TenantSession, today: date) -> Iterator[Wanted]:
    """Proof that came in stops the alarm; the leadership sees every breach."""
    for rectification, finding, task in followup.open_rectifications(session):
        if followup_policy.standing(rectification.state, rectification.due, today) is Standing.OVERDUE:
            yield _breach(f"rectification/{rectification.no}", task, finding, rectification.due, LEADERS)


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
    for kind in (LATE_RECTIFICATION, LATE_RECEIPT):
        keep_open(session, kind, [
            _breach(subject, task, finding, calendar.add(since, days).due, SUPERVISED)
            for what, subject, since, finding, task in due if what == kind
        ])  # fmt: skip


def _breach(subject: str, task: InspectionTask, finding: Finding, due: date, to: Sequence[Role]) -> Wanted:
    facts = {"task": task.no, "finding": finding.n, "object": task.object_name}
    return Wanted(subject, AlertLevel.BREACH, article="第十五条", due=due, facts=facts, to=to)


def _codes(session: TenantSession, today: date) -> Iterator[Wanted]:
    """A reminder from the visit on, a breach once the last day has passed."""
    for filing, task in codes.unfiled(session):
        late = filing.due is not None and today > filing.due
        level, to = (AlertLevel.BREACH, LEADERS) if late else (AlertLevel.WARN, OFFICES)
        facts = {"object": task.object_name, "reason": filing.reason}
        yield Wanted(f"task/{task.no}", level, filing.basis, filing.due, facts, to)
