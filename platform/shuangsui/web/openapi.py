"""The OpenAPI document of every route below ``/api``, written from the same declarations as the routes themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.handlers import BaseRouteHandler

from shuangsui.extension.loading import host
from shuangsui.pages import Act, View, may
from shuangsui.pages.declaring import PARAMETER, Nothing
from shuangsui.pages.guards import COOKIE
from shuangsui.settings import from_environment
from shuangsui.web.areas import Declared
from shuangsui.web.boot import handlers
from shuangsui.web.errors import answer_json

PROBLEM = {
    "description": "problem details (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
SCHEMA = {
    "type": "object",
    "required": ["type", "status", "code", "title", "detail"],
    "properties": {name: {"type": "string"} for name in ("type", "code", "title", "detail", "article")}
    | {"status": {"type": "integer"}},
}
TOKEN = {
    "name": "X-CSRF-Token", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "required with the cookie of a session, not with a token",
}  # fmt: skip


@get("/api/openapi.json", guards=[may(None)], opt={"title": "本文件"}, sync_to_thread=False)
def document(request: Request[Any, Any, Any]) -> Response[Any]:
    """For programs; there is no page for it that would load anything from elsewhere."""
    return answer_json(written(request.app.state.declared, request.app))


def written(declared: Declared, app: Litestar) -> dict[str, Any]:
    """OpenAPI 3.1."""
    schemas: dict[str, Any] = {"Problem": SCHEMA}
    paths: dict[str, dict[str, Any]] = {}
    for view in declared.views:
        paths.setdefault(_path(view.path), {})["get"] = _reading(view)
    for act in declared.acts:
        paths.setdefault(_path(act.path), {})["post"] = _acting(act, schemas)
    for path, method, handler in _below_api(app):
        paths.setdefault(path, {}).setdefault(method, _by_hand(path, method, handler))
    security = {"session": {"type": "apiKey", "in": "cookie", "name": COOKIE}}
    security["token"] = {"type": "http", "scheme": "bearer"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "双随机、一公开监管平台", "version": "1"},
        "security": [{"session": []}, {"token": []}],
        "components": {"schemas": schemas, "securitySchemes": security},
        "paths": paths,
    }


def _options(schemas: dict[str, Any]) -> dict[str, Any]:
    """Whatever the options of a plugin may be: each plugin's own stand among the components."""
    found = [one for one in host(from_environment()).plugins if one.options.model_fields]
    schemas |= {f"plugin.{one.name}": one.options.model_json_schema() for one in found}
    return {"anyOf": [{"$ref": f"#/components/schemas/plugin.{one.name}"} for one in found]}


def _own(act: Act, schemas: dict[str, Any]) -> dict[str, Any]:
    """An act's own model, with what that is made of."""
    schema = act.model.model_json_schema(ref_template=f"#/components/schemas/{act.code}.{{model}}")
    schemas |= {f"{act.code}.{name}": inner for name, inner in schema.pop("$defs", {}).items()}
    return schema


def _below_api(app: Litestar) -> Iterator[tuple[str, str, BaseRouteHandler]]:
    for path, handler in handlers(app):
        if path.split("/")[1] == "api":
            for method in sorted(getattr(handler, "http_methods", ())):
                yield PARAMETER.sub(r"{\1}", path), str(method).lower(), handler


def _by_hand(path: str, method: str, handler: BaseRouteHandler) -> dict[str, Any]:
    """A handler that was not declared says of itself what it is."""
    said = (handler.fn.__doc__ or "").strip().partition("\n")[0]
    parameters = [_in_path(name) for name in re.findall(r"\{(\w+)\}", path)] + ([] if method == "get" else [TOKEN])
    return {"summary": str(handler.opt.get("title", said)), "parameters": parameters, "responses": _responses()}


def _path(path: str) -> str:
    return ("/api" + PARAMETER.sub(r"{\1}", path)).rstrip("/")


def _reading(view: View) -> dict[str, Any]:
    parameters = [_in_path(name) for name in PARAMETER.findall(view.path)]
    return {"summary": view.title, "parameters": parameters, "responses": _responses()}


def _acting(act: Act, schemas: dict[str, Any]) -> dict[str, Any]:
    """What a model is made of stands among the components, under the act's name: areas may name things alike."""
    schema = _options(schemas) if act.model_here and act.model is Nothing else _own(act, schemas)
    parameters = [*(_in_path(name) for name in PARAMETER.findall(act.path)), TOKEN]
    body = {"content": {"application/json": {"schema": schema}}}
    return {"summary": act.title, "parameters": parameters, "requestBody": body, "responses": _responses()}


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _responses() -> dict[str, Any]:
    answer = {"description": "done", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"200": answer, "default": PROBLEM}
