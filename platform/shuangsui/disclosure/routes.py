"""Console pages and JSON API of disclosure; each module declares those of one concern."""

from __future__ import annotations

from shuangsui.disclosure import (
    calendar_routes,
    channel_routes,
    delivery_routes,
    due_routes,
    examination_routes,
    ruling_routes,
)

CONCERNS = (due_routes, ruling_routes, examination_routes, delivery_routes, channel_routes, calendar_routes)

VIEWS = [one for concern in CONCERNS for one in getattr(concern, "VIEWS", [])]
ACTS = [one for concern in CONCERNS for one in getattr(concern, "ACTS", [])]
