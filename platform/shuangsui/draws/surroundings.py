"""What a plan says besides the protocol's members, in ``ext``: why there is a draw, whom it may take, what changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from shuangsui.access.service import require
from shuangsui.db import TenantSession
from shuangsui.draws.drafting import Staff
from shuangsui.draws.office import find
from shuangsui.draws.tables import Cause
from shuangsui.registry import history
from shuangsui.registry.history import Past
from shuangsui.rules.policy import Rules
from shuangsui.tenancy.schema import Scalar

DAYS = 30
"""So far back the registry's changes stand beside a draw (R6.5)."""
WATCHED = ("objects", "inspectors")


def ext(
    session: TenantSession, no: str, cause: Cause, staff: Staff, rules: Rules, moment: datetime, *, demo: bool
) -> dict[str, Any]:
    """The members that every plan has; a cause adds its own."""
    said: dict[str, Any] = {"draw": no, "cause": cause.value, "registry_changes": _counts(session, moment)}
    said |= {"eligibility": dict(staff.rule)} if staff.rule else {}
    said |= {"amendments": found} if (found := amendments(rules)) else {}
    said |= {"expert_pools": [panel.said() for panel in staff.panels]} if staff.panels else {}
    return said | ({"demo": True} if demo else {})


def amendments(rules: Rules) -> list[dict[str, Any]]:
    """The values in force that a plugin of the authority set; the plan's ``policy`` is the digest of all of them."""
    return [
        {"plugin": one.pack, "key": key, "value": _plain(one.value), "basis": one.basis}
        for key, one in ((key, rules[key]) for key in rules) if one.by_plugin
    ]  # fmt: skip


def _plain(value: Scalar) -> Any:
    return list(value) if isinstance(value, tuple) else value


def changes(session: TenantSession, no: str, *, actor: str) -> Iterator[Past]:
    """Every change of the days before a freeze: who, when, from, to, source; for people inside only."""
    require(session, actor, "view")
    until = find(session, no).frozen_at
    for kind in WATCHED:
        yield from history.changes_between(session, kind, until - timedelta(days=DAYS), until)


def _counts(session: TenantSession, moment: datetime) -> dict[str, Any]:
    since = moment - timedelta(days=DAYS)
    return {"days": DAYS, **{kind: history.tally(session, kind, since) for kind in WATCHED}}
