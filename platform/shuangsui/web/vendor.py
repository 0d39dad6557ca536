"""开发者: what a vendor reads to extend the platform or to call it, written from the code that runs here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from pydantic import BaseModel

from shuangsui.access.policy import VERB_NAMES, Verb
from shuangsui.errors import NotFound
from shuangsui.extension import reference
from shuangsui.pages import Act, Detail, Here, Table, View, view
from shuangsui.web import areas
from shuangsui.web.guides import as_html

ROUTES = {"method": "方法", "path": "地址", "title": "内容", "verb": "所需权限"}
FIELDS = {"name": "字段", "title": "名称", "type": "类型", "required": "必填", "about": "说明"}
HOOKS = {"signature": "钩子", "kind": "用途", "promise": "约定"}
ERRORS = "出错时答复 application/problem+json（RFC 9457）：code 是错误代码，detail 是一句话，article 是依据的条款。"
SANDBOX = {
    "练习环境": "shuangsui demo：一个市级机关和模拟数据，各种角色都能登录，写明是演练",
    "外部系统": "shuangsui mock-sink：本机上的信用、监管、门户和短信系统，收到的都能查看，可以让它们出错",
    "新建插件": "shuangsui plugin new NAME",
    "检查插件": "shuangsui plugin check NAME",
}


def load_guide(_here: Here) -> Detail:
    """How a plugin is begun, tried and delivered; the same text as ``plugins/README.md``."""
    return Detail("开发者", SANDBOX, acts=(), data={"guide": as_html(reference.render(_checks()))})


def load_api(_here: Here) -> Table:
    """Every page's twin and every act, as programs call them."""
    rows = [_row(one) for one in _operations()]
    return Table(ROUTES, rows, "/dev/api/{name}", notes=(ERRORS,))


def load_operation(here: Here) -> Detail:
    """One of them, with the fields of its body; :class:`NotFound` ``operation_missing``."""
    name = here.path["name"]
    found = next((one for one in _operations() if name_of(one) == name), None)
    if found is None:
        raise NotFound("operation_missing", name=name)
    row = _row(found)
    facts = {heading: row[key] for key, heading in ROUTES.items() if key != "title"}
    body = found.model if isinstance(found, Act) else None
    tables = [Table(FIELDS, fields_of(body), title="请求正文（JSON）")] if body and body.model_fields else []
    notes = ("字段随所在机关启用的插件而不同，以 /api/openapi.json 为准。",) if _varies(found) else ()
    return Detail(row["title"], facts, tables, acts=(), notes=notes)


def load_hooks(_here: Here) -> Table:
    """What the platform asks of plugins; each promise is the hook's own docstring."""
    return Table(HOOKS, list(reference.hooks()))


def name_of(one: View | Act) -> str:
    """How an operation stands in the address."""
    return "-".join([_method(one), *re.findall(r"[a-z0-9_-]+", one.path.replace(":str", ""))])


def fields_of(model: type[BaseModel]) -> list[dict[str, Any]]:
    """The body of an act, field by field, as OpenAPI says it."""
    schema = model.model_json_schema()
    needed = schema.get("required", [])
    return [
        {
            "name": name, "title": said.get("title", ""), "type": _type(said, schema.get("$defs", {})),
            "required": name in needed, "about": said.get("description", ""),
        }
        for name, said in schema["properties"].items()
    ]  # fmt: skip


def _type(said: Mapping[str, Any], inner: Mapping[str, Any]) -> str:
    if "anyOf" in said:
        return " | ".join(_type(one, inner) for one in said["anyOf"])
    if "$ref" in said:
        return _type(inner[said["$ref"].rpartition("/")[2]], inner)
    if "enum" in said:
        return " | ".join(map(str, said["enum"]))
    kind = str(said.get("format") or said.get("type", "object"))
    return f"{kind}: {_type(said['items'], inner)}" if kind == "array" and "items" in said else kind


def _operations() -> Iterator[View | Act]:
    known = areas.declared()
    every: list[View | Act] = [*known.views, *known.acts]
    yield from sorted(every, key=lambda one: (one.path, _method(one)))


def _row(one: View | Act) -> dict[str, Any]:
    path = re.sub(r"\{(\w+):\w+\}", r"{\1}", f"/api{one.path}".rstrip("/"))
    return {
        "name": name_of(one), "method": _method(one).upper(), "path": path, "title": one.title, "verb": _verb(one.verb),
    }  # fmt: skip


def _verb(verb: Verb | None) -> str:
    return VERB_NAMES[verb] if verb else "已登录"


def _method(one: View | Act) -> str:
    return "post" if isinstance(one, Act) else "get"


def _varies(one: View | Act) -> bool:
    return isinstance(one, Act) and one.model_here is not None


def _checks() -> list[str]:
    """Of the quality list, found by name: it tries plugins in a console of its own, and so stands above this module."""
    titles: list[str] = import_module("shuangsui.testing.quality").titles()
    return titles


VIEWS = [
    view("/dev", verb=None, load=load_guide, title="开发者", menu="管理", template="console/guide.html"),
    view("/dev/api", verb=None, load=load_api, title="接口"),
    view("/dev/api/{name:str}", verb=None, load=load_operation, title="一个接口"),
    view("/dev/hooks", verb=None, load=load_hooks, title="钩子"),
]
