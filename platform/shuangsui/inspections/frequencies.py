"""Visits in the ledger of all authorities: caps before a team goes, an entry once it is there (R10.2 (b), R15.3)."""

from __future__ import annotations

from datetime import date

from shuangsui.db import TenantSession
from shuangsui.draws.office import Office
from shuangsui.inspections.tables import InspectionTask
from shuangsui.planning import exemptions, visits
from shuangsui.planning.caps import Planned
from shuangsui.planning.tables import ExemptionCase
from shuangsui.registry import read


def require_room(session: TenantSession, office: Office, task: InspectionTask, on: date, label: str = "") -> None:
    """Refuse a visit above a published cap, unless the task's exemption says no frequency limit; ``visit_cap``."""
    case, thing = case_of(session, task), read.object_of(session, task.object_code)
    planned = Planned(
        object_name=task.object_name, item=task.item_code, family=task.family,
        risk_class=thing.risk_class if thing else None, on=on, label=label, unlimited=bool(case and case.unlimited),
    )  # fmt: skip
    visits.check_cap(session, office.keyring, office.tenant, task.object_code, planned)


def enter(session: TenantSession, office: Office, task: InspectionTask, on: date, label: str = "") -> None:
    """The team is there: one entry, with the trigger class of an exempt visit (R17.5)."""
    case = case_of(session, task)
    visits.enter_visit(
        session, office.keyring, object_code=task.object_code, family=task.family, on=on, type_=task.type, label=label,
        trigger=case.trigger if case else None, unlimited=bool(case and case.unlimited),
    )  # fmt: skip


def case_of(session: TenantSession, task: InspectionTask) -> ExemptionCase | None:
    """The exemption that a task rests on, None for a random one."""
    return exemptions.find(session, task.exemption) if task.exemption else None
