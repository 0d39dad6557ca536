"""企业评价: the link that is handed over, and the public page behind it (R16.1).

The page knows nobody: no cookie, no sign-in. The token names the authority, since the word belongs to its supervisor.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from anyio import to_thread
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import BaseModel
from sqlalchemy import Engine

from shuangsui import db
from shuangsui.db import TenantSession
from shuangsui.errors import BadInput, NotFound
from shuangsui.inspections import feedback
from shuangsui.inspections.common_routes import reached
from shuangsui.inspections.feedback import Asked
from shuangsui.pages import Here, act
from shuangsui.texts import sentence
from shuangsui.web.rendering import render

T = TypeVar("T")
TOKEN = re.compile(r"[a-z][a-z0-9-]{0,31}\.[\w-]{20,64}", re.ASCII)
"""What a token looks like: anything else opens no session."""
PUBLIC = {"public": True}
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
HTML = "text/html; charset=utf-8"
LARGEST = 64 << 10
RATINGS = {"5": "很满意", "4": "满意", "3": "一般", "2": "不满意", "1": "很不满意"}


def hand_over(here: Here, _form: BaseModel) -> dict[str, Any]:
    """The same link whenever it is asked for, answered or not; not for those who inspect."""
    token = feedback.make_link(here.session, here.office, reached(here).no, actor=here.actor.login)
    return {"once": f"/e/{token}/rate"}


def renew(here: Here, _form: BaseModel) -> dict[str, Any]:
    """The former link is void."""
    token = feedback.renew(here.session, here.office, reached(here).no, actor=here.actor.login)
    return {"once": f"/e/{token}/rate"}


@get("/e/{token:str}/rate", opt=PUBLIC)
async def rate_page(token: FromPath[str], engine: NamedDependency[Engine]) -> Response[str]:
    """What a valid link asks about, and the form."""

    def work() -> Response[str]:
        try:
            asked = _within(engine, token, lambda session: feedback.asked(session, token), readonly=True)
        except NotFound as error:
            return _closed(error)
        return _page(200, token=token, asked=asked)

    return await to_thread.run_sync(work)


@post("/e/{token:str}/rate", opt=PUBLIC, status_code=200, request_max_body_size=LARGEST)
async def rate(request: Request[Any, Any, Any], token: FromPath[str], engine: NamedDependency[Engine]) -> Response[str]:
    """Once, while the link is valid; unknown, used and expired are all the same."""
    form = await request.form()
    given = {name: str(form.get(name, "")) for name in ("rating", "text")}
    return await to_thread.run_sync(lambda: _answered(engine, token, given))


def _answered(engine: Engine, token: str, given: dict[str, str]) -> Response[str]:
    def answer(session: TenantSession) -> Asked:
        asked = feedback.asked(session, token)
        try:
            rating = int(given["rating"]) if given["rating"] in RATINGS else 0
            feedback.answer(session, token, rating, given["text"])
        except NotFound:
            raise
        except BadInput as error:
            wrong.append(sentence(error))
        return asked

    wrong: list[str] = []
    try:
        asked = _within(engine, token, answer)
    except NotFound as error:
        return _closed(error)
    if wrong:
        return _page(422, token=token, asked=asked, told=wrong[0], **given)
    return _page(200, told="评价已收到，只送纪检监察人员查阅。谢谢。")


def _within(engine: Engine, token: str, do: Callable[[TenantSession], T], *, readonly: bool = False) -> T:
    """In a session of the authority that the token names; ``feedback_link`` for what is none."""
    if not TOKEN.fullmatch(token):
        raise NotFound("feedback_link")
    with db.session(engine, feedback.tenant_of(token), readonly=readonly) as session:
        return do(session)


def _closed(error: NotFound) -> Response[str]:
    return _page(404, told=sentence(error))


def _page(
    status: int, *, token: str = "", asked: Asked | None = None, told: str = "", rating: str = "", text: str = ""
) -> Response[str]:
    page = render(
        "public/rate.html", token=token, asked=asked, told=told, rating=rating, text=text, ratings=RATINGS,
        good=status == 200,
    )  # fmt: skip
    return Response(page, status_code=status, media_type=HTML, headers=PRIVATE)


ACTS = [
    act("/tasks/{no:str}/feedback", verb="send_feedback", do=hand_over, title="取得企业评价链接",
        done="把这个链接连同本平台的网址交给检查对象："),
    act("/tasks/{no:str}/renew-feedback", verb="read_feedback", do=renew, title="换发企业评价链接",
        done="原链接已作废。把新的链接连同本平台的网址交给检查对象："),
]  # fmt: skip
HANDLERS = [rate_page, rate]
