"""R14.9: the ladder of warnings for everything that is not public yet, and the breach after its last day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlmodel import col, select

from shuangsui.access.policy import Role
from shuangsui.calendar import Calendar
from shuangsui.db import TenantSession
from shuangsui.disclosure import clocks, corrections, terms
from shuangsui.disclosure.clocks import Terms
from shuangsui.disclosure.decision_terms import DECISION
from shuangsui.disclosure.tables import Term
from shuangsui.disclosure.terms import Moved
from shuangsui.ledger.alerts import clear_others, raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.rules.policy import Rules

DUE, LATE, EARLIER, REPORT = "publication_due", "publication_late", "publication_earlier", "report_late"
TARGET = "publication_target"
ARTICLE = "第十四条"
ARTICLES = {DECISION: "国办发〔2018〕118号第二部分"}
"""Of what is not under the measures' own."""
OFFICES = (Role.LEAD_OFFICE, Role.INSPECTION_OFFICE)
LEADERS = (*OFFICES, Role.LEADER, Role.SUPERVISOR)


def sweep(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> None:
    """Work out every term, then warn; as often as one likes."""
    wanted = Terms.of(rules)
    moved = terms.refresh(session, wanted, calendar, today)
    terms.settle(session)
    open_ = session.exec(select(Term).where(col(Term.met).is_(None))).all()
    _warn(session, [term for term in open_ if term.due], wanted, calendar, today)
    _remind(session, [term for term in open_ if term.due and term.due >= today], wanted, calendar, today)
    _ask_for_reports(session, [term for term in open_ if term.examination], wanted, calendar, today)
    tell(session, moved)
    corrections.sweep(session, calendar, rules, today)


def tell(session: TenantSession, moved: Iterable[Moved]) -> None:
    """An alert for every term that another calendar has made shorter (R14.11)."""
    for one in moved:
        if one.earlier:
            facts, subject = {"old": one.old.isoformat(), "new": one.new.isoformat()}, f"{one.kind}/{one.key}"
            article = ARTICLES.get(one.kind, ARTICLE)
            raise_alert(session, EARLIER, subject, article=article, due=one.new, facts=facts, to=LEADERS)


def _warn(session: TenantSession, open_: list[Term], wanted: Terms, calendar: Calendar, today: date) -> None:
    """One alert per rung, so that each of them is heard; the last one is a breach."""
    still: dict[str, set[str]] = {DUE: set(), LATE: set()}
    for term in open_:
        assert term.due is not None
        subject, article = f"{term.kind}/{term.key}", ARTICLES.get(term.kind, ARTICLE)
        rung = clocks.reached(clocks.ladder(term.clock, wanted, calendar), today)
        if today > term.due:
            raise_alert(session, LATE, subject, level=AlertLevel.BREACH, article=article, due=term.due, to=LEADERS)
            still[LATE].add(subject)
        elif rung:
            step = f"{subject}/{rung.percent}%" if rung.percent else f"{subject}/{rung.left}"
            raise_alert(session, DUE, step, article=article, due=term.due, to=OFFICES)
            still[DUE].add(step)
    for kind, subjects in still.items():
        clear_others(session, kind, subjects)


def _remind(session: TenantSession, in_time: list[Term], wanted: Terms, calendar: Calendar, today: date) -> None:
    """One alert for what is past the authority's own last day; for the office that publishes, and until it is late."""
    still = set()
    for term in in_time:
        own = clocks.target(term.clock, wanted, calendar)
        if own and today > own:
            subject, facts = f"{term.kind}/{term.key}", {"target": own.isoformat()}
            raise_alert(session, TARGET, subject, article=ARTICLE, due=term.due, facts=facts, to=(Role.LEAD_OFFICE,))
            still.add(subject)
    clear_others(session, TARGET, still)


def _ask_for_reports(
    session: TenantSession, tested: list[Term], wanted: Terms, calendar: Calendar, today: date
) -> None:
    still = set()
    for term in tested:
        examination = terms.examination_of(term)
        if examination and clocks.is_report_late(examination, today, wanted, calendar):
            subject = f"{term.kind}/{term.key}"
            raise_alert(session, REPORT, subject, article=ARTICLE, due=examination.expected, to=OFFICES)
            still.add(subject)
    clear_others(session, REPORT, still)
