"""Errors as answers: problem details for programs, a page for browsers. The page needs no template: that may be what
broke."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.response import Redirect
from markupsafe import escape

from shuangsui.errors import (
    BadInput,
    Misconfigured,
    NotAllowed,
    NotFound,
    OutsideFailed,
    RowErrors,
    RuleRefused,
    ShuangsuiError,
)
from shuangsui.pages import PROBLEM_JSON, Problem, prefers_html, problem_of
from shuangsui.pages.guards import VISITOR, PasswordDue
from shuangsui.said import say
from shuangsui.texts import sentence
from shuangsui.web.languages import language_of, tag, word
from shuangsui.web.logs import asked
from shuangsui.web.rendering import static_url
from shuangsui.web.telling import told

log = structlog.get_logger(__name__)

_PAGE = """\
<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{styles}
</head>
<body>
{main}
</body>
</html>
"""
_PUBLIC = """\
<main id="main"><div class="l-lane l-sections">
<h1>{title}</h1>
<p>{detail}</p>
<p><a href="/">{first}</a></p>
</div></main>"""
_CONSOLE = """\
<main class="entry" id="main">
<p class="brand"><img src="{mark}" alt="" width="40" height="40">{brand}</p>
<h1>{title}</h1>
<p>{detail}</p>
<p><a href="{home}">{first}</a></p>
</main>"""
"""The frame of the page for signing in: whoever is told here may be nobody yet."""


BRAND = "双随机、一公开监管平台"
FIRST = "首页"
STATUS = (
    (NotAllowed, 403, "没有权限"),
    (RuleRefused, 409, "依规定不能办理"),
    (NotFound, 404, "没有找到"),
    (Misconfigured, 500, "系统配置有误"),
    (BadInput, 422, "填写有误"),
    (OutsideFailed, 503, "暂时不能办理"),
)
"""The first that fits: a kind stands before the kind it is derived from."""
TITLES = {"https_needed": "须用加密连接", "asked_too_often": "请稍后再试"}
KNOCKS = {"sign_in_failed": 401, "sign_in_paused": 429, "asked_too_often": 429}
"""What strangers at a door are told."""


def status_of(error: ShuangsuiError) -> int:
    """The HTTP status of an error of ours."""
    return KNOCKS.get(error.code) or next((status for kind, status, _ in STATUS if isinstance(error, kind)), 500)


def answer_json(value: Any, status: int = 200) -> Response[bytes]:
    """JSON of plain values, dates and times included; nothing of it is kept by a cache."""
    data = json.dumps(value, ensure_ascii=False, default=str).encode()
    return Response(data, status_code=status, media_type="application/json", headers={"Cache-Control": "no-store"})


def note_refusal(request: Request[Any, Any, Any], error: ShuangsuiError) -> None:
    """Who was refused what, for whoever watches the log; a stranger's failures are counted where people sign in."""
    visitor = request.scope["state"].get(VISITOR)
    if visitor and isinstance(error, NotAllowed):
        log.warning("refused", code=error.code, actor=visitor.actor.login, path=asked(request.scope))


def decline(request: Request[Any, Any, Any], error: ShuangsuiError) -> Response[Any]:
    """An error of ours: its sentence, but for a configuration's, which would tell paths of this machine."""
    note_refusal(request, error)
    title = TITLES.get(error.code) or next((title for kind, _, title in STATUS if isinstance(error, kind)), "系统出错")
    if isinstance(error, Misconfigured):
        log.error("misconfigured", path=asked(request.scope), exc_info=error)
        text = "系统的配置文件有误，本次请求没有办成：请联系管理员。"
    else:
        text = sentence(error)
    problem = Problem(status_of(error), error.code, title, text)
    more: dict[str, Any] = {"article": error.article} if error.article else {}
    more |= {"fields": fields} if (fields := getattr(error, "fields", None)) else {}
    more |= {"errors": [row.as_dict() for row in error.errors]} if isinstance(error, RowErrors) else {}
    return _answer(request, problem, None, more)


def admit(request: Request[Any, Any, Any], error: NotAuthorizedException) -> Response[Any]:
    """Nobody, or somebody whose password is still the one-time one: a browser is led to the page that helps."""
    due = isinstance(error, PasswordDue)
    if prefers_html(request.headers.get("accept", "")):
        wanted = request.scope["raw_path"].decode("ascii", "replace") if request.method == "GET" else ""
        return Redirect(
            "/console/password" if due else f"/console/login?{urlencode({'next': wanted})}", status_code=303
        )
    problem = PASSWORD_DUE if due else SIGN_IN_NEEDED
    return _answer(request, problem, None)


SIGN_IN_NEEDED = Problem(401, "sign_in_needed", "没有登录", "这里要登录后才能使用：请先在 /console/login 登录。")
PASSWORD_DUE = Problem(
    401,
    "password_due",
    "须先设置口令",
    "一次性口令和已到更换期限的口令不能办理其他事项：请先在 /console/password 设置自己的口令。",
)


def refuse(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """The client's mistake, or nothing there."""
    return _answer(request, problem_of(error), error.headers)


def fail(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A mistake of ours: the traceback goes to the log, the client learns only that it happened."""
    log.error("request_failed", path=asked(request.scope), exc_info=error)
    return _answer(request, problem_of(error), None)


def _answer(
    request: Request[Any, Any, Any], problem: Problem, headers: Any, more: dict[str, Any] | None = None
) -> Response[Any]:
    language = language_of(request)
    if prefers_html(request.headers.get("accept", "")):
        return Response(
            _page(problem, (more or {}).get("article", ""), request.url.path, language),
            status_code=problem.status,
            media_type="text/html",
            headers=headers,
        )
    title, detail = (word(language, text) for text in (problem.title, problem.detail))
    body = replace(problem, title=title, detail=detail).as_json() | (more or {})
    return Response(body, status_code=problem.status, media_type=PROBLEM_JSON, headers=headers)


def _page(problem: Problem, article: str, path: str, language: str) -> str:
    head = path.split("/")[1]
    console = head in ("console", "m")
    sheets = (static_url(f"css/{name}.css") for name in ("tokens", "base", "parts", "console" if console else "public"))
    styles = "\n".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)
    detail = say("{detail}（依据：{article}）", detail=problem.detail, article=article) if article else problem.detail
    said = {"title": problem.title, "detail": detail, "brand": BRAND, "first": FIRST}
    main = (_CONSOLE if console else _PUBLIC).format(
        **{name: escape(told(language, text)) for name, text in said.items()},
        mark=static_url("img/mark.svg"), home=f"/{head}/",
    )  # fmt: skip
    return _PAGE.format(language=tag(language), title=escape(word(language, problem.title)), styles=styles, main=main)
