"""Signing in by the authority's own server: to it and back again, by two addresses that anybody may open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from anyio import to_thread
from litestar import Request, Response, get
from litestar.response import Redirect

from shuangsui import db
from shuangsui.access import joining, oidc
from shuangsui.access.signin import Entrance
from shuangsui.db import now
from shuangsui.errors import BadInput, Misconfigured, NotAllowed, NotFound, ShuangsuiError
from shuangsui.pages.guards import check_origin, cookie_of, house_of
from shuangsui.tenancy.schema import Oidc
from shuangsui.web.signing import address_of, local, login_again, with_cookie

Visit = Request[Any, Any, Any]
Step = Callable[[Visit, Entrance, Oidc], Response[Any]]


@get("/console/oidc/{tenant:str}", opt={"public": True})
async def leave(request: Visit) -> Response[Any]:
    """To the authority's sign-in server; what was asked stays sealed in this browser."""
    return await to_thread.run_sync(lambda: _told(request, _leave))


@get("/console/oidc/{tenant:str}/callback", opt={"public": True})
async def come_back(request: Visit) -> Response[Any]:
    """With a code for what this browser asked; a session for whom the server names."""
    return await to_thread.run_sync(lambda: _told(request, _come_back))


HANDLERS = (leave, come_back)


def _told(request: Visit, step: Step) -> Response[Any]:
    """What goes wrong is said on the page for signing in."""
    tenant = str(request.path_params["tenant"])
    try:
        entrance, settings = _of(request, tenant)
        return step(request, entrance, settings)
    except Misconfigured:
        raise
    except ShuangsuiError as error:
        return login_again(request, tenant, error)


def _leave(request: Visit, entrance: Entrance, settings: Oidc) -> Response[Any]:
    """Only from a page of ours or an address that was typed: the other server may let somebody in without a word."""
    check_origin(request)
    with db.session(entrance.engine, entrance.tenant, readonly=True) as session:
        moment = now(session)
    wanted = local(str(request.query_params.get("next", "")))
    address, asked = oidc.ask(settings, _redirect(request, entrance.tenant), moment, wanted)
    answer = Redirect(address, status_code=303)
    _keep(answer, request, oidc.sealed(entrance.keyring, asked, entrance.tenant), int(oidc.PATIENCE.total_seconds()))
    return answer


def _come_back(request: Visit, entrance: Entrance, settings: Oidc) -> Response[Any]:
    state, code = (str(request.query_params.get(name, "")) for name in ("state", "code"))
    with db.session(entrance.engine, entrance.tenant, readonly=True) as session:
        moment = now(session)
    asked = oidc.opened(entrance.keyring, request.cookies.get(_name(request), ""), entrance.tenant, state, moment)
    if not code:
        raise BadInput("oidc_over")
    if request.query_params.get("iss", settings.issuer) != settings.issuer:  # RFC 9207: another server's code
        raise NotAllowed("oidc_refused", reason="iss")
    claims = oidc.claims(settings, _redirect(request, entrance.tenant), asked, code)
    cookie = joining.enter(entrance, settings, claims)
    answer = with_cookie(Redirect(local(asked.next), status_code=303), request, cookie)
    _keep(answer, request, "", 0)
    return answer


def _of(request: Visit, tenant: str) -> tuple[Entrance, Oidc]:
    house = house_of(request)
    settings = house.tree(house.today()).get(tenant).oidc
    if settings is None:
        raise NotFound("oidc_off")
    return house.entrance(tenant, address_of(request)), settings


def _redirect(request: Visit, tenant: str) -> str:
    """Under the address by which the browser came; the other server takes only what was registered there."""
    return f"{request.url.scheme}://{request.headers.get('host', '')}/console/oidc/{tenant}/callback"


def _name(request: Visit) -> str:
    return f"{cookie_of(request)}-asked"


def _keep(answer: Response[Any], request: Visit, value: str, seconds: int) -> None:
    secure = request.url.scheme == "https"
    answer.set_cookie(_name(request), value, path="/", max_age=seconds, httponly=True, samesite="lax", secure=secure)
