"""Who may pass: the guard of every console and API route, the check of unsafe requests, and the unit of work behind it.

A cookie-authenticated request that changes something must prove twice that it comes from our own page: by the token of
its session (form field ``csrf`` or header ``X-CSRF-Token``) and by what the browser says of its origin.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from anyio import to_thread
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from sqlalchemy import Engine
from structlog.contextvars import bind_contextvars

from shuangsui import db
from shuangsui.access import policy, signin, tokens
from shuangsui.access.policy import Verb
from shuangsui.access.profiles import terms_of
from shuangsui.access.service import ONLY
from shuangsui.access.signin import Entrance, Visitor
from shuangsui.db import TenantSession, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import NotAllowed
from shuangsui.extension.overlay import seated
from shuangsui.ledger import complete
from shuangsui.ledger.keys import Keyring
from shuangsui.ledger.service import record
from shuangsui.pages.declaring import Here
from shuangsui.privacy.writing import know_own
from shuangsui.rules.service import load
from shuangsui.settings import Settings
from shuangsui.tenancy.tree import Tree

COOKIE = "__Host-shuangsui"
"""Browsers take it by https only, for this host alone and for its whole site: nothing beside us can set it."""
PLAIN_COOKIE = "shuangsui"
"""By plain http on this very machine, where browsers would drop the other."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SAFE = ("GET", "HEAD", "OPTIONS")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
VISITOR = "visitor"
NOBODY = "-"
"""A tenant that no folder can be named like: its session sees no tenant's row."""
Guard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]]


class PasswordDue(NotAuthorizedException):
    """Signed in with a one-time password: nothing is open but the page for an own one."""


@dataclass
class House:
    """What the routes of one process share; the tenants' files are read at the first need and when a day begins."""

    settings: Settings
    engine: Engine
    _read: dict[date, Tree] = field(default_factory=dict)

    def tree(self, today: date) -> Tree:
        """The tenants of this installation."""
        if today not in self._read:
            self._read = {today: load(self.settings.tenants, today)}
        return self._read[today]

    def today(self) -> date:
        """The legal day, for whoever has no tenant's session yet."""
        with db.session(self.engine, NOBODY, readonly=True) as session:
            return legal_day(now(session))

    def entrance(self, tenant: str, address: str = "") -> Entrance:
        """Where people of an authority sign in; ``address`` is where the request comes from."""
        terms = terms_of(self.tree(self.today()).get(tenant))
        return Entrance(self.engine, tenant, Keyring(self.settings.master_key), terms, address)

    def office(self, session: TenantSession, today: date) -> Office:
        """The authority of a session at work."""
        tree = seated(session, self.tree(today))
        return Office(tree, tree.get(session.tenant), Keyring(self.settings.master_key))


def house_of(connection: ASGIConnection[Any, Any, Any, Any]) -> House:
    """Of the application that answers."""
    house: House = connection.app.state.house
    return house


