"""Headers of every response, whatever made it."""

from __future__ import annotations

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from shuangsui.web.policy import headers_of


async def add_security_headers(message: Message, scope: Scope) -> None:
    """Set last and by force, so that nothing below can loosen them; a middleware would miss unmatched routes."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in headers_of(str(scope.get("scheme")), str(scope.get("path", ""))).items():
            headers[name] = value
