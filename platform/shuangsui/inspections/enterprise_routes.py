"""The pages of the inspected, below ``/e/{token}``: the notice and the draw, the record, what is to be put right.

One link for each task, one column, no script. Rating the team is the page of ``feedback_routes``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from anyio import to_thread
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect
from sqlmodel import col, select

from shuangsui import db
from shuangsui.disclosure.site import places
from shuangsui.documents.drawing import own_page, public_page
from shuangsui.draws.tables import Cause, Draw, DrawnTask
from shuangsui.errors import BadInput, Misconfigured, NotFound, RuleRefused
from shuangsui.inspections import confirming, enterprise_views, evidence, links, proving
from shuangsui.inspections.evidence import File
from shuangsui.inspections.link_routes import (
    LARGEST,
    PUBLIC,
    Holder,
    answered,
    query_of,
    told_of,
    within,
)
from shuangsui.inspections.tasks import drawn_of
from shuangsui.ledger.tables import DrawLogEntry
from shuangsui.pages.guards import House, house_of
from shuangsui.planning.policy import stratum_name
from shuangsui.settings import Settings
from shuangsui.web.languages import language_of
from shuangsui.web.pace import paced

Asked = Request[Any, Any, Any]
Answer = Response[Any]
SITE = "/"
"""The public site stands beside these pages."""
GIVEN: Mapping[Cause, str] = {
    Cause.DISPATCH: "检查对象由上级机关抽取后派发，这次抽取的是检查人员。",
    Cause.JOINT: "检查对象由牵头的机关抽取，这次抽取的是检查人员。",
    Cause.SPECIAL: "检查对象按规定确定，不经抽取，这次抽取的是检查人员。",
}
"""Where somebody else fixed the objects."""
SAID = ("act", "n", "person", "role", "read", "text")


class Place(NamedTuple):
    """Which page is asked for, behind which link, in which language."""

    page: str
    token: str
    language: str


@get("/e/{token:str}", opt=PUBLIC, before_request=paced)
async def notice_page(request: Asked, token: FromPath[str]) -> Answer:
    """What is inspected, by whom, on which basis and how it was drawn; the way to the other pages."""
    house = house_of(request)
    return await to_thread.run_sync(lambda: _shown(house, Place("notice", token, language_of(request)), _notice))


@get("/e/{token:str}/confirm", opt=PUBLIC, before_request=paced)
async def record_page(request: Asked, token: FromPath[str]) -> Answer:
    """The record, and the forms to sign it or to object."""
    house = house_of(request)
    return await to_thread.run_sync(lambda: _shown(house, Place("confirm", token, language_of(request)), _record))


@post("/e/{token:str}/confirm", opt=PUBLIC, before_request=paced, request_max_body_size=LARGEST)
async def confirm(request: Asked, token: FromPath[str]) -> Answer:
    """A signature or an objection; then the page says so itself."""
    form, house = await request.form(), house_of(request)
    given = {name: str(form.get(name, "")) for name in SAID}
    place = Place("confirm", token, language_of(request))
    return await to_thread.run_sync(lambda: _done(house, place, given, lambda one: _say(one, given)))


@get("/e/{token:str}/rectify", opt=PUBLIC, before_request=paced)
async def orders_page(request: Asked, token: FromPath[str]) -> Answer:
    """What is to be put right until when, and the form of each."""
    house = house_of(request)
    return await to_thread.run_sync(lambda: _shown(house, Place("rectify", token, language_of(request)), _orders))


@post("/e/{token:str}/rectify", opt=PUBLIC, before_request=paced)
async def rectify(request: Asked, token: FromPath[str]) -> Answer:
    """A statement with its files. Nothing is read of a form whose link opens nothing: files are large."""
    house, place = house_of(request), Place("rectify", token, language_of(request))
    closed = await to_thread.run_sync(lambda: _closed(house, place))
    if closed is not None:
        return closed
    form = await request.form()
    given = {name: str(form.get(name, "")) for name in ("n", "statement")}
    sent = [one for one in form.getall("files", []) if isinstance(one, UploadFile) and one.filename]
    files = [File(one.filename, await one.read(), _shows(given["n"])) for one in sent]
    settings = house.settings
    return await to_thread.run_sync(lambda: _done(house, place, given, lambda one: _prove(one, settings, given, files)))


def _notice(holder: Holder) -> dict[str, Any]:
    shown = enterprise_views.notice(holder.session, holder.office, holder.held)
    return shown | {"draw": _draw(holder)}


def _record(holder: Holder) -> dict[str, Any]:
    return enterprise_views.record(holder.session, holder.office, holder.held)


def _orders(holder: Holder) -> dict[str, Any]:
    return enterprise_views.orders(holder.session, holder.office, holder.held, holder.today)


SHOWN: Mapping[str, Callable[[Holder], dict[str, Any]]] = {"notice": _notice, "confirm": _record, "rectify": _orders}


def _say(holder: Holder, given: Mapping[str, str]) -> None:
    session, task = holder.session, holder.held.task
    if given["act"] == "object":
        confirming.raise_objection(session, task, given["person"], given["text"])
    elif not given["read"]:
        raise BadInput("record_unread")
    elif given["act"] == "addendum":
        confirming.sign_addendum(session, holder.office, task, _number(given["n"]), given["person"])
    elif given["act"] == "sign":
        confirming.sign(session, holder.office, task, given["person"], given["role"])
    else:
        raise BadInput("form_invalid", count=1)


def _prove(holder: Holder, settings: Settings, given: Mapping[str, str], files: list[File]) -> None:
    kept, n = evidence.configured(settings), _number(given["n"])
    proving.prove(holder.session, kept, holder.held.task, n, given["statement"], files)


def _number(text: str) -> int:
    """Of a finding or an addendum; 0, which there is not, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _shows(n: str) -> str:
    return f"检查对象提交的第 {n[:4]} 个问题的整改材料"


