"""What makes two states of a row the same, and what differs between them; pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256

Content = dict[str, object]
"""The columns of a row in JSON values."""
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def plain(value: object) -> object:
    """``value`` in JSON: dates as YYYY-MM-DD, also inside lists and mappings."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def canonical(content: object) -> bytes:
    """One byte form of JSON values: UTF-8, members in order, no spaces."""
    return _encode(content).encode()


def fingerprint(content: Content) -> str:
    """128 bits of SHA-256 in hex: enough to tell the states of one row apart, small enough for a million of them."""
    return sha256(canonical(content)).hexdigest()[:32]


def altered(before: Content | None, after: Content | None) -> dict[str, tuple[object, object]]:
    """The columns of a changed row that differ, each from and to; none for a row that came or went."""
    if before is None or after is None:
        return {}
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
