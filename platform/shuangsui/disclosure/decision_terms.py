"""双公示: what is owed to the public of penalties and licences, and from which day (R15.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import select

from shuangsui.db import TenantSession
from shuangsui.disclosure import clocks
from shuangsui.disclosure.clocks import Clock, Terms
from shuangsui.disclosure.tables import Disclosure
from shuangsui.registry.tables import Decision, DecisionStatus

DECISION = "decision"


def clocks_of(session: TenantSession, terms: Terms, today: date) -> Mapping[str, Clock]:
    """Number of every decision → what its term runs by.

    What was annulled, or is not to be shown any more, before anything of it was disclosed is owed to nobody.
    """
    known = set(session.exec(select(Disclosure.key).where(Disclosure.kind == DECISION)))
    query = select(Decision.number, Decision.decided_on, Decision.status, Decision.shown_until)
    return {
        number: clocks.decision_clock(
            decided, terms, owed=number in known or (status is DecisionStatus.VALID and today <= (until or today))
        )
        for number, decided, status, until in session.exec(query.order_by(Decision.number))
    }