def _shown(house: House, place: Place, see: Callable[[Holder], dict[str, Any]]) -> Answer:
    try:
        shown = within(house, place.token, lambda one: _seen(one, see), readonly=True)
    except NotFound as error:
        return _gone(error, place.language)
    return _page(place, 200, shown)


def _seen(holder: Holder, see: Callable[[Holder], dict[str, Any]]) -> dict[str, Any]:
    """With the simulated clock, which every page shows."""
    return see(holder) | {"ahead": db.clock.offset(holder.session)}


def _done(house: House, place: Place, given: Mapping[str, str], do: Callable[[Holder], None]) -> Answer:
    """The act, and its page anew; of a refusal the page with its sentence and what was typed."""
    try:
        within(house, place.token, do)
    except Misconfigured:
        raise
    except (RuleRefused, BadInput) as error:
        return _refused(house, place, given, error)
    return Redirect(f"/e/{place.token}/{place.page}{query_of(place.language)}", status_code=303)


def _refused(house: House, place: Place, given: Mapping[str, str], error: RuleRefused | BadInput) -> Answer:
    """Where the link itself opens nothing, that is all that is said."""
    try:
        shown = within(house, place.token, lambda one: _seen(one, SHOWN[place.page]), readonly=True)
    except NotFound as gone:
        return _gone(gone, place.language)
    status = 409 if isinstance(error, RuleRefused) else 422
    told = told_of(error, place.language)
    return _page(place, status, shown, told=told, article=error.article or "", given=given)


def _closed(house: House, place: Place) -> Answer | None:
    try:
        within(house, place.token, lambda _: None, readonly=True)
    except NotFound as error:
        return _gone(error, place.language)
    return None


def _gone(error: NotFound, language: str) -> Answer:
    return answered("enterprise/gone.html", 404, language, told=told_of(error, language))


def _page(
    place: Place, status: int, shown: Mapping[str, Any], *, told: str = "", article: str = "",
    given: Mapping[str, str] | None = None,
) -> Answer:  # fmt: skip
    top = f"/{links.tenant_of(place.token)}/"
    return answered(
        f"enterprise/{place.page}.html", status, place.language, at=f"/e/{place.token}", top=top,
        root=places(top, "", place.language)["root"], shown=shown, told=told, article=article, given=given or {},
    )  # fmt: skip


def _draw(holder: Holder) -> dict[str, Any] | None:
    """Where the draw can be looked up and computed anew, by the company's own link as well."""
    session, office, task = holder.session, holder.office, holder.held.task
    drawn = drawn_of(session, task)
    draw = session.find(Draw, drawn.draw_id) if drawn else None
    if drawn is None or draw is None:
        return None
    result = select(DrawLogEntry.time).where(DrawLogEntry.seq == draw.seq, DrawLogEntry.kind == "RESULT")
    return {
        "no": draw.no, "at": session.exec(result.order_by(col(DrawLogEntry.i))).first(), **_how(draw, drawn),
        "public": public_page(office, SITE, draw.no),
        "own": own_page(session, office, SITE, draw.no, task.object_code),
    }  # fmt: skip


def _how(draw: Draw, drawn: DrawnTask) -> dict[str, Any]:
    """Who fixed the object, or the pool it was drawn from; its own chance is told by the page that computes it."""
    if draw.cause is not Cause.LINE:
        return {"fixed": GIVEN[draw.cause]}
    plan: Mapping[str, Any] = draw.draft
    eligible, quota = plan["snapshot"]["eligible"].get(drawn.stratum), plan["quota"].get(drawn.stratum)
    stratum = {"code": drawn.stratum, "name": stratum_name(drawn.stratum)}
    return {"fixed": "", "stratum": stratum, "eligible": eligible, "quota": quota}


HANDLERS = [notice_page, record_page, confirm, orders_page, rectify]
