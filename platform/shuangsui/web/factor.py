"""The signed-in person's own second factor, as a page and for programs."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar import Request, Response, get, post
from pydantic import BaseModel, Field, ValidationError

from shuangsui.access import factors
from shuangsui.access.service import existing
from shuangsui.db import lock_tenant, now
from shuangsui.errors import ShuangsuiError
from shuangsui.ledger.service import record
from shuangsui.pages import Here, here_of, may, visitor_of
from shuangsui.pages.forms import faults
from shuangsui.pages.guards import refuse_token
from shuangsui.web.console import FormInvalid, body_of
from shuangsui.web.errors import answer_json, status_of
from shuangsui.web.frame import HTML, PRIVATE, frame, problem
from shuangsui.web.rendering import qr, render
from shuangsui.web.signing import entrance_of

Asked = Request[Any, Any, Any]


class Enrolment(BaseModel):
    """The ticket carries the secret, sealed; the code proves that the telephone has it."""

    ticket: str = Field(title="登记凭证", max_length=2000)
    code: str = Field(title="动态验证码", max_length=32)


@get("/console/factor", guards=[may(None)])
async def factor_page(request: Asked) -> Response[Any]:
    """Since when there is one, or a new secret to be confirmed."""
    return await to_thread.run_sync(lambda: _page(request, "", None))


@post("/console/factor", guards=[may(None)], status_code=200)
async def factor(request: Asked) -> Response[Any]:
    """The recovery codes are on the answer and nowhere else."""
    form = await request.form()
    given = {name: str(form.get(name, "")) for name in ("ticket", "code")}
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
    """``{"ticket": …, "code": …}``; the answer is the recovery codes, this once."""
    body = await request.body()

    def act() -> Response[Any]:
        try:
            form = Enrolment.model_validate(body_of(body))
        except ValidationError as error:
            raise FormInvalid(faults(error)) from None
        return answer_json({"recovery": _enrol(request, form.ticket, form.code)})

    return await to_thread.run_sync(act)


HANDLERS = (factor_page, factor, factor_twin, factor_act)


def _submitted(request: Asked, given: dict[str, str]) -> Response[Any]:
    try:
        codes = _enrol(request, given["ticket"], given["code"])
    except ShuangsuiError as error:
        return _page(request, given["ticket"] if error.code == "factor_code_wrong" else "", error)
    return _page(request, "", None, codes)


def _enrol(request: Asked, ticket: str, code: str) -> list[str]:
    with here_of(request, readonly=False) as here:
        lock_tenant(here.session)
        user = existing(here.session, here.actor.login)
        codes = factors.enrol(here.session, here.office.keyring, user, ticket, code, "inside")
        record(here.session, "factor.enrol", actor=user.login, subject=user.login, payload={})
        return codes


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
    context |= {
        "title": "第二因素", "qr": qr(shown["draft"].address) if shown["draft"] else "", "codes": codes or [],
        "problem": problem(error) if error else None, "notice": None, "once": None, "twin": "/api/factor",
    }  # fmt: skip
    status = status_of(error) if error else 200
    return Response(render("console/factor.html", **context), status_code=status, media_type=HTML, headers=PRIVATE)
