"""How often one address of the network may ask at doors that know nobody: counted in this process, for a minute."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from litestar import Request

from shuangsui.access import throttle
from shuangsui.errors import NotAllowed

SECONDS = 60
MOST = 120
"""Requests of one address: an office may stand behind it."""
PLACES = 10_000
"""Addresses that are remembered; the one first seen is forgotten first."""


class Pace:
    """Counts of one process, used by its event loop only."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self.seen: dict[str, tuple[float, int]] = {}

    def allows(self, place: str) -> bool:
        """One more request from ``place``: whether it may be answered."""
        now = self.clock()
        since, count = self.seen.pop(place, (now, 0))
        if now - since >= SECONDS:
            since, count = now, 0
        self.seen[place] = since, count + 1
        if len(self.seen) > PLACES:
            del self.seen[next(iter(self.seen))]
        return count < MOST


async def paced(request: Request[Any, Any, Any]) -> None:
    """Before anything of the request's body is read; :class:`NotAllowed` ``asked_too_often``. It guards no access."""
    pace: Pace = request.app.state.pace
    place = throttle.place(request.client.host if request.client else "")
    if place and not pace.allows(place):
        raise NotAllowed("asked_too_often", seconds=SECONDS)
