"""Somebody says that a drawn person must withdraw; the lead office decides with reasons (R9.2).

Upheld, the seat is drawn again in the same act, never picked; why in detail stays inside for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from shuangsui.access.policy import Actor, separate
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, next_number, now
from shuangsui.draws import changing, tasks
from shuangsui.draws.changing import Seat
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office, find_to_change, require_state
from shuangsui.draws.recusal_tables import CaseState, RaisedBy
from shuangsui.draws.tables import Draw, DrawnTask, DrawState, RecusalCase
from shuangsui.errors import BadInput, NotAllowed, NotFound, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.registry.tables import Relation


@dataclass(frozen=True, slots=True)
class Claim:
    """Who should withdraw from which task, said by whom; ``detail`` is never published."""

    task: int
    pool: str
    person: str
    raised_by: RaisedBy
    raiser: str
    reason_class: str
    detail: str = ""


def raise_case(session: TenantSession, no: str, claim: Claim, *, actor: str) -> RecusalCase:
    """Put a request on record; the person must sit on the task, and people declare for themselves only."""
    who = require(session, actor, "declare_recusal")
    draw = find_to_change(session, no)
    require_state(draw, "申请回避", DrawState.DRAWN)
    if claim.reason_class not in {relation.value for relation in Relation}:
        raise BadInput("recusal_reason", reason=claim.reason_class, reasons="、".join(r.value for r in Relation))
    _check_raiser(who, claim, _seated(session, draw, claim.task, claim.pool, claim.person))
    if any(case.task == claim.task and case.person == claim.person for case in open_cases(session, draw)):
        raise RuleRefused("recusal_open", article="第九条", draw=no, task=claim.task, person=claim.person)
    moment = now(session)
    year = legal_day(moment).year
    case = RecusalCase(
        no=f"HB{year}-{next_number(session, f'recusal/{year}'):04d}", draw_id=draw.id, task=claim.task,
        pool=claim.pool, person=claim.person, raised_by=claim.raised_by, raiser=claim.raiser, recorded_by=actor,
        reason_class=claim.reason_class, detail=claim.detail, raised_at=moment,
    )  # fmt: skip
    session.add(case)
    payload = {"draw": no, "task": claim.task, "person": claim.person, "by": claim.raised_by, "why": claim.reason_class}
    record(session, "recusal.raise", actor=actor, subject=f"recusal/{case.no}", payload=payload)
    return case


def decide(session: TenantSession, office: Office, no: str, reason: str, *, uphold: bool, actor: str) -> RecusalCase:
    """Uphold, and the seat is drawn again; or refuse, and the reasons are kept for whoever asked."""
    who = require(session, actor, "decide_recusal")
    lock_tenant(session)
    case = find_case(session, no)
    if case.state is not CaseState.RAISED:
        raise RuleRefused("recusal_decided", no=no)
    if not reason.strip():
        raise BadInput("recusal_decision_reason", no=no)
    if case.person in (who.inspector, who.expert):
        raise NotAllowed("recusal_own", article="第九条", no=no)
    if case.raised_by is not RaisedBy.OBJECT:
        separate(case.recorded_by, actor)
    draw = session.find(Draw, case.draw_id)
    assert draw is not None
    if uphold:
        case.r = _replace(session, office, draw, case, actor)
    case.state, case.decision = CaseState.UPHELD if uphold else CaseState.REFUSED, reason.strip()
    case.decided_by, case.decided_at = actor, now(session)
    session.add(case)
    payload = {"decision": case.state, "r": case.r, "reason": case.decision}
    record(session, "recusal.decide", actor=actor, subject=f"recusal/{no}", payload=payload)
    return case


def find_case(session: TenantSession, no: str) -> RecusalCase:
    """One by its number; :class:`NotFound` ``recusal_missing``."""
    found = session.exec(select(RecusalCase).where(RecusalCase.no == no)).one_or_none()
    if found is None:
        raise NotFound("recusal_missing", no=no)
    return found


def cases(session: TenantSession) -> Sequence[RecusalCase]:
    """Every request in the order of their numbers."""
    return session.exec(select(RecusalCase).order_by(col(RecusalCase.no))).all()


def open_cases(session: TenantSession, draw: Draw) -> Sequence[RecusalCase]:
    """Requests of a draw that nobody has decided."""
    query = select(RecusalCase).where(RecusalCase.draw_id == draw.id, RecusalCase.state == CaseState.RAISED)
    return session.exec(query).all()


def _check_raiser(who: Actor, claim: Claim, row: DrawnTask) -> None:
    own = {RaisedBy.INSPECTOR: claim.person, RaisedBy.EXPERT: claim.person, RaisedBy.OBJECT: row.object_code}
    number = who.inspector or who.expert
    stranger = number is not None and not who.may("operate_draw") and number != claim.person
    if stranger or claim.raiser != own.get(claim.raised_by, who.login):
        raise BadInput("recusal_raiser", raiser=claim.raiser)


def _seated(session: TenantSession, draw: Draw, task: int, pool: str, person: str) -> DrawnTask:
    row = tasks.task_of(session, draw, task)
    if person not in (row.teams if pool == "teams" else row.experts):
        raise BadInput("recusal_person", draw=draw.no, task=task, person=person)
    return row


def _replace(session: TenantSession, office: Office, draw: Draw, case: RecusalCase, actor: str) -> int:
    row = _seated(session, draw, case.task, case.pool, case.person)
    slot = (row.teams if case.pool == "teams" else row.experts).index(case.person)
    return changing.substitute(session, office, draw.no, Seat(case.pool, case.task, slot), "recusal", actor=actor)
