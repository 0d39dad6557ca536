"""What the registries hold in the form in which a file writes it: read again, it says the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from shuangsui.registry.columns import KINDS


def written(kind: str, rows: Iterable[Mapping[str, str]]) -> bytes:
    """A CSV file of this kind in UTF-8, its headers the names of the fields; columns beyond the kind's stand last."""
    rows = list(rows)
    fields = [column.field for column in KINDS[kind].columns]
    more = dict.fromkeys(name for row in rows for name in row if name not in fields)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*fields, *more], restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def cells_of(kind: str, entry: object) -> dict[str, str]:
    """The cells of one entry of :mod:`shuangsui.registry.read`, or of one row of the same fields."""
    cells = {column.field: cell(getattr(entry, column.field)) for column in KINDS[kind].columns}
    if kind == "objects":
        cells["industry"] = f"{getattr(entry, 'gate', None) or ''}{cells['industry']}"
    return cells


def cell(value: Any) -> str:
    """One value as a file writes it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "；".join(one if isinstance(one, str) else _flag(one) for one in value)
    return "" if value is None else str(value)


def _flag(flag: Mapping[str, str | None]) -> str:
    return "|".join(flag.get(name) or "" for name in ("kind", "source", "since", "until"))
