"""What follows a finding (article 15): its disposition, the rectification with its proof, the lead with its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, func, select
from sqlmodel.sql.expression import Select

from shuangsui.access.policy import separate
from shuangsui.access.service import require
from shuangsui.db import TenantSession, next_number, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections import evidence as files
from shuangsui.inspections import followup_policy, tasks
from shuangsui.inspections.followup_policy import ARTICLE
from shuangsui.inspections.states import Answer, Disposition, RecordState, RectificationState, TaskState
from shuangsui.inspections.tables import Finding, InspectionRecord, InspectionTask, Rectification, Transfer
from shuangsui.ledger.service import record as note


@dataclass(frozen=True, slots=True)
class Order:
    """What goes with a disposition: a reason; demand and term of a rectification; the agency of a transfer."""

    disposition: Disposition
    reason: str = ""
    demand: str = ""
    due: date | None = None
    to: str = ""
    evidence: tuple[str, ...] = ()


def open_findings(session: TenantSession, task: InspectionTask, record: InspectionRecord, *, actor: str) -> None:
    """One finding for each point that was not in order; the record has just been submitted.

    Where nobody was met nothing was found, whatever a draft of the record says.
    """
    if record.state is RecordState.UNREACHABLE:
        return
    points = {str(point["no"]): point for point in record.form["points"]}
    wrong = [no for no in points if record.answers.get(no, {}).get("answer") == Answer.NO]
    for n, no in enumerate(wrong, 1):
        session.add(Finding(task_id=task.id, n=n, point=no, text=record.answers[no]["facts"], found_at=now(session)))
    if wrong:
        note(session, "finding.open", actor=actor, subject=f"task/{task.no}", payload={"points": wrong})


def dispose(session: TenantSession, office: Office, no: str, n: int, order: Order, *, actor: str) -> Finding:
    """Decide once what becomes of a finding (R15.1).

    责令改正 opens a rectification with its term, 移交立案 and 移送 hand the lead over with evidence of the task,
    无需处理 closes the finding.
    """
    require(session, actor, "dispose_finding")
    task, finding = _found(session, no, n)
    if finding.disposition is not None:
        raise RuleRefused("finding_disposed", article=ARTICLE, task=no, n=n)
    followup_policy.check_disposition(order.disposition, order.reason)
    finding.disposition, finding.reason = order.disposition, order.reason.strip()
    finding.disposed_by, finding.disposed_at = actor, now(session)
    session.add(finding)
    facts = _follow(session, office, task, finding, order, actor)
    payload = {"n": n, "disposition": order.disposition, "reason": finding.reason, **facts}
    note(session, "finding.dispose", actor=actor, subject=f"task/{task.no}", payload=payload)
    return finding


def submit_proof(
    session: TenantSession, no: str, n: int, statement: str, *, actor: str, evidence: Sequence[str] = ()
) -> Rectification:
    """The object says, with its proof, that it has done what was demanded; typed in by the inspecting office."""
    require(session, actor, "inspect")
    return hand_in(session, no, n, statement, actor=actor, evidence=evidence)


def require_awaited(session: TenantSession, no: str, n: int) -> Rectification:
    """The rectification of a finding, whose proof is to come; :class:`RuleRefused` ``rectification_state``."""
    return _rectification(session, no, n, "提交整改材料", RectificationState.ORDERED)[2]


def hand_in(
    session: TenantSession, no: str, n: int, statement: str, *, actor: str, evidence: Sequence[str] = ()
) -> Rectification:
    """The same from whoever has proved to be the object."""
    rectification, task = require_awaited(session, no, n), tasks.find_task(session, no)
    if not statement.strip():
        raise BadInput("statement_empty")
    known = files.require_known(session, task, evidence)
    rectification.state, rectification.statement = RectificationState.SUBMITTED, statement.strip()
    rectification.evidence, rectification.submitted_at = known, now(session)
    rectification.submitted_by = actor
    session.add(rectification)
    payload = {"n": n, "evidence": rectification.evidence}
    note(session, "rectification.submit", actor=actor, subject=f"task/{no}", payload=payload)
    return rectification


def check_rectification(
    session: TenantSession,
    office: Office,
    no: str,
    n: int,
    *,
    passed: bool,
    remark: str,
    actor: str,
    new_term: date | None = None,
) -> Rectification:
    """The re-check (R15.2), by somebody else than who took the proof in; a failed one goes on with a new term."""
    require(session, actor, "check_rectification")
    task, finding, rectification = _rectification(session, no, n, "复查", RectificationState.SUBMITTED)
    separate(rectification.submitted_by or "", actor)
    if not passed:
        if new_term is None or not remark.strip():
            raise RuleRefused("recheck_incomplete", article=ARTICLE, task=no, n=n)
        _check_term(session, office, task, new_term)
        rectification.due = new_term
    rectification.state = RectificationState.PASSED if passed else RectificationState.ORDERED
    rectification.checked_by, rectification.checked_at, rectification.check_note = actor, now(session), remark.strip()
    session.add(rectification)
    if passed:
        _close(session, finding)
    payload = {"n": n, "passed": passed, "remark": rectification.check_note, "due": rectification.due}
    note(session, "rectification.check", actor=actor, subject=f"task/{no}", payload=payload)
    return rectification


def receive_receipt(session: TenantSession, no: str, n: int, receipt: str, *, actor: str) -> Transfer:
    """The other agency's receipt, without which the finding stays open (R15.4)."""
    require(session, actor, "dispose_finding")
    _, finding = _found(session, no, n)
    transfer = transfer_of(session, finding)
    if transfer is None:
        raise NotFound("transfer_missing", task=no, n=n)
    if transfer.receipt_at is not None:
        raise RuleRefused("transfer_received", article=ARTICLE, task=no, n=n)
    if not receipt.strip():
        raise RuleRefused("transfer_receipt_missing", article=ARTICLE, task=no, n=n)
    transfer.receipt, transfer.receipt_at = receipt.strip(), now(session)
    session.add(transfer)
    _close(session, finding)
    note(session, "finding.receipt", actor=actor, subject=f"task/{no}", payload={"n": n, "receipt": transfer.receipt})
    return transfer


