"""Data files, times and the bytes of a package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from shuangsui import Disclosed, Package

JSON = "application/json; charset=utf-8"
_BEIJING = ZoneInfo("Asia/Shanghai")


def document(package: str, name: str) -> dict[str, Any]:
    """The JSON data file ``name`` in the folder ``data`` of the Python package ``package``."""
    found: dict[str, Any] = json.loads(files(package).joinpath("data", name).read_bytes())
    return found


def beijing(at: datetime) -> datetime:
    """Legal time: what is written into a form."""
    return at.astimezone(_BEIJING)


def as_json(value: object) -> bytes:
    """UTF-8, in the order of the columns; the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def json_package(item: Disclosed, value: Mapping[str, Any]) -> Package:
    """``value`` as the package of ``item``."""
    name = f"{item.external_id}-{item.revision}.json"
    return Package(item.external_id, item.revision, item.action, name, JSON, as_json(value))
