"""检验、检测、鉴定 (R14.4): on evidence a result leaves its clock; the report starts a fresh one.

The other objects of the batch stay under theirs. What is kept stands in ``Term.examination``; terms are worked out anew
in the act itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, now
from shuangsui.disclosure import rulings, terms, watch
from shuangsui.disclosure.clocks import Terms
from shuangsui.disclosure.rulings import ARTICLE
from shuangsui.disclosure.tables import Term
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections import evidence as files
from shuangsui.inspections import results
from shuangsui.inspections.evidence_policy import Limits
from shuangsui.inspections.evidence_store import Store
from shuangsui.inspections.tables import Evidence, InspectionTask
from shuangsui.inspections.tasks import find_to_change_task
from shuangsui.ledger.service import record
from shuangsui.rules import calendars


def commission(
    session: TenantSession,
    office: Office,
    task_no: str,
    *,
    institution: str,
    commissioned: date,
    expected: date,
    evidence: Sequence[str],
    actor: str,
) -> Term:
    """Somebody tests what was found; ``evidence`` are hashes of files of the task, such as the letter of commission.

    :class:`RuleRefused` ``testing_unproven`` without any (R14.4); see ``messages.py`` for the other refusals.
    """
    require(session, actor, "inspect")
    task = find_to_change_task(session, task_no)
    today = legal_day(now(session))
    rules = office.rules(today)
    if not rules.switch("publication.testing_exempt"):
        raise RuleRefused("testing_not_exempt", article=ARTICLE, task=task_no)
    if not institution.strip():
        raise BadInput("testing_institution", task=task_no)
    _check_days(commissioned, expected, today)
    proof = _proof(session, task, evidence)
    term = _open_term(session, office, task, today)
    if term.due and commissioned > term.due:
        raise RuleRefused("testing_too_late", article=ARTICLE, task=task_no, due=term.due, day=commissioned)
    examination = {
        "institution": institution.strip(), "commissioned": commissioned.isoformat(), "expected": expected.isoformat(),
        "evidence": proof, "partial": rules.switch("publication.partial_before_report"),
    }  # fmt: skip
    return _noted(session, office, "examination.commission", [term], examination, today, actor)


def report(
    session: TenantSession, office: Office, task_no: str, *, reported: date, evidence: Sequence[str], actor: str
) -> Term:
    """The report has come on ``reported``: from that day a fresh term runs (R14.4)."""
    require(session, actor, "inspect")
    task = find_to_change_task(session, task_no)
    today = legal_day(now(session))
    tested = _tested(session, task)
    before = dict(tested[-1].examination or {})
    if not before["commissioned"] <= reported.isoformat() <= today.isoformat():
        since, until = before["commissioned"], today.isoformat()
        raise BadInput("report_day", task=task_no, day=reported, since=since, until=until)
    examination = before | {"reported": reported.isoformat(), "report": _proof(session, task, evidence)}
    return _noted(session, office, "examination.report", tested, examination, today, actor)


def keep_report(
    session: TenantSession, store: Store, task_no: str, data: bytes, name: str, *, actor: str, limits: Limits
) -> Evidence:
    """Take the report in as evidence, although the task may have been settled while it was awaited."""
    require(session, actor, "inspect")
    task = find_to_change_task(session, task_no)
    _tested(session, task)
    return files.add(session, store, task_no, data, name, actor=actor, limits=limits, awaited=True)


def _check_days(commissioned: date, expected: date, today: date) -> None:
    if commissioned > today:
        raise BadInput("testing_tomorrow", day=commissioned, today=today)
    if expected < commissioned:
        raise BadInput("testing_backwards", commissioned=commissioned, expected=expected)


def _proof(session: TenantSession, task: InspectionTask, evidence: Sequence[str]) -> list[str]:
    known = files.require_known(session, task, (one for one in evidence if one.strip()))
    if not known:
        raise RuleRefused("testing_unproven", article=ARTICLE, task=task.no)
    return known


def _open_term(session: TenantSession, office: Office, task: InspectionTask, today: date) -> Term:
    """The term of the newest result, nobody having decided on it yet and nothing of it being tested."""
    if results.latest(session, task) is None:
        raise NotFound("testing_unended", task=task.no)
    if task.withheld or rulings.is_ruled(session, task.no):
        raise RuleRefused("testing_after_ruling", article=ARTICLE, task=task.no)
    _refresh(session, office, task.draw_no, today)
    found = _terms(session, task)
    if not found:
        raise RuleRefused("testing_without_term", article=ARTICLE, task=task.no)
    if any(term.examination for term in found):
        raise RuleRefused("testing_again", article=ARTICLE, task=task.no)
    return found[-1]


def _tested(session: TenantSession, task: InspectionTask) -> list[Term]:
    tested = [term for term in _terms(session, task) if term.awaits_report]
    if not tested:
        raise RuleRefused("report_unawaited", article=ARTICLE, task=task.no)
    return tested


def _terms(session: TenantSession, task: InspectionTask) -> list[Term]:
    query = select(Term).where(Term.kind == terms.RESULT, Term.task_no == task.no).order_by(col(Term.id))
    return list(session.exec(query.execution_options(populate_existing=True)))


def _refresh(session: TenantSession, office: Office, draw_no: str | None, today: date) -> None:
    """Of the one draw; a task without a drawn object has no term."""
    if draw_no:
        wanted, calendar = Terms.of(office.rules(today)), calendars.in_force(session, office.tenant)
        watch.tell(session, terms.refresh(session, wanted, calendar, today, draw_no=draw_no), wanted)


def _noted(
    session: TenantSession,
    office: Office,
    act: str,
    of: list[Term],
    examination: dict[str, Any],
    today: date,
    actor: str,
) -> Term:
    for term in of:
        term.examination = examination
        session.add(term)
    session.flush()
    record(session, act, actor=actor, subject=f"task/{of[-1].task_no}", payload={"key": of[-1].key, **examination})
    _refresh(session, office, of[-1].draw_no, today)
    return of[-1]
