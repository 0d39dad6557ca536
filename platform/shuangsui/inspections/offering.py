"""Which acts a page offers: those that the state allows; the services refuse the others all the same."""

from __future__ import annotations

from shuangsui.db import TenantSession
from shuangsui.extension.service import has_enforcement_system
from shuangsui.inspections import codes, coordination, links, notices, policy, records, results, visits
from shuangsui.inspections.states import Mode, RecordState, TaskState
from shuangsui.inspections.tables import InspectionRecord, InspectionTask
from shuangsui.tenancy.tenant import Tenant

STEPS = {"accept": "accept", "hand_back": "hand-back", "dispatch_again": "again", "cancel": "cancel", "close": "close"}
ASKED = {"code": "ask-code", "file-code": "report-code"}
PLANNED = (TaskState.DISPATCHED, TaskState.ACCEPTED)


def offered(session: TenantSession, tenant: Tenant, task: InspectionTask) -> set[str]:
    """Names of the acts on the page of a task."""
    found = {name for step, name in STEPS.items() if task.state in policy.MOVES[step][0]}
    if task.state in PLANNED:
        found |= {"plan", "merge"} if coordination.undecided(session, task.no) else {"plan"}
    found |= {"feedback", "renew-feedback"} if links.may_be_made(session, task) else set()
    latest = results.latest(session, task)
    if latest and "pending" in latest.categories:
        found.add("finalise")
    return found | _before(session, task) | _codes(session, tenant, task)


def of_visit(session: TenantSession, task: InspectionTask) -> set[str]:
    """Names of the acts on the page of the visits."""
    if task.mode is not Mode.ONSITE or task.state not in (TaskState.ACCEPTED, TaskState.UNDERWAY):
        return set()
    if notices.notice_of(session, task) is None:
        return set()
    visit = next((one for one in visits.visits_of(session, task) if one.ended_at is None), None)
    found = {"check-in", "witness"}
    if visit is not None:
        found.add("leave")
    if visit is not None and visit.started_at is not None:
        found |= {"certificates", "not-found"} if visit.met else {"certificates"}
    return found


def of_record(session: TenantSession, task: InspectionTask, record: InspectionRecord | None) -> set[str]:
    """Names of the acts on the page of the record; the text itself has a form of its own."""
    open_ = task.state in (TaskState.ACCEPTED, TaskState.UNDERWAY)
    sought = visits.nobody_met(session, task)
    if record is None:
        return {"submit"} if open_ and sought else set()
    if record.state is not RecordState.OPEN:
        written = record.state in records.SIGNED
        more = {"sign-addendum", "confirm-addendum"} if records.addenda(session, record) else set()
        return {"addendum", *more} if written else set()
    found = {"resolve"} if record.merge.get("open") else set()
    if not open_:
        return found
    if task.mode is Mode.ONSITE and not sought and visits.is_writable(session, task):
        found |= {"sign", "sign-object", "sign-witness", "refuse"}
    return found | {"submit"}


def _codes(session: TenantSession, tenant: Tenant, task: InspectionTask) -> set[str]:
    """The code, or the report of a visit without one: from a system, if there is one, or typed in."""
    filing = codes.filing_of(session, task)
    found = {"code"} if task.code is None and task.state in codes.OPEN else set()
    if found and filing is None and task.state is TaskState.ACCEPTED and task.mode is Mode.ONSITE:
        found.add("no-code")
    found |= {"file-code"} if filing and filing.visited_on and filing.number is None else set()
    asked = {ASKED[name] for name in found if name in ASKED} if has_enforcement_system(tenant) else set()
    return found | asked


def _before(session: TenantSession, task: InspectionTask) -> set[str]:
    """Approval, notice and materials."""
    approval, notice = notices.approval_of(session, task), notices.notice_of(session, task)
    found = (
        {"approve"} if approval and approval.approved_at is None and task.state is not TaskState.CANCELLED else set()
    )
    if task.state is TaskState.ACCEPTED:
        found |= {name for name, row in (("propose", approval), ("notify", notice)) if row is None}
    if notice and task.state in (TaskState.ACCEPTED, TaskState.UNDERWAY):
        found |= {"materials"} if notice.delivered_at else {"materials", "deliver"}
    return found
