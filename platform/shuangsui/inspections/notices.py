"""Approval of a visit and notice to the object (article 11): basis, content, officers, rights, materials given once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, func, select

from shuangsui.access.policy import separate
from shuangsui.access.service import require
from shuangsui.db import TenantSession, next_number, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections import policy
from shuangsui.inspections.items import item_of
from shuangsui.inspections.messages import DISCIPLINE, RIGHTS
from shuangsui.inspections.states import MODES, Mode, TaskState
from shuangsui.inspections.tables import InspectionTask, MaterialsList, Notice, VisitApproval
from shuangsui.inspections.tasks import drawn_of, find_task, find_to_change_task, require_task_state, team_of
from shuangsui.ledger.service import record
from shuangsui.planning import service as planning
from shuangsui.registry import read

APPROVAL = "visit.approval"
"""Rule: an on-site visit is approved by the head of the authority."""
CONTENTS = "notice.contents"
"""Rule: what every notice tells the object."""


def propose_visit(session: TenantSession, no: str, reason: str, *, actor: str, urgent: bool = False) -> VisitApproval:
    """Ask for the approval of the visit; an urgent one may begin before it is given."""
    require(session, actor, "issue_notice")
    task = find_to_change_task(session, no)
    require_task_state(task, "报批检查", TaskState.ACCEPTED)
    if not reason.strip():
        raise BadInput("reason_missing", act="报批检查")
    if approval_of(session, task):
        raise RuleRefused("approval_exists", task=no)
    made = VisitApproval(
        task_id=task.id, proposer=actor, proposed_at=now(session), reason=reason.strip(), urgent=urgent
    )
    session.add(made)
    payload = {"reason": made.reason, "urgent": urgent}
    record(session, "task.propose_visit", actor=actor, subject=f"task/{no}", payload=payload)
    return made


def approve_visit(session: TenantSession, no: str, *, actor: str) -> VisitApproval:
    """The leadership approves what somebody else proposed."""
    require(session, actor, "approve_visit")
    approval = approval_of(session, find_to_change_task(session, no))
    if approval is None:
        raise NotFound("approval_missing", task=no)
    separate(approval.proposer, actor)
    if approval.approved_at:
        raise RuleRefused("approval_exists", task=no)
    approval.approver, approval.approved_at = actor, now(session)
    session.add(approval)
    record(session, "task.approve_visit", actor=actor, subject=f"task/{no}", payload={"urgent": approval.urgent})
    return approval


def issue(
    session: TenantSession,
    office: Office,
    no: str,
    *,
    actor: str,
    materials: Sequence[str] = (),
    unannounced: bool = False,
    ground: str = "",
) -> Notice:
    """Write the notice of an accepted task (R11.1); an unannounced visit needs its ground (R11.2).

    :class:`RuleRefused` ``visit_unapproved``, ``unannounced_ground``, ``notice_exists``, ``notice_incomplete``.
    """
    require(session, actor, "issue_notice")
    task = find_to_change_task(session, no)
    require_task_state(task, "发出检查通知", TaskState.ACCEPTED)
    grounded = office.rules(task.rules_on).switch("notice.unannounced_ground")
    if unannounced and grounded and not ground.strip():
        raise RuleRefused("unannounced_ground", article="第十一条", task=no)
    if notice_of(session, task):
        raise RuleRefused("notice_exists", article="第十一条", task=no)
    _require_approval(session, office, task)
    year, said = legal_day(now(session)).year, _content(session, task)
    _require_contents(office, task, said, materials)
    notice = Notice(
        task_id=task.id, no=f"TZ{year}-{next_number(session, f'notice/{year}'):04d}",
        content=said, unannounced=unannounced, ground=ground.strip(),
        issued_by=actor, issued_at=now(session),
    )  # fmt: skip
    session.add(notice)
    payload = {"notice": notice.no, "unannounced": unannounced, "ground": notice.ground}
    record(session, "notice.issue", actor=actor, subject=f"task/{no}", payload=payload)
    if materials:
        give_materials(session, no, materials, actor=actor)
    return notice


def give_materials(
    session: TenantSession, no: str, materials: Sequence[str], *, actor: str, reason: str = ""
) -> MaterialsList:
    """Tell the object what to prepare, once (一次告知); a second list needs a reason, which is logged (R11.3)."""
    require(session, actor, "issue_notice")
    task = find_to_change_task(session, no)
    if notice_of(session, task) is None:
        raise RuleRefused("notice_missing", article="第十一条", task=no)
    if not any(one.strip() for one in materials):
        raise BadInput("materials_empty")
    given = session.exec(select(func.count()).select_from(MaterialsList).where(MaterialsList.task_id == task.id)).one()
    if given and not reason.strip():
        raise RuleRefused("materials_given", article="第十一条", task=no)
    made = MaterialsList(
        task_id=task.id, n=given + 1, materials=[one.strip() for one in materials if one.strip()],
        reason=reason.strip(), by=actor, at=now(session),
    )  # fmt: skip
    session.add(made)
    payload = {"n": made.n, "materials": made.materials, "reason": made.reason}
    record(session, "notice.materials", actor=actor, subject=f"task/{no}", payload=payload)
    return made


def deliver(session: TenantSession, no: str, method: str, received_by: str, *, actor: str) -> Notice:
    """Record how and to whom the notice was delivered; the object may be named in the transcript from now on."""
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    notice = notice_of(session, task)
    if notice is None:
        raise RuleRefused("notice_missing", article="第十一条", task=no)
    if not method.strip() or not received_by.strip():
        raise BadInput("delivery_incomplete")
    if notice.delivered_at:
        raise RuleRefused("notice_delivered", article="第十一条", task=no)
    notice.method, notice.received_by, notice.delivered_at = method.strip(), received_by.strip(), now(session)
    session.add(notice)
    drawn = drawn_of(session, task)
    if drawn and not task.withheld:
        drawn.opened = True
        session.add(drawn)
    record(session, "notice.deliver", actor=actor, subject=f"task/{no}", payload={"method": notice.method})
    return notice


def notice_of(session: TenantSession, task: InspectionTask) -> Notice | None:
    """The task's notice."""
    return session.exec(select(Notice).where(Notice.task_id == task.id)).one_or_none()


