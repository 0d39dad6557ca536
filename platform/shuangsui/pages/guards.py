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

from shuangsui import db
from shuangsui.access import policy, signin
from shuangsui.access.policy import Verb
from shuangsui.access.profiles import terms_of
from shuangsui.access.signin import Entrance, Visitor
from shuangsui.db import TenantSession, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import NotAllowed
from shuangsui.extension.overlay import seated
from shuangsui.ledger.keys import Keyring
from shuangsui.pages.declaring import Here
from shuangsui.rules.service import load
from shuangsui.settings import Settings
from shuangsui.tenancy.tree import Tree

COOKIE = "shuangsui"
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

    def entrance(self, tenant: str) -> Entrance:
        """Where people of an authority sign in."""
        return Entrance(self.engine, tenant, terms_of(self.tree(self.today()).get(tenant)))

    def office(self, session: TenantSession, today: date) -> Office:
        """The authority of a session at work."""
        tree = seated(session, self.tree(today))
        return Office(tree, tree.get(session.tenant), Keyring(self.settings.master_key))


def house_of(connection: ASGIConnection[Any, Any, Any, Any]) -> House:
    """Of the application that answers."""
    house: House = connection.app.state.house
    return house


def visitor_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Visitor:
    """Whom the guard let in."""
    visitor: Visitor = connection.scope["state"][VISITOR]
    return visitor


def may(verb: Verb | None) -> Guard:
    """Let in who has signed in, has an own password and holds ``verb``."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        await signed_in(connection, handler)
        visitor = visitor_of(connection)
        if visitor.must_change:
            raise PasswordDue
        if verb:
            policy.allow(visitor.actor, verb)

    return guard


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let in who has signed in, whatever the roles; refuse what another site made a browser send."""
    cookie = connection.cookies.get(COOKIE, "")
    visitor = await to_thread.run_sync(signin.resume, house_of(connection).engine, cookie) if cookie else None
    if visitor is None:
        raise NotAuthorizedException
    connection.scope["state"][VISITOR] = visitor
    if str(connection.scope.get("method", "")) not in SAFE:
        check_origin(connection)
        if not hmac.compare_digest(await _token(connection), visitor.csrf.encode()):
            raise NotAllowed("csrf_refused")


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
def here_of(request: Request[Any, Any, Any], *, readonly: bool = True) -> Iterator[Here]:
    """A unit of work of the visitor's authority; call it in a thread, never in the event loop."""
    house, visitor = house_of(request), visitor_of(request)
    tenant = visitor.actor.tenant
    with db.session(house.engine, tenant, readonly=readonly) as session:
        today = legal_day(now(session))
        query = {name: str(value) for name, value in request.query_params.items()}
        path = {name: str(value) for name, value in request.path_params.items()}
        yield Here(session, house.office(session, today), visitor.actor, today, path, query, house.tree(today))
