"""Which table keeps the rows of which file, and how a checked row becomes its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.sql import ColumnElement

from shuangsui.errors import BadInput
from shuangsui.registry.cells import Row
from shuangsui.registry.policy import Content, plain
from shuangsui.registry.tables import Decision, Expert, InspectionObject, Inspector, Interest, Kept

Columns = dict[str, Any]
POOL = "expert_pool"
"""The kind of what is pulled from an expert pool; no registry of our own."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The place of one kind of file.

    ``key``: column that identifies a row · ``content``: columns whose change is a change of the row ·
    ``columns``: every column of a checked row · ``fixed``: columns all rows of this place share; the others of the
    table are none of its business.
    """

    kind: str
    table: type[Kept]
    key: str
    content: tuple[str, ...]
    columns: Callable[[Row], Columns]
    fixed: Mapping[str, object] = field(default_factory=dict)

    def within(self) -> list[ColumnElement[bool]]:
        """The rows of the table that stand on this shelf."""
        return [getattr(self.table, name) == value for name, value in self.fixed.items()]

    def content_of(self, columns: Mapping[str, object]) -> Content:
        """The content among ``columns``, in JSON values."""
        return {name: plain(columns[name]) for name in self.content}


def shelf_of(kind: str) -> Shelf:
    """The place of one of the four registries; :class:`BadInput` ``kind_unknown``."""
    if kind not in SHELVES:
        raise BadInput("kind_unknown", kind=kind, known="、".join(SHELVES))
    return SHELVES[kind]


def _as_it_is(row: Row) -> Columns:
    return dict(row)


def _object(row: Row) -> Columns:
    """The letter of an industry code stands apart from its digits (GB/T 4754)."""
    written = str(row["industry"] or "")
    return {**row, "gate": written[:-4] or None, "industry": written[-4:] or None, "flags": plain(row["flags"])}


def _interest(row: Row) -> Columns:
    parts = (row[name] for name in ("person_kind", "person_no", "object_code", "relation", "since"))
    return {**row, "key": "|".join(str(part or "") for part in parts)}


def _shelf(
    kind: str,
    table: type[Kept],
    key: str,
    columns: Callable[[Row], Columns] = _as_it_is,
    fixed: Mapping[str, object] | None = None,
) -> Shelf:
    apart = fixed or {}
    content = tuple(name for name in table.model_fields if name not in {*Kept.model_fields, *apart, "key"})
    return Shelf(kind, table, key, content, columns, apart)


def pool_shelf(pool: str) -> Shelf:
    """Where the people of one pulled expert pool stand, apart from the own registry and from every other pool."""
    return _shelf(POOL, Expert, "expert_no", fixed={"pool": pool})


SHELVES: Mapping[str, Shelf] = {
    shelf.kind: shelf
    for shelf in (
        _shelf("objects", InspectionObject, "code", _object),
        _shelf("inspectors", Inspector, "cert_no"),
        _shelf("experts", Expert, "expert_no", fixed={"pool": ""}),
        _shelf("interests", Interest, "key", _interest),
    )
}

DECISIONS = _shelf("decisions", Decision, "number")
"""No registry 名录库: files add to it and correct it, nothing is ever removed by one."""
