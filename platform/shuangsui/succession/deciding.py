"""Suspending, resuming, merging and dividing authorities: one person above proposes, another one approves.

What is approved is told to each authority concerned in a transaction of its own, as draws are handed down: it keeps
the decision in its own rows and ledger. Carrying out again finishes what was interrupted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from shuangsui.access.policy import separate
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, next_number, now
from shuangsui.db import session as open_session
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger import tenure
from shuangsui.ledger.keys import Keyring, Signer
from shuangsui.ledger.service import record, signer
from shuangsui.ledger.tables import KeyRole
from shuangsui.registry.history import legal
from shuangsui.succession import policy
from shuangsui.succession.policy import Wanted
from shuangsui.succession.tables import DecisionState, TenureDecision
from shuangsui.tenancy.tables import TenureChange
from shuangsui.tenancy.tenure import Turn
from shuangsui.tenancy.tree import Tree

STATES = {
    DecisionState.PROPOSED: "待批准", DecisionState.APPROVED: "已批准", DecisionState.REFUSED: "未批准",
}  # fmt: skip
TURNS = {Turn.SUSPEND: "暂停", Turn.RESUME: "恢复", Turn.CLOSE: "撤并", Turn.SUCCEED: "承接"}


def propose(session: TenantSession, tree: Tree, wanted: Wanted, *, actor: str) -> TenureDecision:
    """A decision about authorities below the session's; :class:`BadInput` of :func:`policy.check_wanted`."""
    require(session, actor, "propose_tenure")
    policy.check_wanted(wanted, [child.slug for child in tree.children(session.tenant)])
    lock_tenant(session)
    year = legal(now(session)).year
    row = TenureDecision(
        no=f"CX{year}-{next_number(session, f'tenure/{year}'):03d}", turn=wanted.turn, subjects=list(wanted.subjects),
        successors=list(wanted.successors), since=wanted.since, document=wanted.document.strip(),
        reason=wanted.reason.strip(), proposer=actor,
    )  # fmt: skip
    session.add(row)
    record(session, "tenure.propose", actor=actor, subject=f"tenure/{row.no}", payload=_payload(row))
    return row


def approve(engine: Engine, tenant: str, no: str, keyring: Keyring, *, actor: str) -> TenureDecision:
    """Somebody else approves, and it is carried out; once more for what is approved finishes what was interrupted.

    :class:`RuleRefused` ``tenure_closed``, ``tenure_same`` before anything is decided.
    """
    with open_session(engine, tenant, readonly=True) as session:
        row = find(session, no)
    if row.state is DecisionState.PROPOSED:
        _check_possible(engine, row)
    with open_session(engine, tenant) as session:
        require(session, actor, "approve_tenure")
        lock_tenant(session)
        row = find(session, no)
        if row.state is DecisionState.PROPOSED:
            separate(row.proposer, actor)
        if row.state is not DecisionState.APPROVED:
            _decide(session, row, DecisionState.APPROVED, actor)
    carry_out(engine, f"tenant:{tenant}", row, keyring)
    return row


def refuse(session: TenantSession, no: str, reason: str, *, actor: str) -> TenureDecision:
    """It stays on record with the reason."""
    require(session, actor, "approve_tenure")
    if not reason.strip():
        raise BadInput("tenure_words")
    lock_tenant(session)
    row = find(session, no)
    row.answer = reason.strip()
    return _decide(session, row, DecisionState.REFUSED, actor)


def by_operator(engine: Engine, tenant: str, wanted: Wanted, *, account: str) -> None:
    """Suspend or resume one authority without an authority above; the operating system's account is the proof."""
    if not (wanted.document.strip() and wanted.reason.strip()) or wanted.successors:
        raise BadInput("tenure_words")
    with open_session(engine, tenant) as session:
        lock_tenant(session)
        policy.check_turn(wanted.turn, tenure.standing(session), tenant)
        number = f"CX-{len(tenure.changes(session)) + 1}"
        _keep(session, number, wanted, wanted.turn, [], account)


