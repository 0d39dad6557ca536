"""The pages around a session: sign in, with the second factor where it is due; set an own password; sign out."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.response import Redirect

from shuangsui import db
from shuangsui.access import factors, profiles, signin
from shuangsui.access.factors import Draft
from shuangsui.access.signin import Entrance, FactorDue
from shuangsui.errors import BadInput, NotAllowed, ShuangsuiError
from shuangsui.pages import here_of, signed_in, visitor_of
from shuangsui.pages.guards import check_origin, cookie_of, house_of
from shuangsui.web.areas import Declared
from shuangsui.web.errors import status_of
from shuangsui.web.frame import answered, frame, problem
from shuangsui.web.rendering import qr

Asked = Request[Any, Any, Any]
HOME = "/console/"
PHONE = "/m/"
LARGEST = 64 << 10
"""Bytes of a form of somebody who may be nobody: files are for those who have signed in."""


@get("/console/login", opt={"public": True})
async def login_page(request: Asked) -> Response[Any]:
    """Where to sign in; the authority is chosen here and nowhere else."""
    return await to_thread.run_sync(lambda: _login(request, {}, None))


@post("/console/login", opt={"public": True}, status_code=303, request_max_body_size=LARGEST)
async def login(request: Asked) -> Response[Any]:
    """A session for the right password; one answer for everything that is wrong."""
    check_origin(request)
    form = await request.form()
    given = {name: str(form.get(name, "")) for name in ("tenant", "login", "password", "code", "next")}
    given["login"] = given["login"].strip()
    return await to_thread.run_sync(lambda: _enter(request, given))


@post("/console/enrol", opt={"public": True}, status_code=200, request_max_body_size=LARGEST)
async def enrol(request: Asked) -> Response[Any]:
    """The first code of a second factor opens the session that the password alone did not."""
    check_origin(request)
    form = await request.form()
    given = {name: str(form.get(name, "")) for name in ("tenant", "login", "ticket", "code", "next")}
    return await to_thread.run_sync(lambda: _enrolled(request, given))


@get("/console/password", guards=[signed_in])
async def password_page(request: Asked) -> Response[Any]:
    """Where to set an own password."""
    return await to_thread.run_sync(lambda: _password(request, None))


@post("/console/password", guards=[signed_in], status_code=303)
async def password(request: Asked) -> Response[Any]:
    """Every other session of the user ends with the old password."""
    form = await request.form()
    given = {name: str(form.get(name, "")) for name in ("old", "new", "again")}
    return await to_thread.run_sync(lambda: _change(request, given))


@get("/console/leaving", guards=[signed_in])
async def leaving_page(request: Asked) -> Response[Any]:
    """What the browser has not sent yet, to be sent or given up before signing out; the list is the browser's own."""
    return await to_thread.run_sync(lambda: _own(request, "console/leaving.html", title="退出之前"))


@post("/console/logout", guards=[signed_in], status_code=303)
async def logout(request: Asked) -> Response[Any]:
    """The session's row ends; the cookie is only tidied away.

    What a phone has not sent yet is its own to clear (see ``phone/leave.js``): no answer of ours wipes it unseen.
    """

    def end() -> None:
        with here_of(request, readonly=False) as here:
            signin.sign_out(here.session, visitor_of(request))

    await to_thread.run_sync(end)
    answer = Redirect("/console/login", status_code=303, headers={"Clear-Site-Data": '"cache"'})
    secure = request.url.scheme == "https"
    answer.set_cookie(cookie_of(request), "", path="/", max_age=0, httponly=True, samesite="lax", secure=secure)
    return answer


HANDLERS = (login_page, login, enrol, password_page, password, leaving_page, logout)


def local(address: str) -> str:
    """A path of the console or of the phone's pages, or the first page: nobody is led elsewhere."""
    plain = address.isprintable() and "\\" not in address and "//" not in address
    return address if plain and address.startswith((HOME, PHONE)) else HOME


def _enter(request: Asked, given: dict[str, str]) -> Response[Any]:
    try:
        entrance = _chosen(request, given)
        cookie = signin.sign_in(entrance, given["login"], given["password"], given["code"])
    except FactorDue as due:
        return _enrol(request, given, due.draft, None)
    except ShuangsuiError as error:
        if status_of(error) >= 500:
            raise
        return _login(request, given, error)
    return with_cookie(Redirect(local(given["next"]), status_code=303), request, cookie)


