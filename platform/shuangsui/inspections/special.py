"""Tasks of inspections outside the draw (R2.1, R17.2): typed after their case, never random, for the team it names."""

from __future__ import annotations

from sqlmodel import select

from shuangsui.access.service import require
from shuangsui.catalogue.service import item_in_force
from shuangsui.db import TenantSession, lock_tenant, next_number, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import ItemFacts, item_facts
from shuangsui.errors import RuleRefused
from shuangsui.inspections import policy
from shuangsui.inspections.states import Mode, TaskType
from shuangsui.inspections.tables import InspectionTask
from shuangsui.ledger.service import record
from shuangsui.planning import exemptions
from shuangsui.planning.tables import ExemptionCase


def open_case(session: TenantSession, no: str, *, actor: str, mode: Mode = Mode.ONSITE) -> list[InspectionTask]:
    """One task for each object of an approved case whose people are not drawn; again changes nothing.

    What brought the case about is why somebody goes there where another way would do (R12.2).

    :class:`RuleRefused` ``case_people_drawn`` for a case whose people come from a draw, which dispatches its tasks.
    """
    require(session, actor, "dispatch_task")
    lock_tenant(session)
    case = exemptions.approved(session, no)
    if "inspector_draw" not in case.skips:
        raise RuleRefused("case_people_drawn", article="第八条", case=no)
    exemptions.require_team(session, case, legal_day(now(session)))
    known = set(session.exec(select(InspectionTask.object_code).where(InspectionTask.exemption == no)))
    facts = item_facts(item_in_force(session, case.item_code)) if case.item_code else _of_case(case)
    chosen = policy.choose_mode(facts.modes, mode, case.trigger_text, justify=True)
    made = [_made(session, case, facts, thing, chosen, actor) for thing in case.objects if thing["code"] not in known]
    if made:
        payload = {"tasks": [task.no for task in made], "mode": chosen}
        record(session, "task.open_case", actor=actor, subject=f"exemption/{no}", payload=payload)
    return made


def _of_case(case: ExemptionCase) -> ItemFacts:
    return ItemFacts("", case.name, "", [], "", "", withheld=False)


def _made(
    session: TenantSession,
    case: ExemptionCase,
    item: ItemFacts,
    thing: dict[str, str],
    mode: Mode,
    actor: str,
) -> InspectionTask:
    """Judged by the rules of the case, not by those of the day of dispatch (R18.2)."""
    moment = now(session)
    year = legal_day(moment).year
    task = InspectionTask(
        no=f"RW{year}-{next_number(session, f'task/{year}'):04d}", type=TaskType(case.task_type), exemption=case.no,
        item_code=case.item_code, item_name=item.name, family=item.family, withheld=item.withheld,
        object_code=thing["code"], object_name=thing["name"], mode=mode,
        mode_reason=case.trigger_text, team=case.team, rules_on=case.rules_on,
        rules_digest=case.rules_digest, dispatched_by=actor, dispatched_at=moment,
    )  # fmt: skip
    session.add(task)
    return task
