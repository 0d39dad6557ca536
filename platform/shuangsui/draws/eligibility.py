"""Which inspectors may be drawn for a family of items: by post 岗位 and office, as the lead office set it (R6.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from sqlmodel import col, select

from fairdraw.canonical import canon
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.draws.tables import EligibilityRule
from shuangsui.errors import BadInput
from shuangsui.ledger.service import record
from shuangsui.registry.read import InspectorEntry


def set_rule(
    session: TenantSession,
    family: str,
    *,
    posts: Sequence[str] = (),
    offices: Sequence[str] = (),
    valid_from: date,
    actor: str,
) -> EligibilityRule:
    """A new version for a family; draws frozen before keep the version they were frozen with."""
    require(session, actor, "operate_draw")
    lock_tenant(session)
    if not posts and not offices:
        raise BadInput("eligibility_empty", family=family)
    versions = [rule.version for rule in rules_of(session, family)]
    rule = EligibilityRule(
        family=family, version=max(versions, default=0) + 1, posts=sorted(set(posts)), offices=sorted(set(offices)),
        valid_from=valid_from, set_by=actor, set_at=now(session),
    )  # fmt: skip
    session.add(rule)
    record(session, "eligibility.set", actor=actor, subject=f"eligibility/{family}", payload=stated(rule))
    return rule


def rules_of(session: TenantSession, family: str | None = None) -> Sequence[EligibilityRule]:
    """Every version, of one family or of all."""
    query = select(EligibilityRule).order_by(col(EligibilityRule.family), col(EligibilityRule.version))
    return session.exec(query.where(EligibilityRule.family == family) if family else query).all()


def in_force(session: TenantSession, family: str, on: date) -> EligibilityRule | None:
    """The newest version that has begun on a day; None: every inspector may be drawn."""
    begun = [rule for rule in rules_of(session, family) if rule.valid_from <= on] if family else []
    return begun[-1] if begun else None


def admits(rule: EligibilityRule | None, inspector: InspectorEntry) -> bool:
    """Whether the rule lets an inspector into the pool."""
    if rule is None:
        return True
    return (not rule.posts or inspector.post in rule.posts) and (not rule.offices or inspector.office in rule.offices)


def stated(rule: EligibilityRule) -> dict[str, Any]:
    """The rule as the plan publishes it, with the digest of all else."""
    said = {
        "family": rule.family, "version": rule.version, "posts": rule.posts, "offices": rule.offices,
        "valid_from": rule.valid_from.isoformat(),
    }  # fmt: skip
    return said | {"digest": sha256(canon(said)).hexdigest()}
