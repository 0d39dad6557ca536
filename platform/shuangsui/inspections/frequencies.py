"""Visits in the ledger of all authorities: caps before a team goes, an entry once it is there (R10.2 (b), R15.3)."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.inspections import coordination
from shuangsui.inspections.tables import InspectionTask, Visit
from shuangsui.planning import exemptions, visits
from shuangsui.planning.caps import AGAIN, MERGED, RECHECK, Planned
from shuangsui.planning.tables import ExemptionCase
from shuangsui.registry import read


def require_room(session: TenantSession, office: Office, task: InspectionTask, visit: Visit, on: date) -> None:
    """Refuse a visit above a published cap, unless the task's exemption says no frequency limit; ``visit_cap``."""
    case, thing = case_of(session, task), read.object_of(session, task.object_code)
    planned = Planned(
        object_name=task.object_name, item=task.item_code, family=task.family,
        risk_class=thing.risk_class if thing else None, on=on, label=_label(session, task, visit, on),
        unlimited=bool(case and case.unlimited),
    )  # fmt: skip
    visits.check_cap(session, office.keyring, office.tenant, task.object_code, planned)


def enter(session: TenantSession, office: Office, task: InspectionTask, visit: Visit, on: date) -> None:
    """The team is there: one entry, with the trigger class of an exempt visit (R17.5)."""
    case = case_of(session, task)
    visits.enter_visit(
        session, office.keyring, object_code=task.object_code, family=task.family, on=on, type_=task.type,
        label=_label(session, task, visit, on), trigger=case.trigger if case else None,
        unlimited=bool(case and case.unlimited),
    )  # fmt: skip


def case_of(session: TenantSession, task: InspectionTask) -> ExemptionCase | None:
    """The exemption that a task rests on, None for a random one."""
    return exemptions.find(session, task.exemption) if task.exemption else None


def _label(session: TenantSession, task: InspectionTask, visit: Visit, on: date) -> str:
    """A re-check; the same inspection going on, as when nobody was found (R13.7); part of a merged visit (R3.2)."""
    if visit.recheck:
        return RECHECK
    if any(one.id != visit.id for one in _begun(session, task)):
        return AGAIN
    beside = [one for other in coordination.companions(session, task) for one in _begun(session, other)]
    return MERGED if any(one.started_at and legal_day(one.started_at) == on for one in beside) else ""


def _begun(session: TenantSession, task: InspectionTask) -> list[Visit]:
    query = select(Visit).where(Visit.task_id == task.id, col(Visit.started_at).is_not(None))
    return [one for one in session.exec(query) if not one.recheck]
