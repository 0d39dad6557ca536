"""What a process measures while it works; the web server shows it at ``/metrics``.

Names are ``shuangsui_…`` with the unit at the end, labels have few values: never a number, a name or an address.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
"""Our own: libraries that register what they like in the default one stay out."""
DRAW_SECONDS = Histogram(
    "shuangsui_draw_seconds", "A draw from its seed to its result, written and logged", registry=REGISTRY,
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)  # fmt: skip
REQUEST_SECONDS = Histogram(
    "shuangsui_request_seconds", "Answering one request", ["method", "status"], registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)  # fmt: skip
"""``status`` is ``2xx`` and the like."""
JOBS = Counter("shuangsui_jobs_total", "Attempts at pieces of work", ["job", "outcome"], registry=REGISTRY)
"""``outcome`` is ``done``, ``failed`` for a reason that has a sentence, or ``broken``."""
