"""The annual plan's own term (R7.1): a reminder in the first quarter, a breach after it."""

from __future__ import annotations

from datetime import date

from shuangsui.db import TenantSession
from shuangsui.ledger import tenure
from shuangsui.ledger.alerts import clear_alert, raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.planning.service import published
from shuangsui.rules.policy import Rules
from shuangsui.tenancy.tenure import Tenure

MISSING = "plan_missing"


def sweep(session: TenantSession, rules: Rules, today: date) -> None:
    """Raise or clear the alert of this year's plan; the breach stays in the ledger when the plan comes late.

    An authority that was merged or divided owes none.
    """
    subject, due = f"plan/{today.year}", _day(rules, "plan.due", today.year)
    if published(session, today.year) or tenure.standing(session) is Tenure.CLOSING:
        clear_alert(session, MISSING, subject)
    elif today > due:
        raise_alert(session, MISSING, subject, level=AlertLevel.BREACH, article=rules["plan.due"].article, due=due)
    elif today >= _day(rules, "plan.remind", today.year):
        raise_alert(session, MISSING, subject, level=AlertLevel.WARN, article=rules["plan.due"].article, due=due)


def _day(rules: Rules, key: str, year: int) -> date:
    return date.fromisoformat(f"{year}-{rules.word(key)}")
