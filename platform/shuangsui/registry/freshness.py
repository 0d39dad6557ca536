"""How fresh a registry is: the day whose state it has, and what that allows (R6.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuangsui.db import TenantSession
from shuangsui.registry import history
from shuangsui.registry.tables import RegistryImport
from shuangsui.rules.policy import Rules


@dataclass(frozen=True, slots=True)
class Freshness:
    """``state``: never, fresh, warn or blocked; empty for a registry that has no term. ``age`` is in days."""

    last: RegistryImport | None
    as_of: date | None
    age: int | None
    state: str


def freshness(session: TenantSession, kind: str, rules: Rules, today: date) -> Freshness:
    """R6.4 is about the registry of objects; the others have no term."""
    last = history.last_import(session, kind)
    if last is None:
        return Freshness(None, None, None, "never")
    day = history.as_of(last)
    age = (today - day).days
    if kind != "objects":
        return Freshness(last, day, age, "")
    warn, block = rules.number("registry.feed_warn_days"), rules.number("registry.feed_block_days")
    return Freshness(last, day, age, judged(age, warn=warn, block=block))


def judged(age: int, *, warn: int, block: int) -> str:
    """fresh, warn or blocked, all in days; the last day of a term still counts."""
    if age > block:
        return "blocked"
    return "warn" if age > warn else "fresh"
