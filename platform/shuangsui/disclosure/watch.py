"""R14.9: the ladder of warnings for everything that is not public yet, and the breach after its last day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from shuangsui.ledger.alerts import Wanted, keep_open, raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.rules.policy import Rules

DUE, LATE, EARLIER, REPORT = "publication_due", "publication_late", "publication_earlier", "report_late"
TARGET = "publication_target"
ARTICLE = "第十四条"
OFFICES = (Role.LEAD_OFFICE, Role.INSPECTION_OFFICE)
LEADERS = (*OFFICES, Role.LEADER, Role.SUPERVISOR)


def sweep(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> None:
    """Work out every term, then warn; as often as one likes. Commits in between, as :func:`keep_open` does."""
    wanted = Terms.of(rules)
    tell(session, terms.refresh(session, wanted, calendar, today), wanted)
    terms.settle(session)
    session.commit()
    open_ = session.exec(select(Term).where(col(Term.met).is_(None))).all()
    _warn(session, [term for term in open_ if term.due], wanted, calendar, today)
    in_time = [term for term in open_ if term.due and term.due >= today]
    keep_open(session, TARGET, _reminders(in_time, wanted, calendar, today))
    keep_open(session, REPORT, _late_reports([term for term in open_ if term.examination], wanted, calendar, today))
    corrections.sweep(session, calendar, rules, today)


def tell(session: TenantSession, moved: Iterable[Moved], wanted: Terms) -> None:
    """An alert for every term that another calendar has made shorter (R14.11)."""
    for one in moved:
        if one.earlier:
            facts, subject = {"old": one.old.isoformat(), "new": one.new.isoformat()}, f"{one.kind}/{one.key}"
            article = _article(one.kind, wanted)
            raise_alert(session, EARLIER, subject, article=article, due=one.new, facts=facts, to=LEADERS)


def _article(kind: str, wanted: Terms) -> str:
    return wanted.decision_article if kind == DECISION else ARTICLE


def _warn(session: TenantSession, open_: list[Term], wanted: Terms, calendar: Calendar, today: date) -> None:
    """One alert per rung, so that each of them is heard; the last one is a breach."""
    found: dict[str, list[Wanted]] = {DUE: [], LATE: []}
    for term in open_:
        assert term.due is not None
        subject, article = f"{term.kind}/{term.key}", _article(term.kind, wanted)
        rung = clocks.reached(clocks.ladder(term.clock, wanted, calendar), today)
        if today > term.due:
            found[LATE].append(Wanted(subject, AlertLevel.BREACH, article, term.due, to=LEADERS))
        elif rung:
            step = f"{subject}/{rung.percent}%" if rung.percent else f"{subject}/{rung.left}"
            found[DUE].append(Wanted(step, article=article, due=term.due, to=OFFICES))
    for kind, alerts in found.items():
        keep_open(session, kind, alerts)


def _reminders(in_time: list[Term], wanted: Terms, calendar: Calendar, today: date) -> Iterator[Wanted]:
    """One alert for what is past the authority's own last day; for the office that publishes, and until it is late."""
    for term in in_time:
        own = clocks.target(term.clock, wanted, calendar)
        if own and today > own:
            subject, facts = f"{term.kind}/{term.key}", {"target": own.isoformat()}
            article, to = _article(term.kind, wanted), (Role.LEAD_OFFICE,)
            yield Wanted(subject, article=article, due=term.due, facts=facts, to=to)


def _late_reports(tested: list[Term], wanted: Terms, calendar: Calendar, today: date) -> Iterator[Wanted]:
    for term in tested:
        examination = terms.examination_of(term)
        if examination and clocks.is_report_late(examination, today, wanted, calendar):
            yield Wanted(f"{term.kind}/{term.key}", article=ARTICLE, due=examination.expected, to=OFFICES)
