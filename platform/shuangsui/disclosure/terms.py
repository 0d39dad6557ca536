"""What must be published by when (R14.1 to R14.4, R15.4): every result, round and decision with its term, kept up to
date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from shuangsui.calendar import Calendar
from shuangsui.db import TenantSession
from shuangsui.disclosure import clocks, decision_terms, shown
from shuangsui.disclosure.clocks import Clock, Examination, Terms
from shuangsui.disclosure.decision_terms import DECISION
from shuangsui.disclosure.service import first_seen
from shuangsui.disclosure.tables import Term
from shuangsui.draws import dispatching
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.tables import Cause, Draw, DrawnTask, DrawState
from shuangsui.inspections.tables import InspectionResult, InspectionTask
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.service import record
from shuangsui.planning.service import published_line

RESULT, ROUND = "result", "round"
FIRST = "/1"
MOVED = "disclosure.due_moved"


@dataclass(frozen=True, slots=True)
class Moved:
    """A last day that is another one now; ``earlier`` ones are what somebody must hear of."""

    kind: str
    key: str
    old: date
    new: date

    @property
    def earlier(self) -> bool:
        """Whether there is less time than before."""
        return self.new < self.old


def refresh(
    session: TenantSession, terms: Terms, calendar: Calendar, today: date, *, draw_no: str | None = None
) -> list[Moved]:
    """Note what is new, and work out every open term anew; what moved because of another calendar is recorded.

    ``draw_no``: of this draw only, and of no decision.
    """
    owed = list(_owed(session, draw_no))
    session.add_all(term for _, _, fresh in owed for term in fresh)
    session.flush()
    moved: list[Moved] = []
    for draw, kept, fresh in owed:
        rows = sorted([*kept, *fresh], key=lambda term: (term.kind, term.key))
        open_ = [term for term in rows if term.met is None]
        batch = _batch_clock(session, draw, rows, terms, calendar, today) if open_ else Clock(clocks.Since.RUNNING)
        clocks_ = [(term, _clock(term, batch, terms, calendar)) for term in open_]
        moved += [one for term, clock in clocks_ if (one := _judge(session, term, clock, calendar))]
    decided = () if draw_no else _decisions(session, terms, today)
    return moved + [one for term, clock in decided if (one := _judge(session, term, clock, calendar))]


def settle(session: TenantSession) -> None:
    """Close the terms of what every receiver that the rules name has confirmed (R14.5).

    A round is public with its draw, its numbers and the results of all its objects (R14.6).
    """
    open_ = session.exec(select(Term).where(col(Term.met).is_(None))).all()
    _close(session, open_)
    session.add_all(open_)


def worked_out(session: TenantSession, terms: Terms, calendar: Calendar, today: date) -> list[Term]:
    """What :func:`refresh` and :func:`settle` would make of everything not closed so far, the earliest first.

    Nothing is written: copies, for who only reads. What stands has no day yet.
    """
    found: list[Term] = []
    for draw, kept, fresh in _owed(session):
        open_ = [*(_copy(term) for term in kept if term.met is None), *fresh]
        batch = _batch_clock(session, draw, kept, terms, calendar, today) if open_ else Clock(clocks.Since.RUNNING)
        for term in open_:
            _follow(term, _clock(term, batch, terms, calendar), calendar)
        found += open_
    for term, clock in _decisions(session, terms, today):
        found.append(_copy(term))
        _follow(found[-1], clock, calendar)
    known = {(term.kind, term.key) for term in found}
    rest = session.exec(select(Term).where(col(Term.met).is_(None))).all()
    found += [_copy(term) for term in rest if (term.kind, term.key) not in known]
    _close(session, found)
    return sorted(found, key=lambda term: (term.due or date.max, term.key))


def due_list(session: TenantSession, until: date) -> Sequence[Term]:
    """R14.9: what is open and due up to ``until``, the earliest first; a query, whatever becomes of any queue."""
    query = select(Term).where(col(Term.met).is_(None), col(Term.due) <= until)
    return session.exec(query.order_by(col(Term.due), col(Term.key))).all()


def address(term: Term) -> tuple[str, str]:
    """Number and part under which its page stands: of a result the task and how manyeth one, else the kind."""
    no, _, n = term.key.rpartition("/")
    return (no, n) if term.kind == RESULT else (term.key, term.kind)


def _owed(session: TenantSession, draw_no: str | None = None) -> Iterator[tuple[Draw, list[Term], list[Term]]]:
    """Every draw with a result, or the one: its terms of which rows tell, and those that it has come to owe since."""
    drawn = select(Draw).where(Draw.state == DrawState.DRAWN, *_of(Draw.no, draw_no)).order_by(Draw.no)
    rows = select(Term).where(col(Term.draw_no) != "", *_of(Term.draw_no, draw_no)).order_by(Term.kind, Term.key)
    kept, results = _by_draw(session.exec(rows)), _by_draw(_results(session, draw_no))
    for draw in session.exec(drawn).all():
        yield draw, kept[draw.no], _missing(draw, kept[draw.no], results[draw.no])


def _of(number: Any, draw_no: str | None) -> Sequence[Any]:
    return () if draw_no is None else (number == draw_no,)


def _by_draw(found: Iterable[Term]) -> defaultdict[str, list[Term]]:
    grouped = defaultdict[str, list[Term]](list)
    for term in found:
        grouped[term.draw_no].append(term)
    return grouped


def _missing(draw: Draw, kept: Iterable[Term], results: Iterable[Term]) -> list[Term]:
    """What the draw has come to owe and no row tells of.

    A result that is made final while its object is being tested waits for the report as well (R14.4).
    """
    known = {(term.kind, term.key) for term in kept}
    tested = {term.task_no: term.examination for term in kept if term.awaits_report}
    found = [Term(kind=ROUND, key=draw.no, draw_no=draw.no), *results]
    missing = [term for term in found if (term.kind, term.key) not in known]
    for term in missing:
        term.examination = tested.get(term.task_no)
    return missing


def _results(session: TenantSession, draw_no: str | None) -> Iterator[Term]:
    """A final result that follows a pending one has a term of its own, from the day on which it was made (R15.5)."""
    task = InspectionTask
    query = (
        select(InspectionResult, col(task.no), col(task.draw_no))
        .join(task, col(task.id) == InspectionResult.task_id)
        .where(col(task.draw_no).is_not(None), *_of(task.draw_no, draw_no))
        .order_by(col(task.no), col(InspectionResult.n))
    )
    for result, no, drawn in session.exec(query):
        assert drawn
        ended = result.ended if result.n == 1 else legal_day(result.recorded_at)
        yield Term(kind=RESULT, key=f"{no}/{result.n}", task_no=no, draw_no=drawn, ended=ended)


def _batch_clock(
    session: TenantSession, draw: Draw, rows: Iterable[Term], terms: Terms, calendar: Calendar, today: date
) -> Clock:
    """Of all objects that this authority inspects itself, those that are being tested left out; ``rows``: its terms."""
    ends = list(_ends(session, draw, {term.task_no for term in rows if term.examination}))
    planned = None
    if draw.cause is Cause.LINE and draw.line_no is not None:
        planned = published_line(session, draw.year, draw.line_no).ends
    return clocks.batch_clock(ends, planned, today, terms, calendar)


def _ends(session: TenantSession, draw: Draw, tested: Collection[str | None]) -> Iterator[date | None]:
    tasks = session.exec(select(InspectionTask).where(InspectionTask.draw_no == draw.no)).all()
    sent = dispatching.sent(session, draw)
    by_drawn: Mapping[object, InspectionTask] = {task.drawn_id: task for task in tasks}
    for drawn in session.exec(select(DrawnTask).where(DrawnTask.draw_id == draw.id)):
        task = by_drawn.get(drawn.id)
        if drawn.cancelled or (task and task.no in tested) or drawn.task in sent:
            continue
        yield legal_day(task.ended_at) if task and task.ended_at else None


def _decisions(session: TenantSession, terms: Terms, today: date) -> Iterator[tuple[Term, Clock]]:
    """What is open of decisions, whether or not a row tells of it, and what it runs by."""
    open_ = session.exec(select(Term).where(Term.kind == DECISION, col(Term.met).is_(None)))
    rows = {term.key: term for term in open_}
    for number, clock in decision_terms.clocks_of(session, terms, today).items():
        term = rows.get(number)
        if term or clock.start:
            yield term or Term(kind=DECISION, key=number), clock


def _judge(session: TenantSession, term: Term, clock: Clock, calendar: Calendar) -> Moved | None:
    old, before = term.due, term.calendar
    _follow(term, clock, calendar)
    session.add(term)
    if old is None or term.due is None or old == term.due or before == term.calendar:
        return None
    moved = Moved(term.kind, term.key, old, term.due)
    payload = {"old": old, "new": term.due, "calendar": [before, term.calendar]}
    record(session, MOVED, actor=CLOCK, subject=f"{term.kind}/{term.key}", payload=payload)
    return moved


def _follow(term: Term, clock: Clock, calendar: Calendar) -> None:
    """From which day it runs, why, and until when."""
    deadline = clock.deadline(calendar)
    term.since, term.start, term.days, term.calendar = clock.since, clock.start, clock.days, calendar.version
    term.due, term.provisional = (deadline.due, deadline.provisional) if deadline else (None, False)


def _clock(term: Term, batch: Clock, terms: Terms, calendar: Calendar) -> Clock:
    """What a result or a round runs by.

    What became of a pending result is under its own clock only: the batch had ended with the first one (R15.5).
    """
    own = clocks.object_clock(term.ended, examination_of(term), terms) if term.kind == RESULT else batch
    if term.kind == RESULT and not term.key.endswith(FIRST):
        batch = own
    found = clocks.in_force(own, batch, terms, calendar)
    return found[0] if found else own


def _close(session: TenantSession, open_: Sequence[Term]) -> None:
    """Give those of all open terms their day that are public everywhere; ``open_`` must be complete."""
    if not open_:
        return
    sent = shown.sent(session)
    done, drawn = shown.satisfied(sent), first_seen(session, "draw")
    names = shown.names_of_results(session)
    for term in open_:
        if term.kind == DECISION:
            term.met = done.get((DECISION, term.key))
        if term.kind == RESULT:
            named = shown.name_of(names, term.key)
            split = term.partial_allowed and named[0] == RESULT
            term.met = (shown.satisfied(_after_report(term, sent)) if split else done).get(named)
    waiting = {term.draw_no for term in open_ if term.kind == RESULT and term.met is None}
    for term in open_:
        day = done.get((ROUND, term.draw_no))
        if term.kind == ROUND and day and term.draw_no in drawn and term.draw_no not in waiting:
            term.met = max([day, legal_day(drawn[term.draw_no]), *_days_met(session, term, open_)])


def _after_report(term: Term, sent: Iterable[shown.Sent]) -> Iterator[shown.Sent]:
    """What went out before the report on the rest was there closes nothing (R14.4)."""
    reported = (term.examination or {}).get("reported")
    return (one for one in sent if reported and one.disclosure.published_on.isoformat() >= reported)


def _copy(term: Term) -> Term:
    """One that no session knows."""
    return Term(**term.model_dump())


def _days_met(session: TenantSession, round_: Term, just: Sequence[Term]) -> list[date]:
    """When each result of the round was public; ``just``: those closed now, of which no row may tell yet."""
    query = select(Term).where(Term.draw_no == round_.draw_no, Term.kind == RESULT)
    found = [*session.exec(query), *(term for term in just if (term.draw_no, term.kind) == (round_.draw_no, RESULT))]
    return [term.met for term in found if term.met]


def examination_of(term: Term) -> Examination | None:
    """The test that keeps the result out of its clock, if there is one."""
    if term.examination is None:
        return None
    days = {name: date.fromisoformat(term.examination[name]) for name in ("commissioned", "expected")}
    reported = term.examination.get("reported")
    return Examination(**days, reported=date.fromisoformat(reported) if reported else None)
