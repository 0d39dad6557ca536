"""What the first page of an authority says of its own existence: that it is suspended, and who follows whom."""

from __future__ import annotations

from typing import Any

from shuangsui.db import TenantSession
from shuangsui.ledger import tenure
from shuangsui.tenancy.tenure import Turn
from shuangsui.tenancy.tree import Tree

ALWAYS = (Turn.CLOSE, Turn.SUCCEED)


def notices(session: TenantSession, tree: Tree) -> list[dict[str, Any]]:
    """Every merger and division, and the suspension that was not followed by a resumption, in order."""
    found = list(tenure.changes(session))
    passing = [one for one in found if one.turn not in ALWAYS][-1:]
    shown = [one for one in found if one.turn in ALWAYS or (one in passing and one.turn is Turn.SUSPEND)]
    names = {tenant.slug: tenant.name for tenant in tree}
    return [
        {
            "turn": one.turn.value, "since": one.since, "document": one.document,
            "others": [{"slug": o["tenant"], "name": names.get(o["tenant"], o["tenant"])} for o in one.others],
        }
        for one in shown
    ]  # fmt: skip
