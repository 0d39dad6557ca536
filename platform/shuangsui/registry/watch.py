"""How old the registry of objects is (R6.4): a warning before draws are refused."""

from __future__ import annotations

from datetime import date, timedelta

from shuangsui.db import TenantSession
from shuangsui.ledger.alerts import clear_alert, raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.registry import history
from shuangsui.rules.policy import Rules

STALE = "registry_stale"
SUBJECT = "registry/objects"


def sweep(session: TenantSession, rules: Rules, today: date) -> None:
    """Warn after ``registry.feed_warn_days``, breach once draws are blocked; a fresh file clears it."""
    last = history.last_import(session, "objects")
    if last is None:
        return
    age = today - history.as_of(last)
    if age <= timedelta(days=rules.number("registry.feed_warn_days")):
        clear_alert(session, STALE, SUBJECT)
        return
    blocked = age > timedelta(days=rules.number("registry.feed_block_days"))
    level, facts = AlertLevel.BREACH if blocked else AlertLevel.WARN, {"days": age.days}
    raise_alert(session, STALE, SUBJECT, level=level, article="第六条", facts=facts)
