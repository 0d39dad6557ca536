"""How old the registry of objects is (R6.4): a warning before draws are refused."""

from __future__ import annotations

from datetime import date

from shuangsui.db import TenantSession
from shuangsui.ledger.alerts import clear_alert, raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.registry.freshness import freshness
from shuangsui.rules.policy import Rules

STALE = "registry_stale"
SUBJECT = "registry/objects"
LEVELS = {"warn": AlertLevel.WARN, "blocked": AlertLevel.BREACH}


def sweep(session: TenantSession, rules: Rules, today: date) -> None:
    """Warn after ``registry.feed_warn_days``, breach once draws are blocked; a fresh file clears it."""
    found = freshness(session, "objects", rules, today)
    if found.state == "fresh":
        clear_alert(session, STALE, SUBJECT)
    elif found.state in LEVELS:
        facts = {"days": found.age}
        raise_alert(session, STALE, SUBJECT, level=LEVELS[found.state], article="第六条", facts=facts)