def close(session: TenantSession, no: str, *, actor: str) -> InspectionTask:
    """办结 an ended task: each finding has its disposition (R15.1), each lead handed over its receipt (R15.4)."""
    require(session, actor, "accept_task")
    task = tasks.find_to_change_task(session, no)
    tasks.require_task_state(task, "办结", TaskState.ENDED)
    for finding in findings_of(session, task):
        if finding.disposition is None:
            raise RuleRefused("finding_open", article=ARTICLE, task=no, n=finding.n)
        if finding.disposition in (Disposition.CASE, Disposition.TRANSFER) and finding.closed_at is None:
            raise RuleRefused("transfer_receipt_missing", article=ARTICLE, task=no, n=finding.n)
    task.closed_by, task.closed_at = actor, now(session)
    return tasks.move(session, task, "close", actor=actor)


def findings_of(session: TenantSession, task: InspectionTask) -> Sequence[Finding]:
    """The findings of a task in order."""
    return session.exec(select(Finding).where(Finding.task_id == task.id).order_by(col(Finding.n))).all()


def rectification_of(session: TenantSession, finding: Finding) -> Rectification | None:
    """The rectification that a finding led to."""
    return session.exec(select(Rectification).where(Rectification.finding_id == finding.id)).one_or_none()


def transfer_of(session: TenantSession, finding: Finding) -> Transfer | None:
    """To whom the lead of a finding was handed over, with the receipt once it is there."""
    query = select(Transfer).where(Transfer.finding_id == finding.id)
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def transfer_at(session: TenantSession, no: str, n: int) -> Transfer | None:
    """The transfer of a task's finding ``n``; None if there is no such task, finding or transfer."""
    query = (
        select(Transfer)
        .join(Finding, col(Finding.id) == Transfer.finding_id)
        .join(InspectionTask, col(InspectionTask.id) == Finding.task_id)
        .where(InspectionTask.no == no, Finding.n == n)
    )
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def open_rectifications(session: TenantSession) -> Sequence[tuple[Rectification, Finding, InspectionTask]]:
    """Every rectification that has not passed, the earliest term first."""
    return session.exec(_rectifications().where(Rectification.state != RectificationState.PASSED)).all()


def every_rectification(session: TenantSession) -> Sequence[tuple[Rectification, Finding, InspectionTask]]:
    """Those that have passed too, in the same order."""
    return session.exec(_rectifications()).all()