def _enrolled(request: Asked, given: dict[str, str]) -> Response[Any]:
    """The recovery codes are on the answer and nowhere else; a wrong code shows the same secret again."""
    try:
        entrance = _chosen(request, given)
        with db.session(entrance.engine, entrance.tenant, readonly=True) as session:
            draft = factors.reopened(session, entrance.keyring, given["login"], given["ticket"])
    except BadInput as error:
        return _login(request, {**given, "password": ""}, error)
    try:
        cookie, codes = signin.enrol(entrance, given["login"], given["ticket"], given["code"])
    except ShuangsuiError as error:
        return _enrol(request, given, draft, error)
    context = {"codes": codes, "next": local(given["next"])}
    answer = answered(request, "console/recovery.html", context)
    return with_cookie(answer, request, cookie)


def _enrol(request: Asked, given: dict[str, str], draft: Draft, error: ShuangsuiError | None) -> Response[Any]:
    context = {
        "given": {name: given[name] for name in ("tenant", "login", "next")},
        "draft": draft,
        "qr": qr(draft.address),
        "problem": problem(error) if error else None,
    }
    return answered(request, "console/enrol.html", context, status_of(error) if error else 200)


def _chosen(request: Asked, given: dict[str, str]) -> Entrance:
    """Of the authority that was chosen in the form."""
    if given["tenant"] not in _tenants(request):
        raise BadInput("tenant_unchosen")
    return house_of(request).entrance(given["tenant"], address_of(request))


def address_of(request: Asked) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def login_again(request: Asked, tenant: str, error: ShuangsuiError) -> Response[Any]:
    """The page for signing in, with what went wrong elsewhere."""
    return _login(request, {"tenant": tenant, "login": "", "next": ""}, error)


def _change(request: Asked, given: dict[str, str]) -> Response[Any]:
    try:
        if given["new"] != given["again"]:
            raise BadInput("password_unequal")
        cookie = signin.change_password(entrance_of(request), visitor_of(request), given["old"], given["new"])
    except (BadInput, NotAllowed) as error:
        return _password(request, error)
    return with_cookie(Redirect(HOME, status_code=303), request, cookie)


def with_cookie(answer: Response[Any], request: Asked, value: str) -> Response[Any]:
    """Instead of the session that the browser came with, if there is one left.

    Without ``Secure`` only where there is nothing to listen in on: plain http on this very machine.
    """
    secure, name = request.url.scheme == "https", cookie_of(request)
    signin.supersede(house_of(request).engine, request.cookies.get(name, ""))
    answer.set_cookie(Cookie(name, path="/", value=value, httponly=True, samesite="lax", secure=secure))
    return answer


def entrance_of(request: Asked) -> Entrance:
    """Of the authority that the visitor works in."""
    return house_of(request).entrance(visitor_of(request).actor.tenant, address_of(request))


def _tenants(request: Asked) -> dict[str, str]:
    house = house_of(request)
    tree = house.tree(house.today())
    return {tenant.slug: tenant.name for tenant in tree}


def _elsewhere(request: Asked) -> dict[str, str]:
    """Authorities with a sign-in server of their own."""
    house = house_of(request)
    return {tenant.slug: tenant.short for tenant in house.tree(house.today()) if tenant.oidc}


def _login(request: Asked, given: dict[str, str], error: ShuangsuiError | None) -> Response[Any]:
    chosen = given or {"tenant": request.query_params.get("tenant", ""), "login": "", "next": ""}
    context = {
        "tenants": _tenants(request),
        "chosen": chosen["tenant"],
        "login": chosen["login"],
        "next": local(str(given.get("next") or request.query_params.get("next", ""))),
        "problem": problem(error) if error else None,
        "elsewhere": _elsewhere(request),
    }
    return answered(request, "console/login.html", context, status_of(error) if error else 200)


def _password(request: Asked, error: ShuangsuiError | None) -> Response[Any]:
    status = status_of(error) if error else 200
    return _own(
        request, "console/password.html", status, title="设置口令", due=visitor_of(request).must_change,
        rule=profiles.rule(entrance_of(request).terms.passwords), problem=problem(error) if error else None,
    )  # fmt: skip


def _own(request: Asked, template: str, status: int = 200, **context: Any) -> Response[Any]:
    """A page about the visitor's own session, in the console's frame."""
    declared: Declared = request.app.state.declared
    with here_of(request) as here:
        around = frame(request, here, declared)
    shown = {**around, "problem": None, "notice": None, "twin": "", "once": None, **context}
    return answered(request, template, shown, status)
