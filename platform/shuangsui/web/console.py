"""Handlers out of declarations: each view a page and a twin, each act a form and a twin."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from anyio import to_thread
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from pydantic import BaseModel, ValidationError

from shuangsui.errors import BadInput, ShuangsuiError
from shuangsui.pages import Act, View, here_of, may
from shuangsui.pages.declaring import filled
from shuangsui.pages.forms import faults, typed
from shuangsui.web import logs
from shuangsui.web.areas import Declared
from shuangsui.web.errors import answer_json, note_refusal, status_of
from shuangsui.web.frame import Failed, page
from shuangsui.web.parting import twin

Asked = Request[Any, Any, Any]
Show = Callable[[Asked, View, Failed | None, tuple[str, str] | None], Response[Any]]
"""How a page is drawn: what was refused on it, what is shown this one time."""
AGAIN = (403, 409, 422, 503)
"""Refusals after which the form is worth being shown again."""


class FormInvalid(BadInput):
    """A form whose fields do not fit their types; ``fields`` says which and why."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("form_invalid", count=len(fields))
        self.fields = dict(fields)


def handlers_of(declared: Declared) -> list[HTTPRouteHandler]:
    """Two for each view and two for each act."""
    made = [one for view in declared.views for one in _of_view(view)]
    return made + [one for act in declared.acts for one in _of_act(act)]


def _of_view(view: View) -> list[HTTPRouteHandler]:
    async def show(request: Asked) -> Response[Any]:
        return await to_thread.run_sync(lambda: page(request, view))

    async def tell(request: Asked) -> Response[Any]:
        return await to_thread.run_sync(lambda: _twin(request, view))

    guards = [may(view.verb)]
    return [
        get(f"/console{view.path}", guards=guards, name=f"page {view.path}")(show),
        get(f"/api{view.path}", guards=guards, name=f"twin {view.path}")(tell),
    ]


def form_handler(act: Act, root: str = "/console", show: Show = page) -> HTTPRouteHandler:
    """Where the form of an act is sent; ``show`` draws its page again, ``root`` is what the pages stand below."""

    async def submit(request: Asked) -> Response[Any]:
        form = await request.form()
        given = {name: [await _read(one) for one in form.getall(name)] for name in form}
        values = await to_thread.run_sync(lambda: typed(_model(request, act), given))
        return await to_thread.run_sync(lambda: _submitted(request, act, values, root, show))

    return post(f"{root}{act.path}", guards=[may(act.verb)], name=f"form {root}{act.path}", status_code=303)(submit)


def _of_act(act: Act) -> list[HTTPRouteHandler]:
    async def call(request: Asked) -> Response[Any]:
        body = await request.body()
        return await to_thread.run_sync(lambda: answer_json(_done(request, act, body_of(body))))

    twin_ = post(f"/api{act.path}", guards=[may(act.verb)], name=f"act {act.path}", status_code=200)(call)
    return [form_handler(act), twin_]


async def _read(given: Any) -> Any:
    """A file as :class:`Attachment` takes it; no file chosen is an empty field."""
    if not isinstance(given, UploadFile):
        return given
    data = await given.read()
    return {"name": given.filename, "data": b64encode(data)} if given.filename else ""


def body_of(body: bytes) -> Any:
    """What a program sent; nothing at all is an empty form."""
    try:
        return msgspec.json.decode(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FormInvalid({"": "正文不是 JSON。"}) from error


def _twin(request: Asked, view: View) -> Response[Any]:
    with here_of(request, readonly=not view.notes) as here:
        return answer_json(twin(view.load(here), here.query))


def _done(request: Asked, act: Act, values: Any) -> dict[str, Any]:
    """One transaction; a refusal leaves nothing behind."""
    try:
        form = _model(request, act).model_validate(values)
    except ValidationError as error:
        raise FormInvalid(faults(error)) from None
    logs.about(request.scope, getattr(form, logs.DRAW, None))
    with here_of(request, readonly=False) as here:
        return dict(act.do(here, form) or {})


def _model(request: Asked, act: Act) -> type[BaseModel]:
    """The form's fields, which may depend on what it stands on."""
    if act.model_here is None:
        return act.model
    with here_of(request) as here:
        return act.form(here)


def _submitted(request: Asked, act: Act, values: dict[str, Any], root: str, show: Show) -> Response[Any]:
    """303 to what follows; or the same page with the sentence on top and everything that was typed."""
    try:
        result = _done(request, act, values)
    except ShuangsuiError as error:
        if status_of(error) not in AGAIN:
            raise
        note_refusal(request, error)
        wrong = error.fields if isinstance(error, FormInvalid) else {}
        return show(request, request.app.state.declared.page_of(act), Failed(act, error, values, wrong), None)
    where = filled(act.then, {**request.path_params, **result})
    if shown := result.get("once"):
        return show(request, request.app.state.declared.page_of(act), None, (act.done, str(shown)))
    return Redirect(f"{root}{where}?done={act.code}", status_code=303)
