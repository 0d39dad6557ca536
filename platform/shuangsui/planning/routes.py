"""Everything that planning shows and does on pages, gathered."""

from __future__ import annotations

from shuangsui.planning import exemption_routes, object_routes, plan_routes, proposal_routes

VIEWS = [*plan_routes.VIEWS, *proposal_routes.VIEWS, *exemption_routes.VIEWS, *object_routes.VIEWS]
ACTS = [*plan_routes.ACTS, *proposal_routes.ACTS, *exemption_routes.ACTS]
HANDLERS = exemption_routes.HANDLERS
