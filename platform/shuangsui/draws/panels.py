"""Which experts a draw may take: every expert pool of the authority, asked once in its freeze (R8.1).

A pool without a network chooses among the own registry; of the others the freeze reads what was pulled, if it is
fresh. What each answered is fixed here with its digest, so a pool that says something else a moment later steers
nothing: the plan is made of this answer, and whoever asks again by freezing anew leaves both digests in the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuangsui.db import TenantSession
from shuangsui.draws.office import Office
from shuangsui.draws.people import Person
from shuangsui.errors import OutsideFailed, RuleRefused
from shuangsui.experts import PoolExpert, PoolRequest
from shuangsui.extension import pools, service
from shuangsui.extension.isolation import Absent, LoadedPool
from shuangsui.registry.pooled import digest_of, listed, people_of, pooled, pulled_plugins, state_of
from shuangsui.rules.policy import Rules

FILE = "experts.json"
"""Whom the pools of a frozen draw answered, for the supervisor; never published."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What one pool answered, and the day whose state it is."""

    pool: str
    day: date
    people: tuple[PoolExpert, ...]

    def said(self) -> dict[str, Any]:
        """What the plan and the ledger say of it: nothing about any person."""
        return {
            "pool": self.pool, "day": self.day.isoformat(), "digest": digest_of(self.people),
            "people": len(self.people),
        }  # fmt: skip


def panels(session: TenantSession, office: Office, on: date) -> tuple[Panel, ...]:
    """The answer of every pool in the tenant's order; refused if there is none, if one fails, or if they overlap."""
    _require_loaded(session, office)
    found = pools.pools(office.tenant)
    if not found:
        raise RuleRefused("experts_no_pool", article="第八条")
    own, rules = people_of(session, ""), office.rules(on)
    answered = tuple(_asked(session, pool, own, rules, on) for pool in found)
    _require_apart(answered)
    return answered


def persons(answered: Iterable[Panel]) -> list[Person]:
    """Everybody in the pools, as a draw sees them."""
    return [
        Person(one.number, "专家", one.fields, lead=False, ready=True, valid_to=one.valid_to)
        for panel in answered
        for one in panel.people
    ]


def file_of(answered: Sequence[Panel]) -> bytes:
    """:data:`FILE`: numbers, fields and last days by pool, from which the digests can be computed again."""
    return json.dumps({panel.pool: listed(panel.people) for panel in answered}, ensure_ascii=False, indent=1).encode()


def _require_loaded(session: TenantSession, office: Office) -> None:
    """Whoever is switched on and was in earlier draws is not left out because the plugin no longer loads."""
    known = pulled_plugins(session)
    for gone in service.unloaded(office.tenant):
        if gone.plugin in known:
            raise gone.error


def _asked(
    session: TenantSession, pool: LoadedPool | Absent, own: tuple[PoolExpert, ...], rules: Rules, on: date
) -> Panel:
    key = pools.key_of(pool)
    if isinstance(pool, Absent):
        raise pool.error
    if pool.network:
        return _pulled(session, key, rules, on)
    answer = pool.experts(PoolRequest(on, own))
    if answer.experts is None:
        raise OutsideFailed("plugin_answer_wrong", plugin=pool.plugin, step="experts", wanted="tuple", found="None")
    return Panel(key, on, tuple(_known(pool, own, answer.experts)))


def _known(pool: LoadedPool, own: Iterable[PoolExpert], answered: Iterable[PoolExpert]) -> Iterable[PoolExpert]:
    """Those answered, with the name and the term that the registry has: a pool cannot make people up, or lengthen."""
    registered = {one.number: one for one in own}
    for one in answered:
        if one.number not in registered:
            raise OutsideFailed("pool_stranger", pool=pools.key_of(pool), number=one.number)
        there = registered[one.number]
        terms = [term for term in (one.valid_to, there.valid_to) if term]
        yield PoolExpert(one.number, there.name, there.employer, one.fields, min(terms, default=None))


def _pulled(session: TenantSession, key: str, rules: Rules, on: date) -> Panel:
    """R6.4: what is stored; refused if it was never pulled, or for too long."""
    found = pooled(session, key)
    if found is None:
        raise RuleRefused("pool_never_pulled", article="第六条", pool=key)
    if state_of(found.as_of, rules, on) == "blocked":
        days = rules.number("registry.pool_block_days")
        raise RuleRefused("pool_stale", article="第六条", pool=key, last=found.as_of.isoformat(), days=days)
    return Panel(key, found.day, found.people)


def _require_apart(answered: Iterable[Panel]) -> None:
    """Nobody may have the chances of two."""
    whose: dict[str, str] = {}
    for panel in answered:
        for one in panel.people:
            if one.number in whose:
                raise RuleRefused(
                    "expert_in_both_pools", article="第八条", number=one.number, one=whose[one.number], other=panel.pool
                )
            whose[one.number] = panel.pool
