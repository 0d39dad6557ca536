"""公开决定: the lead office publishes what a task found, or two people withhold it (R14.7, R14.8).

One decision covers the task's first result and the final one that may follow it (R15.5). What the item's list keeps
back needs no decision.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from shuangsui.access.policy import separate
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, next_number, now
from shuangsui.disclosure.policy import Choice, RulingState
from shuangsui.disclosure.tables import Ruling, Term
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections import results
from shuangsui.inspections.tasks import find_task
from shuangsui.ledger.service import record
from shuangsui.privacy.writing import require_public

ARTICLE = "第十四条"


def publish(session: TenantSession, task_no: str, *, actor: str) -> Ruling:
    """The results go to every channel, corrections after them."""
    require(session, actor, "publish")
    _open(session, task_no)
    _refuse_untested(session, task_no)
    return _made(session, task_no, Choice.PUBLISH, actor)


def propose_withholding(
    session: TenantSession, task_no: str, *, basis: str, scope: str, notified: Sequence[str] | None, actor: str
) -> Ruling:
    """依法不予公开, with the provision and what it covers.

    ``notified``: who gets the directed notice 定向通报; an empty one says that nobody is to, None is refused: the
    choice is made, not left open (R14.8).
    """
    require(session, actor, "publish")
    _open(session, task_no)
    if not basis.strip() or not scope.strip():
        raise BadInput("withholding_unfounded")
    if notified is None:
        raise BadInput("withholding_unnotified")
    require_public(session, {"法律依据": basis, "不予公开的范围": scope, "定向通报的单位": "、".join(notified)})
    ruling = _made(session, task_no, Choice.WITHHELD, actor)
    ruling.basis, ruling.scope = basis.strip(), scope.strip()
    ruling.notified = [one.strip() for one in notified if one.strip()]
    session.add(ruling)
    return _noted(session, "ruling.propose", ruling, actor)


def approve(session: TenantSession, task_no: str, *, actor: str) -> Ruling:
    """By somebody else than who proposed it; the public sees a numbered placeholder from now on."""
    require(session, actor, "approve_withholding")
    ruling = _proposed(session, task_no)
    separate(ruling.proposer, actor)
    ruling.number = next_number(session, "withheld")
    return _decided(session, ruling, RulingState.IN_FORCE, actor)


def refuse(session: TenantSession, task_no: str, reason: str, *, actor: str) -> Ruling:
    """It is to be published after all, once somebody decides so."""
    require(session, actor, "approve_withholding")
    if not reason.strip():
        raise BadInput("withholding_reason")
    ruling = _proposed(session, task_no)
    ruling.reason = reason.strip()
    return _decided(session, ruling, RulingState.REFUSED, actor)


def ruling_on(session: TenantSession, task_no: str) -> Ruling | None:
    """The newest one."""
    query = select(Ruling).where(Ruling.task_no == task_no).order_by(col(Ruling.n).desc())
    return session.exec(query.execution_options(populate_existing=True)).first()


def is_ruled(session: TenantSession, task_no: str) -> bool:
    """Whether somebody has decided, or proposed what waits for a decision."""
    newest = ruling_on(session, task_no)
    return newest is not None and newest.state is not RulingState.REFUSED


def in_force(session: TenantSession) -> dict[str, Ruling]:
    """Task → what has been decided; what is missing is not decided yet."""
    rows = session.exec(select(Ruling).where(Ruling.state == RulingState.IN_FORCE).order_by(col(Ruling.n)))
    return {row.task_no: row for row in rows}


def _open(session: TenantSession, task_no: str) -> None:
    """There is something to decide on, and nobody has."""
    lock_tenant(session)
    task = find_task(session, task_no)
    if results.latest(session, task) is None:
        raise NotFound("result_missing", task=task_no)
    if task.withheld:
        raise RuleRefused("ruled_by_list", article=ARTICLE, task=task_no)
    if is_ruled(session, task_no):
        raise RuleRefused("ruling_made", article=ARTICLE, task=task_no)


def _refuse_untested(session: TenantSession, task_no: str) -> None:
    """R14.4: before the report is there, only where the rule allowed the rest to go first."""
    query = select(Term).where(Term.task_no == task_no, col(Term.met).is_(None)).order_by(col(Term.id))
    for term in session.exec(query.execution_options(populate_existing=True)):
        if term.examination and term.awaits_report and not term.partial_allowed:
            expected, institution = term.examination["expected"], term.examination["institution"]
            raise RuleRefused(
                "suspended_testing", article=ARTICLE, task=task_no, institution=institution, expected=expected
            )


def _proposed(session: TenantSession, task_no: str) -> Ruling:
    lock_tenant(session)
    ruling = ruling_on(session, find_task(session, task_no).no)
    if ruling is None or ruling.state is not RulingState.PROPOSED:
        raise RuleRefused("ruling_not_proposed", article=ARTICLE, task=task_no)
    return ruling


def _made(session: TenantSession, task_no: str, decision: Choice, actor: str) -> Ruling:
    before = ruling_on(session, task_no)
    ruling = Ruling(
        task_no=task_no, n=before.n + 1 if before else 1, decision=decision, state=RulingState.PROPOSED,
        proposer=actor, proposed_at=now(session),
    )  # fmt: skip
    if decision is Choice.PUBLISH:
        return _decided(session, ruling, RulingState.IN_FORCE, actor)
    return ruling


def _decided(session: TenantSession, ruling: Ruling, state: RulingState, actor: str) -> Ruling:
    ruling.state, ruling.decider, ruling.decided_at = state, actor, now(session)
    session.add(ruling)
    return _noted(session, "ruling.decide", ruling, actor)


def _noted(session: TenantSession, act: str, ruling: Ruling, actor: str) -> Ruling:
    names = ("n", "decision", "state", "basis", "scope", "notified", "number", "reason")
    payload = {name: getattr(ruling, name) for name in names}
    record(session, act, actor=actor, subject=f"task/{ruling.task_no}", payload=payload)
    return ruling
