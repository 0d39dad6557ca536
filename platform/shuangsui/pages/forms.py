"""Forms out of pydantic models: what to draw, and what came back."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import Base64Bytes, BaseModel, ValidationError
from pydantic.fields import FieldInfo

from shuangsui.pages.declaring import Act, Here


class Attachment(BaseModel):
    """An uploaded file; in JSON its bytes are base64."""

    name: str
    data: Base64Bytes


@dataclass(frozen=True, slots=True)
class Input:
    """One field as the template draws it."""

    name: str
    label: str
    kind: str
    required: bool
    hint: str
    options: Mapping[str, str]
    value: Any
    error: str = ""


LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
"""What a browser sends for a time: without its zone, which for our people is the one of Beijing."""
BEIJING = "+08:00"
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

HIDDEN = "hidden"
NOTHING = "现在没有可以选择的内容。"
"""Said instead of a hint where a field has choices and there are none: what is chosen is never typed in."""

FAULTS = {
    "missing": "请填写。",
    "string_too_short": "太短。",
    "string_too_long": "太长。",
    "string_pattern_mismatch": "格式不对。",
    "literal_error": "请从所列各项中选择。",
    "enum": "请从所列各项中选择。",
    "date_from_datetime_parsing": "请填写日期，如 2026-06-15。",
    "date_parsing": "请填写日期，如 2026-06-15。",
    "int_parsing": "请填写整数。",
    "greater_than_equal": "太小。",
    "less_than_equal": "太大。",
    "datetime_from_date_parsing": "请填写日期和时间，如 2026-06-15 09:00。",
    "datetime_parsing": "请填写日期和时间，如 2026-06-15 09:00。",
    "too_short": "请至少填写一项。",
    "value_error": "填写有误。",
}


def faults(error: ValidationError) -> dict[str, str]:
    """Field → what is wrong with it, in Chinese; never what was typed."""
    return {str(one["loc"][0]) if one["loc"] else "": FAULTS.get(one["type"], "填写有误。") for one in error.errors()}


def inputs(
    act: Act,
    here: Here,
    values: Mapping[str, Any] | None = None,
    wrong: Mapping[str, str] | None = None,
    shown: Mapping[str, Any] | None = None,
) -> list[Input]:
    """The fields of the act's form, with what was typed before and what was wrong with it.

    One that need not be filled in is left out while there is nothing to choose from. A ``hidden`` one is never typed:
    it carries back what the page itself has under that name (``shown``), after a refusal too.
    """
    given = act.given(here) if act.given and values is None else {}
    asked = values if values is not None else {**given, **here.query}
    every = [
        _hidden(name, info, shown or {})
        if _kind(info) == HIDDEN
        else _input(act, here, name, info, asked, (wrong or {}).get(name, ""), typed=values is not None)
        for name, info in act.form(here).model_fields.items()
    ]
    return [one for one in every if one.required or one.options or one.name not in act.choices]


def typed(model: type[BaseModel], form: Mapping[str, list[Any]]) -> dict[str, Any]:
    """A submitted form as the model takes it: empty fields are absent, an unticked box is false."""
    taken: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        given = [one for one in form.get(name, []) if one not in ("", None)]
        kind = _kind(info)
        if kind == "checkbox":
            taken[name] = bool(given)
        elif kind in ("lines", "many"):
            taken[name] = [line.strip() for one in given for line in str(one).splitlines() if line.strip()]
        elif given:
            taken[name] = f"{given[0]}{BEIJING}" if kind == "time" and LOCAL.fullmatch(str(given[0])) else given[0]
    return taken


def _hidden(name: str, info: FieldInfo, shown: Mapping[str, Any]) -> Input:
    return Input(name, info.title or name, HIDDEN, info.is_required(), "", {}, _kept(HIDDEN, shown.get(name)))


def _input(
    act: Act, here: Here, name: str, info: FieldInfo, values: Mapping[str, Any], error: str, *, typed: bool
) -> Input:
    choices = act.choices.get(name)
    options = choices(here) if callable(choices) else choices or _options(info)
    hint = NOTHING if choices is not None and not options else info.description or ""
    kind = _kind(info)
    if options or choices is not None:
        kind = "many" if kind == "lines" else "select"
    default = None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
    value = values.get(name, None if typed else default)
    if kind in ("lines", "many") and isinstance(value, str):
        value = value.splitlines()
    kept = "" if kind in ("password", "file") else _kept(kind, value)
    return Input(name, info.title or name, kind, info.is_required(), hint, options, kept, error)


def _kept(kind: str, value: Any) -> Any:
    """A value as its control takes it."""
    if isinstance(value, Enum):
        return str(value.value)
    if kind == "lines":
        return "\n".join(str(one) for one in value or ())
    if kind == "time" and isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    if kind == "time":
        return str(value or "").removesuffix(BEIJING)
    return value if kind in ("many", "checkbox") else "" if value is None else str(value)


def _plain(info: FieldInfo) -> Any:
    kind = info.annotation
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(one for one in get_args(kind) if one is not type(None))
    return kind


def _options(info: FieldInfo) -> Mapping[str, str]:
    kind = _plain(info)
    if get_origin(kind) is list:
        kind = get_args(kind)[0]
    if get_origin(kind) is Literal:
        return {str(one): str(one) for one in get_args(kind)}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {str(one.value): str(one.value) for one in kind}
    return {}


def _kind(info: FieldInfo) -> str:
    extra = info.json_schema_extra
    if isinstance(extra, dict) and "kind" in extra:
        return str(extra["kind"])
    kind = _plain(info)
    if get_origin(kind) in (list, tuple):
        return "lines"
    plain = {bool: "checkbox", int: "number", date: "date", datetime: "time", Attachment: "file"}
    return plain.get(kind, "text")
