"""抽取直播: the page of one draw for the hall and for everybody, and its events as ``text/event-stream``."""

from __future__ import annotations

import csv
import io
from typing import Any

from anyio import to_thread
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream
from sqlmodel import func, select

from shuangsui import db
from shuangsui.access import throttle
from shuangsui.db import TenantSession
from shuangsui.disclosure.site import places
from shuangsui.disclosure.views import draw_title
from shuangsui.draws import live
from shuangsui.draws.objecting import objections
from shuangsui.draws.office import find, get_file
from shuangsui.draws.standing import stored_files
from shuangsui.draws.tables import Draw
from shuangsui.draws.transcripts import HIDDEN
from shuangsui.errors import NotFound
from shuangsui.ledger.tables import DrawLogEntry
from shuangsui.pages.guards import House, house_of
from shuangsui.web.languages import CHINESE, ENGLISH
from shuangsui.web.rendering import render
from shuangsui.web.tailing import Full, Hall, Said

Asked = Request[Any, Any, Any]
PUBLIC = {"public": True}
STREAM = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
"""Each event is passed on as it comes: no proxy keeps, packs or gathers them."""
DIGITS = 9
"""Of the largest event number that anybody may name."""


@get("/live/{tenant:str}/{no:str}", opt=PUBLIC, sync_to_thread=True)
def live_page(request: Asked, tenant: FromPath[str], no: FromPath[str]) -> Response[str]:
    """The page; its events come on their own."""
    return _page(request, tenant, no, CHINESE)


@get("/live/{tenant:str}/{no:str}/en", opt=PUBLIC, sync_to_thread=True)
def live_page_in_english(request: Asked, tenant: FromPath[str], no: FromPath[str]) -> Response[str]:
    """The same page in English."""
    return _page(request, tenant, no, ENGLISH)


def _page(request: Asked, tenant: str, no: str, language: str) -> Response[str]:
    house = house_of(request)
    with _opened(house, tenant) as session:
        draw = _public(session, no)
        plan = draw.draft
        shown = {"no": no, "title": _title(draw), "demo": bool(plan["ext"].get("demo")), "suite": plan["suite"]}
        named = next(one for one in house.tree(house.today()) if one.slug == tenant)
        here, around = f"/live/{tenant}/{no}", places(f"/{tenant}/", "", language)
        other = {"other": here if language == ENGLISH else f"{here}/en"}
        whose = {"slug": tenant, "name": named.name}
        text = render("public/live.html", language, **{**around, **other}, tenant=whose, draw=shown)
    return Response(text, media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-cache"})


@get("/live/{tenant:str}/{no:str}/events", opt=PUBLIC)
async def live_events(request: Asked, tenant: FromPath[str], no: FromPath[str]) -> Response[Any]:
    """Everything after ``Last-Event-ID``, then what happens; 404 before a draw is public, 503 when too many watch."""
    house, hall = house_of(request), hall_of(request)
    await to_thread.run_sync(_must_be_public, house, tenant, no)
    address = throttle.place(request.client.host if request.client else "")
    look = Looking(house, tenant, no).look
    try:
        stream = hall.watch((tenant, no), look, _seen(request), address)
    except Full:
        return Response(b"", status_code=503, media_type="text/plain", headers={"Retry-After": "10"})
    return Stream(stream, media_type="text/event-stream; charset=utf-8", headers=STREAM)


HANDLERS = [live_page, live_page_in_english, live_events]


def _title(draw: Draw) -> str:
    """As on the draw's own page."""
    facts = ("cause", "item_name", "round", "void_reason")
    return draw_title({name: getattr(draw, name) for name in facts})


def hall_of(request: Asked) -> Hall:
    """Of the application that answers."""
    hall: Hall = request.app.state.hall
    return hall


def _seen(request: Asked) -> int:
    """The header is the browser's own word; a page that connects anew says it in the address."""
    text = request.headers.get("last-event-id") or str(request.query_params.get("after", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 0


def _opened(house: House, tenant: str) -> Any:
    """A session of a tenant that there is."""
    if tenant not in [one.slug for one in house.tree(house.today())]:
        raise NotFoundException
    return db.session(house.engine, tenant, readonly=True)


def _must_be_public(house: House, tenant: str, no: str) -> None:
    with _opened(house, tenant) as session:
        _public(session, no)


def _public(session: TenantSession, no: str) -> Draw:
    """A draw whose plan is in the public log; another answers like one that is missing."""
    try:
        draw = find(session, no)
    except NotFound:
        raise NotFoundException from None
    if draw.state in HIDDEN:
        raise NotFoundException
    return draw


class Looking:
    """One draw of one authority, looked at again and again."""

    def __init__(self, house: House, tenant: str, no: str) -> None:
        self.house, self.tenant, self.no = house, tenant, no

    def look(self, mark: Any) -> tuple[Any, Said, Said]:
        """How much of this draw is in the log and what was objected; with its events if that is news."""
        with db.session(self.house.engine, self.tenant, readonly=True) as session:
            draw = _public(session, self.no)
            query = select(func.count()).select_from(DrawLogEntry).where(DrawLogEntry.seq == draw.seq)
            objected = objections(session, draw)
            found = session.exec(query).one(), len(objected)
            if found == mark:
                return mark, [], []
            files, names = stored_files(session, draw), {}
            if draw.draft["mode"] == "public":
                names = _names(session, draw)
                files["ids.txt"] = "".join(f"{code}\n" for code in names).encode()
        return found, live.events(files, names), objected


def _names(session: TenantSession, draw: Draw) -> dict[str, str]:
    """Companies by code in the order of the rows; of a registry that is public."""
    rows = csv.DictReader(io.StringIO(get_file(session, draw, "frame.csv").decode(), newline=""))
    return {row["id"]: row["name"] for row in rows}
