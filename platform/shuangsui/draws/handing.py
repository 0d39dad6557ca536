"""The receiving side: an assignment is accepted by the lead office or handed back with a reason (R17.1).

The answer is told to the sender in a second transaction; doing it again finishes what was interrupted.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine
from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.db import session as open_session
from shuangsui.draws.dispatch_tables import HandoverState
from shuangsui.draws.office import Office
from shuangsui.draws.tables import Assignment, Dispatch, Draw
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger.service import record

STATE_NAMES = {
    HandoverState.SENT: "待接收",
    HandoverState.ACCEPTED: "已接收",
    HandoverState.HANDED_BACK: "已退回",
    HandoverState.REDIRECTED: "已改派",
}


def accept(engine: Engine, office: Office, no: str, *, actor: str) -> Assignment:
    """Take it on."""
    return _answer(engine, office, no, HandoverState.ACCEPTED, "", actor)


def hand_back(engine: Engine, office: Office, no: str, reason: str, *, actor: str) -> Assignment:
    """Return it to the sender, who may send it again."""
    if not reason.strip():
        raise BadInput("hand_back_reason", no=no)
    return _answer(engine, office, no, HandoverState.HANDED_BACK, reason, actor)


def assignments(session: TenantSession) -> Sequence[Assignment]:
    """Everything received, the newest first."""
    return session.exec(
        select(Assignment).order_by(col(Assignment.received_at).desc(), col(Assignment.no).desc())
    ).all()


def find_assignment(session: TenantSession, no: str) -> Assignment:
    """One by its number; :class:`NotFound` ``assignment_missing``."""
    found = session.exec(select(Assignment).where(Assignment.no == no)).one_or_none()
    if found is None:
        raise NotFound("assignment_missing", no=no)
    return found


def accepted(session: TenantSession, no: str) -> Assignment:
    """One that may be frozen; ``assignment_state``."""
    found = find_assignment(session, no)
    if found.state is not HandoverState.ACCEPTED:
        raise RuleRefused("assignment_state", no=no, state=STATE_NAMES[found.state], act="冻结")
    return found


def cause_key(assignment: Assignment) -> str:
    """The cause of the draw it leads to; later rests of the same parent have their own."""
    again = f"/{assignment.attempt}" if assignment.attempt > 1 else ""
    return f"{assignment.kind.value}/{assignment.origin}/{assignment.result_hash}{again}"


def _answer(engine: Engine, office: Office, no: str, state: HandoverState, reason: str, actor: str) -> Assignment:
    with open_session(engine, office.tenant.slug) as session:
        require(session, actor, "operate_draw")
        lock_tenant(session)
        assignment = find_assignment(session, no)
        if assignment.state is HandoverState.SENT:
            _decide(session, assignment, state, reason, actor)
        elif assignment.state is not state:
            raise RuleRefused("assignment_state", no=no, state=STATE_NAMES[assignment.state], act="再次答复")
    with open_session(engine, assignment.sender) as session:
        _tell(session, office.tenant.slug, assignment)
    return assignment


def _decide(session: TenantSession, assignment: Assignment, state: HandoverState, reason: str, actor: str) -> None:
    assignment.state, assignment.reason = state, reason
    assignment.decided_by, assignment.decided_at = actor, now(session)
    session.add(assignment)
    payload = {"parent": assignment.result_hash, "reason": reason}
    record(session, f"assignment.{state.value}", actor=actor, subject=f"assignment/{assignment.no}", payload=payload)


def _tell(session: TenantSession, receiver: str, assignment: Assignment) -> None:
    """The sender's row follows once; nothing but the answer and its reason crosses."""
    lock_tenant(session)
    query = select(Dispatch).join(Draw, col(Draw.id) == Dispatch.draw_id)
    query = query.where(Draw.no == assignment.draw_no, Dispatch.receiver == receiver)
    row = session.exec(query.where(Dispatch.attempt == assignment.attempt)).one()
    if row.state is not HandoverState.SENT:
        return
    row.state, row.answer, row.answered_at = assignment.state, assignment.reason, now(session)
    session.add(row)
    payload = {"receiver": receiver, "attempt": row.attempt, "answer": row.answer}
    act, subject = f"dispatch.{row.state.value}", f"draw/{assignment.draw_no}"
    record(session, act, actor=f"tenant:{receiver}", subject=subject, payload=payload)
