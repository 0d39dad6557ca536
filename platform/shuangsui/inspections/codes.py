"""Inspection codes 执法码 (order 375 article 18, R17.4): none, no visit; without one only if urgent and reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.calendar import Calendar
from shuangsui.contracts import CodeReceipt, EnforcementSystem, FilingReceipt, MissingCode, TaskNotice
from shuangsui.db import TenantSession, now
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput, NotFound, OutsideFailed, RuleRefused
from shuangsui.inspections.states import TaskState, TaskType
from shuangsui.inspections.tables import CodeFiling, InspectionTask
from shuangsui.inspections.tasks import find_task, find_to_change_task, require_task_state, team_of
from shuangsui.ledger.service import record

REQUIRED, DAYS = "task.code_required", "task.code_filing_days"
LONGEST, LONGEST_NUMBER = 64, 200
OPEN = (TaskState.ACCEPTED, TaskState.UNDERWAY)


def enter(session: TenantSession, no: str, code: str, *, actor: str, system: str = "") -> InspectionTask:
    """Keep the code of an accepted task, given by ``system`` or typed in; the same again changes nothing.

    :class:`RuleRefused` ``code_given`` for another one: a task has one code.
    """
    require(session, actor, "inspect")
    task, code = find_to_change_task(session, no), code.strip()
    if not code or len(code) > LONGEST or not code.isprintable():
        raise BadInput("code_invalid", limit=LONGEST)
    if task.code == code:
        return task
    if task.code is not None:
        raise RuleRefused("code_given", task=no, given=task.code)
    require_task_state(task, "登记执法码", *OPEN)
    task.code = code
    session.add(task)
    record(session, "task.code", actor=actor, subject=f"task/{no}", payload={"code": code, "system": system})
    return task


def go_without(session: TenantSession, no: str, reason: str, *, actor: str) -> CodeFiling:
    """Say why an urgent visit cannot wait for its code; from its beginning the term of the report runs."""
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    if not reason.strip():
        raise BadInput("reason_missing", act="无码检查")
    if task.code is not None:
        raise RuleRefused("code_given", task=no, given=task.code)
    require_task_state(task, "无码检查", TaskState.ACCEPTED)
    if filing_of(session, task):
        raise RuleRefused("code_declared", task=no)
    filing = CodeFiling(task_id=task.id, reason=reason.strip(), declared_by=actor, declared_at=now(session))
    session.add(filing)
    record(session, "task.no_code", actor=actor, subject=f"task/{no}", payload={"reason": filing.reason})
    return filing


def require_code(session: TenantSession, office: Office, task: InspectionTask) -> None:
    """Refuse a visit with neither a code nor the reason why there is none; ``code_missing``."""
    rule = office.rules(task.rules_on)[REQUIRED]
    if rule.value and task.code is None and filing_of(session, task) is None:
        raise RuleRefused("code_missing", article=rule.basis, task=task.no)


def visit_begun(session: TenantSession, office: Office, calendar: Calendar, task: InspectionTask, on: date) -> None:
    """A first visit without a code starts the term of its report; the code may come later, the report stays due."""
    filing = filing_of(session, task)
    if filing is None or task.code is not None or filing.visited_on is not None:
        return
    rules = office.rules(task.rules_on)
    filing.visited_on, filing.due = on, calendar.add(on, rules.number(DAYS)).due
    filing.basis = rules[DAYS].basis[:LONGEST_NUMBER]
    session.add(filing)


def file(session: TenantSession, no: str, number: str, *, actor: str, system: str = "") -> CodeFiling:
    """Keep under which number the visit without a code was reported; late is better than never, once is enough."""
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    filing = _due(session, task)
    if not number.strip() or len(number.strip()) > LONGEST_NUMBER:
        raise BadInput("filing_number_invalid", limit=LONGEST_NUMBER)
    if filing.number is not None:
        raise RuleRefused("code_filed", article=filing.basis, task=no, number=filing.number)
    filing.number, filing.system = number.strip(), system
    filing.filed_by, filing.filed_at = actor, now(session)
    session.add(filing)
    payload = {"number": filing.number, "system": system, "due": filing.due}
    record(session, "task.file_code", actor=actor, subject=f"task/{no}", payload=payload)
    return filing


def to_ask(session: TenantSession, no: str, *, actor: str) -> TaskNotice:
    """What an enforcement system is told of a task whose code is wanted; refused as :func:`enter` would be."""
    require(session, actor, "inspect")
    task = find_task(session, no)
    if task.code is None:
        require_task_state(task, "申请执法码", *OPEN)
    return notice_of(session, task)


def notice_of(session: TenantSession, task: InspectionTask) -> TaskNotice:
    """What an enforcement system is told of a task."""
    type_ = TaskType.RANDOM if task.type is TaskType.JOINT else task.type
    return TaskNotice(
        session.tenant, task.no, str(type_), task.object_code, task.object_name, task.item_code or "",
        tuple(team_of(session, task)), task.planned_on,
    )  # fmt: skip


def to_report(session: TenantSession, no: str, *, actor: str) -> MissingCode:
    """:func:`missing_of` for who may file it."""
    require(session, actor, "inspect")
    return missing_of(session, find_task(session, no))


def missing_of(session: TenantSession, task: InspectionTask) -> MissingCode:
    """What an enforcement system is told of a visit without a code; ``code_filing_missing`` if there was none."""
    filing = _due(session, task)
    assert filing.visited_on
    assert filing.due
    return MissingCode(notice_of(session, task), filing.visited_on, filing.reason, filing.due)


def ask(systems: Sequence[EnforcementSystem], notice: TaskNotice) -> CodeReceipt:
    """The first code that one of the authority's systems gives; called outside every transaction."""
    _require_system(systems, notice)
    for system in systems:
        receipt = system.push_task(notice)
        if receipt.code:
            return receipt
    raise OutsideFailed("code_not_given", task=notice.task)


def report(systems: Sequence[EnforcementSystem], missing: MissingCode) -> FilingReceipt:
    """Report a visit without a code to the authority's first system; called outside every transaction."""
    _require_system(systems, missing.notice)
    return systems[0].report_missing(missing)


def filing_of(session: TenantSession, task: InspectionTask) -> CodeFiling | None:
    """Why the task went out without a code, reported or not."""
    return session.exec(select(CodeFiling).where(CodeFiling.task_id == task.id)).one_or_none()


def unfiled(session: TenantSession) -> Sequence[tuple[CodeFiling, InspectionTask]]:
    """Every visit without a code that is not reported yet, the earliest term first."""
    query = select(CodeFiling, InspectionTask).join(InspectionTask, col(InspectionTask.id) == CodeFiling.task_id)
    open_ = query.where(col(CodeFiling.visited_on).is_not(None), col(CodeFiling.number).is_(None))
    return session.exec(open_.order_by(col(CodeFiling.due), col(InspectionTask.no))).all()


def _due(session: TenantSession, task: InspectionTask) -> CodeFiling:
    filing = filing_of(session, task)
    if filing is None or filing.visited_on is None:
        raise NotFound("code_filing_missing", task=task.no)
    return filing


def _require_system(systems: Sequence[EnforcementSystem], notice: TaskNotice) -> None:
    if not systems:
        raise BadInput("code_system_missing", task=notice.task)
