"""The contract with a directory: one page, checked against ``directory.schema.json``, as values; pure.

What is wrong is told by its place and its name only: what stands there is somebody's data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import jsonschema_rs

from shuangsui import OutsideFailed, PoolExpert

SCHEMA: Mapping[str, Any] = json.loads((files(__package__) / "directory.schema.json").read_bytes())
_VALIDATOR = jsonschema_rs.Draft202012Validator(dict(SCHEMA), validate_formats=True)
_TITLES = {
    name: part["title"]
    for properties in (SCHEMA["properties"], SCHEMA["$defs"]["expert"]["properties"])
    for name, part in properties.items()
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``state`` is what all pages of one list share: its day, how many people it has, how many pages."""

    state: tuple[date, int, int]
    number: int
    people: tuple[PoolExpert, ...]


def page_of(data: bytes, prefix: str = "") -> Page:
    """The page; ``prefix`` goes before every number. :class:`OutsideFailed` ``directory_answer`` names the field."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise wrong("不是 JSON") from None
    for error in _VALIDATOR.iter_errors(document):
        raise wrong(_place(error))
    state = date.fromisoformat(document["day"]), document["total"], document["pages"]
    people = [_expert(place, one, prefix) for place, one in enumerate(document["experts"], 1)]
    return Page(state, document["page"], tuple(people))


def wrong(what: str) -> OutsideFailed:
    """The error for an answer that is not as agreed."""
    return OutsideFailed("directory_answer", problem=f"专家名单不符合约定：{what}")


def _expert(place: int, one: Mapping[str, Any], prefix: str) -> PoolExpert:
    until, fields = one.get("valid_to"), tuple(one["fields"])
    try:
        valid_to = date.fromisoformat(until) if until else None
        return PoolExpert(prefix + one["number"], one["name"], one.get("employer") or "", fields, valid_to)
    except ValueError:
        raise wrong(f"第 {place} 名专家加上前缀以后的编号或者日期不可用") from None


def _place(error: Any) -> str:
    """``第 3 名专家的编号（number）`` and what is the matter with it."""
    path, kind = list(error.instance_path), error.kind
    path += [kind.property] if kind.name == "required" else []
    path += kind.unexpected[:1] if kind.name == "additionalProperties" else []
    names = [one for one in path if isinstance(one, str)]
    name = names[-1] if names else ""
    who = f"第 {path[1] + 1} 名专家的" if len(path) > 2 and path[0] == "experts" else ""
    title = f"{_TITLES[name]}（{name}）" if name in _TITLES else name or "全文"
    problem = {"required": "没有写", "additionalProperties": "不在约定之内"}.get(kind.name, "不符合要求")
    return f"{who}{title}{problem}"
