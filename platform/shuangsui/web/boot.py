"""The application refuses to start with a door that nobody locked (H4)."""

from __future__ import annotations

from collections.abc import Iterator

from litestar import Litestar
from litestar.handlers import BaseRouteHandler
from litestar.routes import BaseRoute, HTTPRoute


class UnguardedRoute(RuntimeError):
    """A mistake of ours: a handler with neither a guard nor ``opt={"public": True}``; never caught."""


def check_routes(app: Litestar) -> Litestar:
    """``app``, whose every handler has a guard or says that it is public; else :class:`UnguardedRoute` with all."""
    bare = sorted({f"{path} {handler}" for path, handler in handlers(app) if not _is_guarded(handler)})
    if bare:
        raise UnguardedRoute("; ".join(bare))
    return app


def handlers(app: Litestar) -> Iterator[tuple[str, BaseRouteHandler]]:
    """Every handler with its path, but for the answers to OPTIONS that the framework adds itself."""
    for route in app.routes:
        for handler in _of(route):
            if handler.name != "options_handler" and handler.handler_name != "options_handler":
                yield route.path, handler


def _of(route: BaseRoute) -> list[BaseRouteHandler]:
    return list(route.route_handlers) if isinstance(route, HTTPRoute) else [route.route_handler]  # type: ignore[attr-defined]


def _is_guarded(handler: BaseRouteHandler) -> bool:
    return bool(handler.resolve_guards() or handler.opt.get("public"))
