"""``/metrics`` and ``/healthz`` for an operator's machinery that knows the token; without a token in the settings there
is no such address.

The figures of the authorities are read from the database when they are asked for, and kept for a few seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from threading import Lock
from typing import Any

from anyio import to_thread
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from shuangsui import db
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import NotAllowed
from shuangsui.measures import REGISTRY
from shuangsui.pages.guards import House, house_of
from shuangsui.rules import calendars
from shuangsui.web import health
from shuangsui.web.figures import Figures, figures

FRESH = 10.0
"""Seconds for which the figures of the authorities are not counted again."""
FRESHLY = {"Cache-Control": "no-store"}
Asked = Request[Any, Any, Any]
Rows = Iterable[tuple[tuple[str, ...], float]]
GAUGES: tuple[tuple[str, str, tuple[str, ...], Callable[[Figures], Rows]], ...] = (
    ("deadline_days_left", "Working days until the first open term of publication ends", (),
     lambda one: [] if one.days_left is None else [((), one.days_left)]),
    ("open_terms", "Results, rounds and decisions that are not public yet", (), lambda one: [((), one.open_terms)]),
    ("deliveries", "Deliveries to channels and exporters", ("state",), lambda one: _each(one.deliveries)),
    ("outbox_lag_seconds", "By how much the oldest piece of work is overdue", (), lambda one: [((), one.lag)]),
    ("outbox_dead", "Pieces of work that were given up", (), lambda one: [((), one.dead)]),
    ("alerts", "Open alerts", ("level",), lambda one: _each(one.alerts)),
    ("plugin_ok", "Whether the plugin's last look at itself found all well", ("plugin",),
     lambda one: _each(one.plugins)),
    ("ledger_readonly", "Whether the database is older than what was published", (),
     lambda one: [((), float(one.readonly))]),
    ("calendar_state", "Next year's notice of days off: 0 known or not expected yet, 1 missed, 2 missed for long", (),
     lambda one: [((), float(calendars.STATES.index(one.calendar)))]),
)  # fmt: skip
"""Name, meaning, labels beside ``tenant``, and the values of one authority."""


class Watch:
    """The figures of every authority of an installation, not older than :data:`FRESH`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._until = clock, float("-inf")
        self._known: Mapping[str, Figures] = {}
        self._lock = Lock()

    def figures(self, house: House) -> Mapping[str, Figures]:
        """By authority."""
        with self._lock:
            if self._clock() >= self._until:
                self._known, self._until = _counted(house), self._clock() + FRESH
            return self._known

    def families(self, house: House) -> Iterator[Metric]:
        """As Prometheus has them."""
        known = self.figures(house)
        for name, meaning, labels, rows in GAUGES:
            family = GaugeMetricFamily(f"shuangsui_{name}", meaning, labels=["tenant", *labels])
            for tenant, one in known.items():
                for values, value in rows(one):
                    family.add_metric([tenant, *values], value)
            yield family


@get("/metrics", opt={"public": True})
async def metrics(request: Asked) -> Response[bytes]:
    """The text format of Prometheus."""
    house = recognised(request)
    text = await to_thread.run_sync(lambda: exposition(house, request.app.state.watch))
    return Response(text, media_type=CONTENT_TYPE_LATEST, headers=FRESHLY)


@get("/healthz", opt={"public": True})
async def healthz(request: Asked) -> Response[dict[str, Any]]:
    """Every part and every authority in detail; 503 if a part is missing."""
    house, watch = recognised(request), request.app.state.watch
    said = await to_thread.run_sync(lambda: detail(house, watch))
    return Response(said, status_code=200 if said["ok"] else 503, headers=FRESHLY)


def recognised(request: Asked) -> House:
    """The house; not found without a token in the settings, refused without the same one in the request."""
    house = house_of(request)
    if not house.settings.metrics_token:
        raise NotFoundException
    if not house.settings.admits(request.headers.get("authorization", "")):
        raise NotAllowed("metrics_token_wrong")
    return house


def detail(house: House, watch: Watch) -> dict[str, Any]:
    """What :func:`healthz` answers."""
    parts = health.parts(house.settings, house.engine)
    known = watch.figures(house) if parts["database"] else {}
    return {"ok": all(parts.values()), "parts": parts, "tenants": {slug: asdict(one) for slug, one in known.items()}}


def exposition(house: House, watch: Watch) -> bytes:
    """The text format: what this process measured, then the authorities."""
    return generate_latest(REGISTRY) + generate_latest(_Collected(watch.families(house)))


class _Collected:
    """What :func:`generate_latest` needs of a registry."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _counted(house: House) -> dict[str, Figures]:
    found = {}
    today = house.today()
    for tenant in house.tree(today):
        with db.session(house.engine, tenant.slug, readonly=True) as session:
            found[tenant.slug] = figures(session, calendars.in_force(session, tenant), legal_day(db.now(session)))
    return found


def _each(counts: Mapping[str, float]) -> Rows:
    return [((name,), float(value)) for name, value in sorted(counts.items())]
