"""``/metrics`` and ``/livez`` of a worker process, for an operator's machinery: it has no pages to put them beside.

Only what this process measured; the figures of the authorities are the web processes' to tell.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from shuangsui.errors import BadInput
from shuangsui.measures import REGISTRY
from shuangsui.settings import Settings

EVERYWHERE = ""
"""Every address of the machine: Prometheus and probes come from others."""
PLAIN = (("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"))


@contextmanager
def answering(settings: Settings, alive: Callable[[], bool]) -> Iterator[None]:
    """At ``SHUANGSUI_METRICS_PORT`` until the block ends; nowhere without one.

    :class:`BadInput` ``metrics_port_taken``.
    """
    port = settings.metrics_port
    if port is None:
        yield
        return
    try:
        server = make_server(EVERYWHERE, port, application(settings, alive), ThreadingWSGIServer, Silent)
    except OSError as error:
        raise BadInput("metrics_port_taken", port=port) from error
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def application(settings: Settings, alive: Callable[[], bool]) -> WSGIApplication:
    """``/livez``: 503 once the process no longer works; ``/metrics``: for the token, not there without one."""
    measured = make_wsgi_app(REGISTRY)

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/livez":
            works = alive()
            return _said(start, "200 OK" if works else "503 Service Unavailable", "ok" if works else "stuck")
        if path != "/metrics" or settings.metrics_token is None:
            return _said(start, "404 Not Found", "not found")
        if not settings.admits(environ.get("HTTP_AUTHORIZATION", "")):
            return _said(start, "403 Forbidden", "metrics_token_wrong")
        found: Iterable[bytes] = measured(environ, start)
        return found

    return answer


class Silent(WSGIRequestHandler):
    """Probes come every few seconds: no line for each."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing."""


def _said(start: StartResponse, status: str, word: str) -> Iterable[bytes]:
    start(status, [*PLAIN])  # the server adds the length to the list it is given
    return [f"{word}\n".encode()]