def _rectifications() -> Select[Rectification, Finding, InspectionTask]:
    return (
        select(Rectification, Finding, InspectionTask)
        .join(Finding, col(Finding.id) == Rectification.finding_id)
        .join(InspectionTask, col(InspectionTask.id) == Finding.task_id)
        .order_by(col(Rectification.due), col(Rectification.no))
    )


def open_transfers(session: TenantSession) -> Sequence[tuple[Transfer, Finding, InspectionTask]]:
    """Every lead handed over whose receipt has not come (R15.4), the oldest first."""
    query = (
        select(Transfer, Finding, InspectionTask)
        .join(Finding, col(Finding.id) == Transfer.finding_id)
        .join(InspectionTask, col(InspectionTask.id) == Finding.task_id)
        .where(col(Transfer.receipt_at).is_(None))
        .order_by(col(Transfer.sent_at), col(Transfer.id))
    )
    return session.exec(query).all()


def is_being_put_right(session: TenantSession, task: InspectionTask) -> bool:
    """Whether a rectification of the task has not passed yet."""
    query = (
        select(Rectification.id)
        .join(Finding, col(Finding.id) == Rectification.finding_id)
        .where(Finding.task_id == task.id, Rectification.state != RectificationState.PASSED)
    )
    return session.exec(query.limit(1)).first() is not None


def undisposed(session: TenantSession) -> Sequence[tuple[Finding, InspectionTask]]:
    """Every finding of an ended inspection without a disposition."""
    query = (
        select(Finding, InspectionTask)
        .join(InspectionTask, col(InspectionTask.id) == Finding.task_id)
        .where(col(Finding.disposition).is_(None))
    )
    return session.exec(query.order_by(col(Finding.found_at))).all()


def is_all_closed(session: TenantSession, task: InspectionTask) -> bool:
    """Whether a pending result can be made final (R15.5)."""
    query = select(func.count()).select_from(Finding)
    return not session.exec(query.where(Finding.task_id == task.id, col(Finding.closed_at).is_(None))).one()


def _found(session: TenantSession, no: str, n: int) -> tuple[InspectionTask, Finding]:
    task = tasks.find_to_change_task(session, no)
    query = select(Finding).where(Finding.task_id == task.id, Finding.n == n)
    finding = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if finding is None:
        raise NotFound("finding_missing", task=no, n=n)
    return task, finding


def _rectification(
    session: TenantSession, no: str, n: int, act: str, state: RectificationState
) -> tuple[InspectionTask, Finding, Rectification]:
    task, finding = _found(session, no, n)
    rectification = rectification_of(session, finding)
    if rectification is None or rectification.state is not state:
        raise RuleRefused("rectification_state", article=ARTICLE, task=no, n=n, act=act)
    return task, finding, rectification


def _follow(
    session: TenantSession, office: Office, task: InspectionTask, finding: Finding, order: Order, actor: str
) -> dict[str, object]:
    if order.disposition is Disposition.RECTIFY:
        return _ordered(session, office, task, finding, order)
    if order.disposition is Disposition.NONE:
        _close(session, finding)
        return {}
    if not order.to.strip():
        raise BadInput("transfer_to_missing")
    known = files.require_known(session, task, order.evidence)
    session.add(
        Transfer(finding_id=finding.id, to=order.to.strip(), evidence=known, sent_at=now(session), sent_by=actor)
    )
    return {"to": order.to.strip(), "evidence": known}


def _ordered(
    session: TenantSession, office: Office, task: InspectionTask, finding: Finding, order: Order
) -> dict[str, object]:
    if order.due is None or not order.demand.strip():
        raise RuleRefused("rectification_incomplete", article=ARTICLE)
    _check_term(session, office, task, order.due)
    year = legal_day(now(session)).year
    no = f"ZG{year}-{next_number(session, f'rectification/{year}'):04d}"
    session.add(Rectification(finding_id=finding.id, no=no, demand=order.demand.strip(), due=order.due))
    return {"rectification": no, "due": order.due}


def _check_term(session: TenantSession, office: Office, task: InspectionTask, due: date) -> None:
    """A day to come, within what the rules of the task's day allow (R15.2)."""
    longest = office.rules(task.rules_on).number("rectification.max_days")
    followup_policy.check_term(due, legal_day(now(session)), longest)


def _close(session: TenantSession, finding: Finding) -> None:
    finding.closed_at = now(session)
    session.add(finding)
