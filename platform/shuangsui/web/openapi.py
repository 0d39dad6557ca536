"""The OpenAPI document of every route below ``/api``, written from the same declarations as the routes themselves."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from shuangsui.pages import Act, View, may
from shuangsui.pages.declaring import PARAMETER
from shuangsui.web.areas import Declared
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


@get("/api/openapi.json", guards=[may(None)], sync_to_thread=False)
def document(request: Request[Any, Any, Any]) -> Response[Any]:
    """For programs; there is no page for it that would load anything from elsewhere."""
    return answer_json(written(request.app.state.declared))


def written(declared: Declared) -> dict[str, Any]:
    """OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for view in declared.views:
        paths.setdefault(_path(view.path), {})["get"] = _reading(view)
    for act in declared.acts:
        paths.setdefault(_path(act.path), {})["post"] = _acting(act)
    paths["/api/openapi.json"] = {"get": {"summary": "本文件", "responses": _responses()}}
    security = {"session": {"type": "apiKey", "in": "cookie", "name": "shuangsui"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "双随机、一公开监管平台", "version": "1"},
        "security": [{"session": []}],
        "components": {"schemas": {"Problem": SCHEMA}, "securitySchemes": security},
        "paths": paths,
    }


def _path(path: str) -> str:
    return ("/api" + PARAMETER.sub(r"{\1}", path)).rstrip("/")


def _reading(view: View) -> dict[str, Any]:
    return {"summary": view.title, "parameters": _parameters(view.path), "responses": _responses()}


def _acting(act: Act) -> dict[str, Any]:
    token = {"name": "X-CSRF-Token", "in": "header", "required": True, "schema": {"type": "string"}}
    body = {"content": {"application/json": {"schema": act.model.model_json_schema()}}}
    parameters = [*_parameters(act.path), token]
    return {"summary": act.title, "parameters": parameters, "requestBody": body, "responses": _responses()}


def _parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in PARAMETER.findall(path)
    ]


def _responses() -> dict[str, Any]:
    answer = {"description": "done", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"200": answer, "default": PROBLEM}
