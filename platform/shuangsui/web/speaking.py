"""In which language the console and the phone's pages speak: a choice that stays with the browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, post
from litestar.datastructures import Cookie
from litestar.response import Redirect

from shuangsui.errors import BadInput
from shuangsui.pages.guards import check_origin
from shuangsui.web.languages import COOKIE, LANGUAGES
from shuangsui.web.signing import LARGEST, local

YEAR = 365 * 24 * 3600


@post("/console/language", opt={"public": True}, status_code=303, request_max_body_size=LARGEST)
async def language(request: Request[Any, Any, Any]) -> Response[Any]:
    """Back to the page that asked; whoever signs in needs it as much as whoever has."""
    check_origin(request)
    chosen = str((await request.form()).get("language", ""))
    if chosen not in LANGUAGES:
        raise BadInput("language_unknown", language=chosen)
    answer = Redirect(_back(request), status_code=303)
    secure = request.url.scheme == "https"
    answer.set_cookie(
        Cookie(COOKIE, path="/", value=chosen, max_age=YEAR, samesite="lax", secure=secure, httponly=True)
    )
    return answer


HANDLERS = (language,)


def _back(request: Request[Any, Any, Any]) -> str:
    """Where the browser says that it comes from, if that is a page of ours."""
    came = urlsplit(request.headers.get("referer", ""))
    return local(f"{came.path}?{came.query}" if came.query else came.path)