def approval_of(session: TenantSession, task: InspectionTask) -> VisitApproval | None:
    """The task's approval, asked for or given."""
    return session.exec(select(VisitApproval).where(VisitApproval.task_id == task.id)).one_or_none()


def materials_of(session: TenantSession, no: str) -> Sequence[MaterialsList]:
    """Every list of materials that the object was given."""
    task = find_task(session, no)
    return session.exec(
        select(MaterialsList).where(MaterialsList.task_id == task.id).order_by(col(MaterialsList.n))
    ).all()


def _require_approval(session: TenantSession, office: Office, task: InspectionTask) -> None:
    rules = office.rules(task.rules_on)
    if task.mode is not Mode.ONSITE or APPROVAL not in rules or not rules.switch(APPROVAL):
        return
    approval = approval_of(session, task)
    if approval is None or not (approval.approved_at or approval.urgent):
        raise RuleRefused("visit_unapproved", article=rules[APPROVAL].article, task=task.no)


def _require_contents(office: Office, task: InspectionTask, said: Mapping[str, Any], materials: Sequence[str]) -> None:
    rules = office.rules(task.rules_on)
    if CONTENTS not in rules:
        return
    parts = {name: said.get(name) for name in policy.NOTICE_PARTS} | {
        "frequency": True, "planned": said["planned_on"], "materials": any(one.strip() for one in materials),
    }  # fmt: skip
    policy.check_notice(task.no, parts, rules.names(CONTENTS), rules[CONTENTS].article)


def _content(session: TenantSession, task: InspectionTask) -> dict[str, Any]:
    """What the notice says, as it was on the day of issue."""
    item = item_of(session, task)
    people = {one.cert_no: one for one in read.inspectors(session)}
    officers = [
        {"certificate": cert, "name": people[cert].name if cert in people else "", "leader": n == 0}
        for n, cert in enumerate(team_of(session, task))
    ]
    year = legal_day(now(session)).year
    drawn = planning.drawn_in_year(session, year, task.family).get(task.object_code, 0)
    return {
        "object": {"code": task.object_code, "name": task.object_name},
        "item": task.item_name, "mode": MODES[task.mode], "basis": item.grounds,
        "content": item.content, "officers": officers, "rights": list(RIGHTS),
        "discipline": list(DISCIPLINE), "times_this_year": drawn,
        "planned_on": task.planned_on.isoformat() if task.planned_on else None,
    }  # fmt: skip