def is_private(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether nobody can listen in: https, or this very machine, as the browser sees it."""
    return connection.url.scheme == "https" or connection.url.hostname in LOOPBACK


def cookie_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Under which name the session's cookie travels here."""
    return COOKIE if connection.url.scheme == "https" else PLAIN_COOKIE


def visitor_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Visitor:
    """Whom the guard let in."""
    visitor: Visitor = connection.scope["state"][VISITOR]
    return visitor


def may(verb: Verb | None) -> Guard:
    """Let in who has signed in, has an own password and holds ``verb``; a program with a token, for what it names."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        await identified(connection, _handler)
        visitor = visitor_of(connection)
        if visitor.must_change:
            raise PasswordDue
        if verb:
            policy.allow(visitor.actor, verb)
        elif _changes(connection):
            refuse_token(visitor)
        if visitor.actor.staff:
            await to_thread.run_sync(_watch, house_of(connection).engine, visitor, connection)

    return guard


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let in who has signed in, whatever the roles, but no program: this is about signing in itself."""
    await identified(connection, _handler)
    refuse_token(visitor_of(connection))


async def identified(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let in whoever it is: by the token of a program, or by a cookie, and then nothing that another site sent."""
    engine, bearer = house_of(connection).engine, _bearer(connection)
    if bearer:
        visitor = await to_thread.run_sync(tokens.resume, engine, bearer)
        if visitor is None:
            raise NotAuthorizedException
        connection.scope["state"][VISITOR] = visitor
        _bind(visitor)
        return
    await _by_cookie(connection)


def _watch(engine: Engine, visitor: Visitor, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Somebody of the operator looks and changes nothing; what is opened is in the ledger before it is shown."""
    if _changes(connection):
        raise NotAllowed("staff_reads")
    with db.session(engine, visitor.actor.tenant) as session:
        login, path = visitor.actor.login, connection.url.path
        record(session, "staff.view", actor=login, subject=login, payload={"path": path})


def refuse_token(visitor: Visitor) -> None:
    """:class:`NotAllowed` ``token_not_here``: what is about signing in is for people."""
    if visitor.actor.only is not None:
        raise NotAllowed("token_not_here")


def _bearer(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The token below ``/api``; pages are for people. No browser sends one by itself, hence it needs no other proof."""
    scheme, _, text = connection.headers.get("authorization", "").partition(" ")
    below = connection.url.path.startswith("/api/")
    return text.strip() if below and scheme.lower() == "bearer" else ""


def _changes(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    return str(connection.scope.get("method", "")) not in SAFE


async def _by_cookie(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    cookie = connection.cookies.get(cookie_of(connection), "")
    visitor = await to_thread.run_sync(signin.resume, house_of(connection).engine, cookie) if cookie else None
    if visitor is None:
        raise NotAuthorizedException
    connection.scope["state"][VISITOR] = visitor
    _bind(visitor)
    if _changes(connection):
        check_origin(connection)
        if not hmac.compare_digest(await _token(connection), visitor.csrf.encode()):
            raise NotAllowed("csrf_refused")


def _bind(visitor: Visitor) -> None:
    """Of every line that this request makes anybody log; a login and never a name."""
    bind_contextvars(tenant=visitor.actor.tenant, actor=visitor.actor.login)


def check_origin(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """:class:`NotAllowed` ``csrf_refused`` for a request that the browser says another site made."""
    origin, site = connection.headers.get("origin"), connection.headers.get("sec-fetch-site", "none")
    foreign = origin is not None and urlsplit(origin).netloc != connection.headers.get("host")
    if foreign or site not in ("same-origin", "none"):
        raise NotAllowed("csrf_refused")


async def _token(connection: ASGIConnection[Any, Any, Any, Any]) -> bytes:
    header = connection.headers.get("x-csrf-token")
    if header is None and isinstance(connection, Request):
        kind = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind in FORMS:
            header = str((await connection.form()).get("csrf", ""))
    return (header or "").encode()


@contextmanager
def here_of(request: Request[Any, Any, Any], *, readonly: bool = True, noting: bool = False) -> Iterator[Here]:
    """A unit of work of the visitor's authority; call it in a thread, never in the event loop.

    What an act changes and nobody wrote down is undone: :class:`complete.Unrecorded`; ``noting`` is for a page that
    only keeps that it was opened, after a refused form as well.
    """
    house, visitor = house_of(request), visitor_of(request)
    tenant = visitor.actor.tenant
    with db.session(house.engine, tenant, readonly=readonly) as session:
        session.info[ONLY] = visitor.actor.only
        today = legal_day(now(session))
        query = {name: str(value) for name, value in request.query_params.items()}
        path = {name: str(value) for name, value in request.path_params.items()}
        office = house.office(session, today)
        know_own(session, office.tenant)
        yield Here(session, office, visitor.actor, today, path, query, house.tree(today))
        if not readonly and not noting and _changes(request):
            complete.check(session)
