"""What a receiver gets: the envelope that Standard Webhooks recommends, with everything that is disclosed as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from shuangsui import Disclosed

_DATA = TypeAdapter(Disclosed).json_schema(mode="serialization", ref_template="#/$defs/{model}")
_ADDED = {"external_id": {"type": "string", "pattern": "^[0-9a-f]{40}$"}, "kind": {"type": "string"}}
SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "公示推送",
    "type": "object",
    "required": ["type", "timestamp", "data"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "pattern": "^disclosure\\.[a-z]+\\.(publish|correct|withdraw)$"},
        "timestamp": {"type": "string", "format": "date-time"},
        "data": {
            "type": "object",
            "required": [*_DATA["required"], *_ADDED],
            "properties": {**_DATA["properties"], **_ADDED},
        },
    },
    "$defs": _DATA["$defs"],
}
"""Made from the values themselves."""


def envelope(item: Disclosed) -> dict[str, Any]:
    """The same for the same revision, so that a repeat is the same bytes.

    The address of a sole owner 个体工商户 is often a home, and nobody needs it to know whom a result is about.
    """
    data = _plain(item.as_data())
    told = data["content"].get("object", {})
    if told.get("sole_owner"):
        told["address"] = ""
    return {
        "type": f"disclosure.{item.kind}.{item.action}",
        "timestamp": f"{item.published_on.isoformat()}T00:00:00+08:00",
        "data": {"external_id": item.external_id, **data},
    }


def _plain(value: Any) -> Any:
    """Days and times in ISO 8601, amounts as texts."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
