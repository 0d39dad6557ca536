"""What is to be public by when, worked out on the spot for who only reads (R14.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuangsui.calendar import Calendar
from shuangsui.db import TenantSession
from shuangsui.disclosure import clocks, terms
from shuangsui.disclosure.clocks import Rung, Terms
from shuangsui.disclosure.tables import Term
from shuangsui.draws.office import Office
from shuangsui.rules import calendars


@dataclass(frozen=True, slots=True)
class Outlook:
    """Every open term of a day, the earliest first, and the rules and calendar that it follows from."""

    open: tuple[Term, ...]
    closed: tuple[Term, ...]
    """What no row says yet to be closed."""
    wanted: Terms
    calendar: Calendar
    today: date

    @classmethod
    def of(cls, session: TenantSession, office: Office, today: date) -> Outlook:
        """No queue and no daily work has any part in it."""
        calendar, wanted = calendars.in_force(session, office.tenant), Terms.of(office.rules(today))
        found = terms.worked_out(session, wanted, calendar, today)
        open_, closed = (tuple(term for term in found if (term.met is None) is is_open) for is_open in (True, False))
        return cls(open_, closed, wanted, calendar, today)

    def within(self, days: int) -> list[Term]:
        """Due up to so many working days from now; what is late too."""
        until = self.calendar.add(self.today, days).due
        return [term for term in self.open if term.due and term.due <= until]

    def by_task(self) -> dict[str, Term]:
        """Task → the first of its results' terms."""
        return {term.task_no: term for term in reversed(self.open) if term.task_no}

    def left(self, term: Term) -> int:
        """Working days up to the last one, or since it, as its derivation counts them; 0 while it stands."""
        if term.due is None or term.start is None:
            return 0
        if term.due < self.today:
            return self.calendar.count(term.due, self.today)
        return sum(1 for step in self.calendar.derive(term.start, term.days) if step.n and step.day > self.today)

    def ladder(self, term: Term) -> list[Rung]:
        """When one is warned of it."""
        return clocks.ladder(term.clock, self.wanted, self.calendar)

    def target(self, term: Term) -> date | None:
        """The day by which the authority itself wants it public."""
        return clocks.target(term.clock, self.wanted, self.calendar)

    def rung(self, term: Term) -> Rung | None:
        """The last warning so far."""
        return clocks.reached(self.ladder(term), self.today)
