"""The signed-in person's own second factor, as a page and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyio import to_thread
from litestar import Request, Response, get, post
from pydantic import BaseModel, Field, ValidationError

from shuangsui.access import factors, signin
from shuangsui.access.service import existing
from shuangsui.db import now
from shuangsui.errors import ShuangsuiError
from shuangsui.pages import Here, here_of, may, visitor_of
from shuangsui.pages.forms import faults
from shuangsui.pages.guards import VISITOR, refuse_token
from shuangsui.web.console import FormInvalid, body_of
from shuangsui.web.errors import answer_json, status_of
from shuangsui.web.frame import answered, frame, problem
from shuangsui.web.rendering import qr
from shuangsui.web.signing import entrance_of, with_cookie

Asked = Request[Any, Any, Any]
AGAIN = ("factor_code_wrong", "password_wrong")
"""After these the same secret is shown again."""


class Enrolment(BaseModel):
    """The ticket carries the secret, sealed; the code proves that the telephone has it, the password who asks."""

    ticket: str = Field(title="登记凭证", max_length=2000)
    code: str = Field(title="动态验证码", max_length=32)
    password: str = Field("", title="口令", description="没有口令、只用统一认证登录的用户不填")


@get("/console/factor", guards=[may(None)])
async def factor_page(request: Asked) -> Response[Any]:
    """Since when there is one, or a new secret to be confirmed."""
    return await to_thread.run_sync(lambda: _page(request, "", None))


@post("/console/factor", guards=[may(None)], status_code=200)
async def factor(request: Asked) -> Response[Any]:
    """The recovery codes are on the answer and nowhere else."""
    form = await request.form()
    given = {name: str(form.get(name, "")) for name in ("ticket", "code", "password")}
    return await to_thread.run_sync(lambda: _submitted(request, given))


@get("/api/factor", guards=[may(None)], opt={"title": "我的第二因素"})
async def factor_twin(request: Asked) -> Response[Any]:
    """Since when there is one, or ``secret``, ``address`` and ``ticket`` of a new one."""

    refuse_token(visitor_of(request))

    def tell() -> Response[Any]:
        with here_of(request) as here:
            shown = _shown(request, here, "")
        draft = shown.pop("draft")
        more = {"secret": draft.secret, "address": draft.address, "ticket": draft.ticket} if draft else {}
        return answer_json(shown | more)

    return await to_thread.run_sync(tell)


@post("/api/factor", guards=[may(None)], opt={"title": "登记第二因素"}, status_code=200)
async def factor_act(request: Asked) -> Response[Any]:
    """``{"ticket": …, "code": …, "password": …}``; the answer is the recovery codes, this once, and a new cookie."""
    body = await request.body()

    def act() -> Response[Any]:
        try:
            form = Enrolment.model_validate(body_of(body))
        except ValidationError as error:
            raise FormInvalid(faults(error)) from None
        cookie, codes = _enrol(request, form.model_dump())
        return with_cookie(answer_json({"recovery": codes}), request, cookie)

    return await to_thread.run_sync(act)


HANDLERS = (factor_page, factor, factor_twin, factor_act)


def _submitted(request: Asked, given: dict[str, str]) -> Response[Any]:
    try:
        cookie, codes = _enrol(request, given)
    except ShuangsuiError as error:
        return _page(request, given["ticket"] if error.code in AGAIN else "", error)
    return with_cookie(_page(request, "", None, codes), request, cookie)


def _enrol(request: Asked, given: Mapping[str, str]) -> tuple[str, list[str]]:
    """What follows is shown in the new session."""
    entrance = entrance_of(request)
    made = signin.add_factor(entrance, visitor_of(request), given["password"], given["ticket"], given["code"])
    request.scope["state"][VISITOR] = signin.resume(entrance.engine, made[0])
    return made


def _shown(request: Asked, here: Here, ticket: str) -> dict[str, Any]:
    session, user = here.session, existing(here.session, here.actor.login)
    held, keyring = factors.held(session, user), here.office.keyring
    draft = None
    if held is None:
        label = entrance_of(request).terms.label
        draft = factors.again(keyring, user, ticket, now(session), "inside") if ticket else None
        draft = draft or factors.draft(keyring, user, now(session), label=label, where="inside")
    return {"since": held.since if held else None, "left": len(held.recovery) if held else 0, "draft": draft}


def _page(request: Asked, ticket: str, error: ShuangsuiError | None, codes: list[str] | None = None) -> Response[Any]:
    with here_of(request) as here:
        shown = _shown(request, here, ticket)
        context = frame(request, here, request.app.state.declared) | shown
        context["asks"] = existing(here.session, here.actor.login).password_hash is not None
    context |= {
        "title": "第二因素", "qr": qr(shown["draft"].address) if shown["draft"] else "", "codes": codes or [],
        "problem": problem(error) if error else None, "notice": None, "once": None, "twin": "/api/factor",
    }  # fmt: skip
    return answered(request, "console/factor.html", context, status_of(error) if error else 200)