def decisions(session: TenantSession) -> Sequence[TenureDecision]:
    """Every decision made here, the newest first."""
    return session.exec(select(TenureDecision).order_by(col(TenureDecision.no).desc())).all()


def find(session: TenantSession, no: str) -> TenureDecision:
    """One by its number; :class:`NotFound` ``tenure_missing``."""
    query = select(TenureDecision).where(TenureDecision.no == no).execution_options(populate_existing=True)
    row = session.exec(query).one_or_none()
    if row is None:
        raise NotFound("tenure_missing", no=no)
    return row


def wanted_of(row: TenureDecision) -> Wanted:
    """What was proposed, as a value."""
    return Wanted(row.turn, tuple(row.subjects), row.since, row.document, row.reason, tuple(row.successors))


def carry_out(engine: Engine, decider: str, row: TenureDecision, keyring: Keyring) -> None:
    """Tell each authority concerned, once; successors learn by which key a predecessor's package is known."""
    wanted, successors = wanted_of(row), [{"tenant": slug} for slug in row.successors]
    predecessors: list[dict[str, Any]] = []
    for slug in row.subjects:
        with open_session(engine, slug) as session:
            if row.turn is Turn.CLOSE:
                key = handover_key(session, keyring, actor=decider)
                predecessors.append({"tenant": slug, "key": key.public.hex()})
            _keep(session, row.no, wanted, wanted.turn, successors, decider)
    for slug in row.successors:
        with open_session(engine, slug) as session:
            _keep(session, row.no, wanted, Turn.SUCCEED, predecessors, decider)


def handover_key(session: TenantSession, keyring: Keyring, *, actor: str) -> Signer:
    """The key that signs what an authority hands over."""
    return signer(session, keyring, KeyRole.CONTRIBUTOR, f"{session.tenant}-handover", actor=actor)


def _check_possible(engine: Engine, row: TenureDecision) -> None:
    for slug in row.subjects:
        with open_session(engine, slug, readonly=True) as session:
            policy.check_turn(row.turn, tenure.standing(session), slug)
    for slug in row.successors:
        with open_session(engine, slug, readonly=True) as session:
            policy.check_turn(Turn.SUCCEED, tenure.standing(session), slug)


def _keep(
    session: TenantSession, no: str, wanted: Wanted, turn: Turn, others: Sequence[Mapping[str, Any]], decider: str
) -> None:
    """The authority's own row and ledger entry, whoever asks again."""
    lock_tenant(session)
    same = (TenureChange.decider == decider, TenureChange.decision == no)
    if session.exec(select(TenureChange.id).where(*same)).first():
        return
    change = TenureChange(
        turn=turn, since=wanted.since, others=[dict(one) for one in others], document=wanted.document.strip(),
        reason=wanted.reason.strip(), decider=decider, decision=no, at=now(session),
    )  # fmt: skip
    session.add(change)
    payload = {name: getattr(change, name) for name in ("document", "reason", "others")}
    payload["since"] = wanted.since.isoformat()
    record(session, f"tenure.{turn.value}", actor=decider, subject=f"tenure/{no}", payload=payload)


def _decide(session: TenantSession, row: TenureDecision, state: DecisionState, actor: str) -> TenureDecision:
    if row.state is not DecisionState.PROPOSED:
        raise RuleRefused("tenure_decided", no=row.no, state=STATES[row.state])
    row.state, row.decider, row.decided_at = state, actor, now(session)
    session.add(row)
    act = "tenure.approve" if state is DecisionState.APPROVED else "tenure.refuse"
    record(session, act, actor=actor, subject=f"tenure/{row.no}", payload=_payload(row) | {"answer": row.answer})
    return row


def _payload(row: TenureDecision) -> dict[str, Any]:
    return {
        "turn": row.turn.value, "subjects": row.subjects, "successors": row.successors, "since": row.since.isoformat(),
        "document": row.document, "reason": row.reason,
    }  # fmt: skip
