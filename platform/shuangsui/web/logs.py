"""One stream of JSON lines on stderr for the web server, the application and its libraries, each with tenant, actor,
draw and request as far as they are known."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import structlog
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from opentelemetry.trace import SpanKind, StatusCode
from structlog.contextvars import bind_contextvars, bound_contextvars, unbind_contextvars
from structlog.stdlib import ProcessorFormatter
from structlog.types import Processor

from shuangsui import traces
from shuangsui.extension.floods import Quota
from shuangsui.measures import REQUEST_SECONDS
from shuangsui.pages.guards import VISITOR
from shuangsui.tenancy.policy import RESERVED
from shuangsui.web.policy import LETTERS

log = structlog.get_logger(__name__)


def _traced(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A line of what is traced leads to its trace."""
    line.update(traces.ids())
    return line


_SHARED: list[Processor] = [
    _traced,
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
_QUIET = {"pika": "CRITICAL"}
"""Libraries that write a dozen lines about every connection; that the broker is away is said by relay and dramatiq."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TENANT = re.compile(r"/(?:callbacks/|live/)?([a-z][a-z0-9]{1,31})/")
_NUMBER = re.compile(r"[0-9]{4}-[0-9]{4,8}")
_DRAW = re.compile(rf"/(?:draws|live/[a-z0-9]+)/({_NUMBER.pattern})(?=[/.])")
DRAW = "draw"


def formatter() -> logging.Formatter:
    """One JSON object per line, for our own lines and for those of any library."""
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    return ProcessorFormatter(foreign_pre_chain=_SHARED, processors=[ProcessorFormatter.remove_processors_meta, render])


def server_config() -> dict[str, Any]:
    """The same for the web server's own processes, which take a ``logging.config`` dictionary."""
    handler = {
        "class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr", "filters": ["quota"],
    }  # fmt: skip
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": formatter}},
        "filters": {"quota": {"()": Quota}},
        "handlers": {"stderr": handler},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {"_granian": {"level": "INFO"}} | {name: {"level": level} for name, level in _QUIET.items()},
    }


def configure() -> None:
    """Send everything that this process logs to stderr through :func:`formatter`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    handler.addFilter(Quota())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


class RequestLog(ASGIMiddleware):
    """Binds ``request_id``, ``tenant``, ``actor`` and ``draw`` for every line of a request; one line when it has ended.

    Tenant and actor are the visitor's, once the guard knows them; for public pages the tenant is read from the address,
    for the log only: no decision ever rests on it. The draw is the one that address or form names.
    """

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass the request on and note status and duration."""
        started, status, answered = time.perf_counter(), 0, None

        async def noted(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status = message["status"]
                answered = time.perf_counter() - started if _lasts(message) else None
            await send(message)

        method = str(scope.get("method"))
        route = str(scope.get("path_template") or "unmatched")
        named = {"http.request.method": method, "http.route": route}
        with (
            bound_contextvars(**context(scope)),
            traces.root(f"{method} {route}", SpanKind.SERVER, **named) as span,
        ):
            await next_app(scope, receive, noted)
            span.set_attributes({"http.response.status_code": status, **_whose(scope)})
            if status >= 500:
                span.set_status(StatusCode.ERROR)
            spent = time.perf_counter() - started if answered is None else answered
            REQUEST_SECONDS.labels(method, f"{status // 100}xx").observe(spent)
            bind_contextvars(**_named(scope))
            log.info("request", method=method, path=asked(scope), status=status, ms=round(spent * 1000, 1))
        unbind_contextvars("tenant", "actor", DRAW)


def _lasts(message: Message) -> bool:
    """Whether an answer goes on for as long as somebody watches: how long that is says nothing about us."""
    headers = message["headers"] if message["type"] == "http.response.start" else ()
    return any(name == b"content-type" and value.startswith(b"text/event-stream") for name, value in headers)


def about(scope: Scope, draw: object) -> None:
    """What a form says that it is about, for the lines that follow and the request's own; not bound if it is no number
    of a draw, since anybody may type anything."""
    if isinstance(draw, str) and _NUMBER.fullmatch(draw):
        scope["state"][DRAW] = draw
        bind_contextvars(draw=draw)


def _named(scope: Scope) -> dict[str, str]:
    """What :func:`about` was told in the thread of the act, which has a context of its own."""
    return {DRAW: scope["state"][DRAW]} if DRAW in scope["state"] else {}


def _whose(scope: Scope) -> dict[str, str]:
    """Of who has signed in; an address may say anything."""
    visitor = scope["state"].get(VISITOR)
    return {"tenant": visitor.actor.tenant} if visitor else {}


def asked(scope: Scope) -> str:
    """As the client wrote it: the framework has taken the slash from the end of ``path``.

    But for an address that itself opens something, or a slip in one: whoever reads logs must not be able to open it.
    """
    template = str(scope.get("path_template") or "")
    if "{token" in template:
        return template
    path = scope["raw_path"].partition(b"?")[0].decode("ascii", "backslashreplace")
    first = next((part for part in unquote(path).split("/") if part), "")
    return path if first.casefold() != LETTERS else f"/{LETTERS}/…"


def context(scope: Scope) -> dict[str, str]:
    """What the log binds; a client's own request id is taken only if it is short and plain."""
    given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    tenant, draw = _TENANT.match(scope["path"] + "/"), _DRAW.search(scope["path"] + "/")
    bound = {"request_id": given if _REQUEST_ID.fullmatch(given) else uuid4().hex}
    bound |= {DRAW: draw[1]} if draw else {}
    return bound | ({"tenant": tenant[1]} if tenant and tenant[1] not in RESERVED else {})
