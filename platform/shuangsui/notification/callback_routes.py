"""The doors of plugins for other systems: each call goes to its plugin, and what is learned by it is settled here.

One that does not exist, or is switched off, is not found like any other address.
"""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.exceptions import NotFoundException

from shuangsui import db
from shuangsui.called import CALL_BYTES, Call, Reply
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import Misconfigured, OutsideFailed
from shuangsui.extension import callbacks
from shuangsui.notification import reporting
from shuangsui.pages.guards import House, house_of
from shuangsui.tenancy.tenant import Tenant

Asked = Request[Any, Any, Any]
SECONDS = "30"
"""When a caller may try again."""


@route(
    "/callbacks/{tenant:str}/{plugin:str}/{name:str}",
    http_method=[HttpMethod.GET, HttpMethod.POST],
    opt={"public": True},
    request_max_body_size=CALL_BYTES,
)
async def callback(request: Asked) -> Response[str]:
    """The plugin's reply; 503 while the plugin fails."""
    body = await request.body()
    reply = await to_thread.run_sync(lambda: _answered(request, body, **request.path_params))
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": SECONDS} if reply.status == 503 else {})
    return Response(reply.text, status_code=reply.status, media_type=reply.media_type, headers=headers)


HANDLERS = (callback,)


def _answered(request: Asked, body: bytes, tenant: str, plugin: str, name: str) -> Reply:
    house = house_of(request)
    found, call = _called(house, request, body, tenant)
    try:
        reply = callbacks.answered(found, plugin, name, call, house.settings)
    except (OutsideFailed, Misconfigured):
        return Reply(503)
    if reply is None:
        raise NotFoundException
    if reply.reports:
        with db.session(house.engine, tenant) as session:
            reporting.take(session, plugin, reply.reports)
    return reply


def _called(house: House, request: Asked, body: bytes, slug: str) -> tuple[Tenant, Call]:
    """The tenant as it is now, and what the plugin may know of the request."""
    if slug not in [one.slug for one in house.tree(house.today())]:
        raise NotFoundException
    with db.session(house.engine, slug, readonly=True) as session:
        moment = db.now(session)
        tenant = house.office(session, legal_day(moment)).tenant
    headers = {key: value for key, value in request.headers.items() if key != "cookie"}
    query = {key: str(value) for key, value in request.query_params.items()}
    return tenant, Call("GET" if request.method == "GET" else "POST", query, headers, body, moment)
