"""How old the registry of objects and the pulled expert pools are (R6.4): a warning before draws are refused."""

from __future__ import annotations

from datetime import date

from shuangsui.db import TenantSession
from shuangsui.errors import Misconfigured
from shuangsui.extension import pools
from shuangsui.ledger.alerts import clear_alert, clear_others, raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.registry import history
from shuangsui.registry.freshness import freshness
from shuangsui.registry.pooled import last_taken, state_of
from shuangsui.registry.pools import subject_of
from shuangsui.rules.policy import Rules
from shuangsui.tenancy.tenant import Tenant

STALE = "registry_stale"
POOL_STALE = "pool_stale"
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


def sweep_pools(session: TenantSession, tenant: Tenant, rules: Rules, today: date) -> None:
    """The same for every expert pool that is pulled; one that is switched off no longer matters."""
    try:
        found = pools.distant(tenant)
    except Misconfigured:  # every freeze and the list of plugins say so; the other terms are looked at all the same
        return
    stale = []
    for pool in found:
        last = last_taken(session, key := pools.key_of(pool))
        day = history.as_of(last) if last else None
        if (state := state_of(day, rules, today)) in LEVELS:
            stale.append(subject_of(key))
            facts = {"days": (today - day).days if day else None}
            raise_alert(session, POOL_STALE, stale[-1], level=LEVELS[state], article="第六条", facts=facts)
    clear_others(session, POOL_STALE, stale)
