"""Who really asks, and how: the word of a proxy of ours counts, nobody else's; and the console and letters only where
nobody can listen in.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from litestar import Request
from litestar.datastructures import Headers
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from shuangsui.errors import NotAllowed
from shuangsui.pages.guards import house_of, is_private
from shuangsui.settings import Network
from shuangsui.web.errors import decline
from shuangsui.web.policy import LETTERS, SIGNED_IN


class Peer(ASGIMiddleware):
    """Corrects scheme and client of a request that a trusted proxy passed on, and refuses some pages by plain http."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass it on, or answer that https is needed; by default no proxy is believed."""
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        proxies, client = house_of(request).settings.proxies, scope.get("client")
        if client and _within(client[0], proxies):
            _believe(scope, proxies)
        if scope["path"].split("/")[1] in (*SIGNED_IN, LETTERS) and not is_private(Request(scope)):
            answer = decline(request, NotAllowed("https_needed")).to_asgi_response(None, request)
            await answer(scope, receive, send)
            return
        await next_app(scope, receive, send)


def _believe(scope: Scope, proxies: tuple[Network, ...]) -> None:
    """The nearest proxy writes last: of several values the last is its own, and clients behind it may have lied."""
    headers = Headers.from_scope(scope)
    if scheme := _last(_joined(headers, "x-forwarded-proto")):
        scope["scheme"] = "https" if scheme.lower() == "https" else "http"
    passed = [one.strip() for one in _joined(headers, "x-forwarded-for").split(",") if one.strip()]
    outside = next((one for one in reversed(passed) if not _within(one, proxies)), None)
    if outside:
        scope["client"] = (outside, 0)


def _joined(headers: Headers, name: str) -> str:
    """Of every line: some proxies add one of their own below the client's (RFC 9110 5.3)."""
    return ",".join(headers.getall(name, []))


def _last(value: str) -> str:
    return value.rpartition(",")[2].strip()


def _within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    return any(mapped in network for network in networks)
