"""Errors as answers: problem details for programs, a page for browsers. The page needs no template: that may be what
broke."""

from __future__ import annotations

from html import escape
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from shuangsui.pages import PROBLEM_JSON, Problem, prefers_html, problem_of
from shuangsui.web.rendering import static_url

log = structlog.get_logger(__name__)

_PAGE = """\
<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{styles}
</head>
<body>
<main id="main"><div class="l-lane l-sections">
<h1>{title}</h1>
<p>{detail}</p>
<p><a href="/">首页</a></p>
</div></main>
</body>
</html>
"""


def refuse(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """The client's mistake, or nothing there."""
    return _answer(request, problem_of(error), error.headers)


def fail(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A mistake of ours: the traceback goes to the log, the client learns only that it happened."""
    log.error("request_failed", path=request.url.path, exc_info=error)
    return _answer(request, problem_of(error), None)


def _answer(request: Request[Any, Any, Any], problem: Problem, headers: Any) -> Response[Any]:
    if prefers_html(request.headers.get("accept", "")):
        return Response(_page(problem), status_code=problem.status, media_type="text/html", headers=headers)
    return Response(problem.as_json(), status_code=problem.status, media_type=PROBLEM_JSON, headers=headers)


def _page(problem: Problem) -> str:
    sheets = (static_url(f"css/{name}.css") for name in ("tokens", "base", "parts", "public"))
    styles = "\n".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)
    return _PAGE.format(title=escape(problem.title), detail=escape(problem.detail), styles=styles)
