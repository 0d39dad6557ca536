"""Headers of every response, whatever made it."""

from __future__ import annotations

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from shuangsui.web.policy import HEADERS


async def add_security_headers(message: Message, _scope: Scope) -> None:
    """Set last and by force, so that nothing below can loosen them; a middleware would miss unmatched routes."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers[name] = value
