"""双公示: what is owed to the public of penalties and licences, and from which day (R15.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.disclosure import clocks
from shuangsui.disclosure.clocks import Clock, Terms
from shuangsui.disclosure.tables import Disclosure, Term
from shuangsui.registry.tables import Decision, DecisionStatus

DECISION = "decision"


def clocks_of(session: TenantSession, terms: Terms, today: date) -> Mapping[str, Clock]:
    """Number of every decision whose term is not closed → what that runs by.

    What was annulled, or is not to be shown any more, before anything of it was disclosed is owed to nobody.
    """
    closed = select(Term.key).where(Term.kind == DECISION, col(Term.met).is_not(None))
    known = set(session.exec(select(Disclosure.key).where(Disclosure.kind == DECISION)))
    wanted = (col(Decision.number), col(Decision.decided_on), col(Decision.status), col(Decision.shown_until))
    query = select(*wanted).where(col(Decision.number).not_in(closed)).order_by(col(Decision.number))
    return {
        number: clocks.decision_clock(
            decided, terms, owed=number in known or (status is DecisionStatus.VALID and today <= (until or today))
        )
        for number, decided, status, until in session.exec(query)
    }
