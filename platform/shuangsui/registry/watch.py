"""How old the registry of objects and the pulled expert pools are (R6.4): a warning before draws are refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from shuangsui.db import TenantSession
from shuangsui.errors import Misconfigured
from shuangsui.extension import pools
from shuangsui.ledger.alerts import Wanted, keep_open
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
    keep_open(session, STALE, [_stale(SUBJECT, found.state, found.age)] if found.state in LEVELS else [])


def sweep_pools(session: TenantSession, tenant: Tenant, rules: Rules, today: date) -> None:
    """The same for every expert pool that is pulled; one that is switched off no longer matters."""
    try:
        found = pools.distant(tenant)
    except Misconfigured:  # every freeze and the list of plugins say so; the other terms are looked at all the same
        return
    keep_open(session, POOL_STALE, _stale_pools(session, map(pools.key_of, found), rules, today))


def _stale_pools(session: TenantSession, keys: Iterable[str], rules: Rules, today: date) -> Iterator[Wanted]:
    for key in keys:
        last = last_taken(session, key)
        day = history.as_of(last) if last else None
        if (state := state_of(day, rules, today)) in LEVELS:
            yield _stale(subject_of(key), state, (today - day).days if day else None)


def _stale(subject: str, state: str, days: int | None) -> Wanted:
    return Wanted(subject, LEVELS[state], article="第六条", facts={"days": days})
