"""Expert pool 专家库: the tenant's own registry of experts, by term, employer and kindred fields."""

from __future__ import annotations

from shuangsui import Context, ExpertPool, hookimpl
from shuangsui_experts_roster.options import Options
from shuangsui_experts_roster.roster import Roster

__all__ = ["Options", "api", "register_expert_pools"]

api = 1


@hookimpl
def register_expert_pools(context: Context[Options]) -> list[ExpertPool]:
    """The one roster."""
    return [Roster(context.options)]
