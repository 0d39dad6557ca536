"""企业评价: the public page of the object's link on which it rates the conduct of the team (R16.1).

The page knows nobody: no cookie, no sign-in. The token names the authority, since the word belongs to its supervisor.
"""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar import Request, Response, get, post
from litestar.params import FromPath

from shuangsui.db import TenantSession
from shuangsui.errors import BadInput, NotFound
from shuangsui.inspections import feedback
from shuangsui.inspections.feedback import Asked
from shuangsui.inspections.link_routes import LARGEST, PUBLIC, answered, session_of, told_of
from shuangsui.pages.guards import House, house_of
from shuangsui.web.languages import language_of
from shuangsui.web.pace import paced

RATINGS = {"5": "很满意", "4": "满意", "3": "一般", "2": "不满意", "1": "很不满意"}


@get("/e/{token:str}/rate", opt=PUBLIC, before_request=paced)
async def rate_page(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[str]:
    """What a valid link asks about, and the form."""
    house, language = house_of(request), language_of(request)

    def work() -> Response[str]:
        try:
            with session_of(house, token, "feedback_link", readonly=True) as session:
                asked = feedback.asked(session, token)
        except NotFound as error:
            return _closed(error, language)
        return _page(200, language, token=token, asked=asked)

    return await to_thread.run_sync(work)


@post("/e/{token:str}/rate", opt=PUBLIC, before_request=paced, status_code=200, request_max_body_size=LARGEST)
async def rate(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[str]:
    """Once, while the link is valid; unknown, used and expired are all the same."""
    form, house = await request.form(), house_of(request)
    given = {name: str(form.get(name, "")) for name in ("rating", "text")}
    language = language_of(request)
    return await to_thread.run_sync(lambda: _answered(house, token, given, language))


def _answered(house: House, token: str, given: dict[str, str], language: str) -> Response[str]:
    wrong: list[BadInput] = []
    try:
        with session_of(house, token, "feedback_link") as session:
            asked = _taken(session, token, given, wrong)
    except NotFound as error:
        return _closed(error, language)
    if wrong:
        told, rating, text = told_of(wrong[0], language), given["rating"], given["text"]
        return _page(422, language, token=token, asked=asked, told=told, rating=rating, text=text)
    return _page(200, language, token=token, thanks=True)


def _taken(session: TenantSession, token: str, given: dict[str, str], wrong: list[BadInput]) -> Asked:
    asked = feedback.asked(session, token)
    try:
        rating = int(given["rating"]) if given["rating"] in RATINGS else 0
        feedback.answer(session, token, rating, given["text"])
    except NotFound:
        raise
    except BadInput as error:
        wrong.append(error)
    return asked


def _closed(error: NotFound, language: str) -> Response[str]:
    return _page(404, language, told=told_of(error, language))


def _page(
    status: int, language: str, *, token: str = "", asked: Asked | None = None, told: str = "", rating: str = "",
    text: str = "", thanks: bool = False,
) -> Response[str]:  # fmt: skip
    return answered(
        "public/rate.html", status, language, token=token, asked=asked, told=told, rating=rating, text=text,
        ratings=RATINGS, thanks=thanks,
    )  # fmt: skip


HANDLERS = [rate_page, rate]
