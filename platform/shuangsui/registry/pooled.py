"""What was pulled from an expert pool, as a freeze reads it: whose state of which day, and who is in it (R6.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlmodel import col, select

from fairdraw.canonical import canon
from shuangsui.db import TenantSession
from shuangsui.experts import PoolExpert
from shuangsui.registry import history, read
from shuangsui.registry.freshness import judged
from shuangsui.registry.read import ExpertEntry
from shuangsui.registry.shelves import POOL
from shuangsui.registry.tables import ExpertStatus, RegistryImport
from shuangsui.rules.policy import Rules
from shuangsui.said import say

OWN = "本机关专家名录"


@dataclass(frozen=True, slots=True)
class Pooled:
    """The last whole answer of a pool. ``day`` is the pool's own; ``as_of`` is not later than its arrival."""

    taken: RegistryImport
    day: date
    as_of: date
    people: tuple[PoolExpert, ...]


def pooled(session: TenantSession, pool: str) -> Pooled | None:
    """Of ``plugin/name``; None if it was never pulled."""
    last = last_taken(session, pool)
    if last is None:
        return None
    return Pooled(last, last.day or history.as_of(last), history.as_of(last), people_of(session, pool))


def last_taken(session: TenantSession, pool: str) -> RegistryImport | None:
    """The newest answer that came in."""
    query = select(RegistryImport).where(RegistryImport.kind == POOL, RegistryImport.feed == pool)
    return session.exec(query.order_by(col(RegistryImport.at).desc(), col(RegistryImport.id).desc())).first()


def pulled_plugins(session: TenantSession) -> set[str]:
    """Plugins from whose pools something has been taken in."""
    keys = session.exec(select(RegistryImport.feed).where(RegistryImport.kind == POOL).distinct())
    return {str(key).partition("/")[0] for key in keys}


def people_of(session: TenantSession, pool: str) -> tuple[PoolExpert, ...]:
    """Who is in a pool now, the own registry being the pool without a name; whoever has left it is not."""
    there = (one for one in read.experts(session) if one.pool == pool and one.status == ExpertStatus.ACTIVE)
    return tuple(_person(one) for one in there)


def state_of(last: date | None, rules: Rules, today: date) -> str:
    """never, fresh, warn or blocked, by the rules ``registry.pool_…_days``."""
    if last is None:
        return "never"
    warn, block = rules.number("registry.pool_warn_days"), rules.number("registry.pool_block_days")
    return judged((today - last).days, warn=warn, block=block)


def name_of(pool: str) -> str:
    """A pool in a sentence."""
    return say("专家库 {pool}", pool=pool) if pool else OWN


def listed(people: Iterable[PoolExpert]) -> list[dict[str, object]]:
    """What is digested of people: neither name nor employer, in the order of their numbers' bytes."""
    return [
        {
            "fields": sorted(set(one.fields)), "number": one.number,
            "valid_to": one.valid_to.isoformat() if one.valid_to else None,
        }
        for one in sorted(people, key=lambda one: one.number.encode())
    ]  # fmt: skip


def digest_of(people: Sequence[PoolExpert]) -> str:
    """SHA-256, hex, of the canonical JSON (srd-1 section 3) of :func:`listed`."""
    return sha256(canon(listed(people))).hexdigest()


def _person(one: ExpertEntry) -> PoolExpert:
    return PoolExpert(one.expert_no, one.name, one.employer or "", tuple(one.quals), one.valid_to)
