"""Columns of an item from a checked row of a file, or from one value typed by a person; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shuangsui.catalogue.derivation import attention, derived, read_frequency_as, read_ratio_as
from shuangsui.catalogue.tables import DrawMode, Item, ItemClass
from shuangsui.errors import BadInput
from shuangsui.registry.cells import Row
from shuangsui.registry.columns import ITEMS, Column
from shuangsui.registry.policy import plain
from shuangsui.registry.values import text
from shuangsui.registry.writing import cell, written

RENAMED = {
    "objects": "scope", "ratio": "ratio_text", "frequency": "frequency_text", "personnel_requirement": "personnel",
}  # fmt: skip
"""Columns that are called otherwise in the file, where they hold nothing but wording."""

NUMBERING = ("code", "no", "domain", "source_row")
"""What tells items apart stays as the file has it."""

CONTENT = (
    *NUMBERING, "family", *(RENAMED.get(c.field, c.field) for c in ITEMS.columns if c.field not in NUMBERING), "extra",
)  # fmt: skip
"""The columns that come from a file; a change of one is a change of the item."""


def from_row(row: Row) -> dict[str, Any]:
    """The columns of an item as a file has it; one number with several sub-items is one family."""
    columns: dict[str, Any] = {RENAMED.get(name, name): value for name, value in row.items()}
    columns["family"] = "-".join(str(part) for part in (row["domain"], row["no"]) if part)
    columns = _typed(columns) | derived(columns)
    return {**columns, "attention": attention(columns)}


def edited(field: str, value: str) -> dict[str, Any]:
    """What to change when a person sets ``field``, by its name or a header, to ``value``; empty text clears it.

    ``ratio_reading`` and ``frequency_reading`` say in plain words how a wording is to be read; the wording stays.
    :class:`BadInput` for an unknown field and for a value that the column would not take from a file either.
    """
    if field in _OTHERS:
        return _OTHERS[field](value)
    column = next((one for one in _EDITABLE if field == one.field or field in one.headers), None)
    if column is None:
        known = (*(one.headers[0] for one in _EDITABLE), *_OTHERS)
        raise BadInput("field_unknown", field=field, known="、".join(known))
    columns = {RENAMED.get(column.field, column.field): _read(column, value)}
    return _typed(columns) | derived(columns)


def content_of(item: Item) -> dict[str, object]:
    """What a file could have said of an item as it is now."""
    return {name: plain(getattr(item, name)) for name in CONTENT}


def _read(column: Column, value: str) -> object:
    if value.strip():
        return column.read(value, _silent)
    if column.required:
        raise BadInput("required_empty", column=column.headers[0])
    return column.empty()


def _typed(columns: dict[str, Any]) -> dict[str, Any]:
    found = columns.get("item_class")
    return {**columns, "item_class": ItemClass(found)} if found else columns


def _silent(code: str, **params: object) -> None:
    """What a reader tidies up is plain to the person who typed it."""


def _draw_mode(value: str) -> dict[str, Any]:
    if value not in set(DrawMode):
        raise BadInput("mode_unknown", mode=value)
    return {"draw_mode": DrawMode(value)}


def _reading(name: str, read: Callable[[str], dict[str, Any] | None]) -> Callable[[str], dict[str, Any]]:
    def understood(value: str) -> dict[str, Any]:
        rule = read(value)
        if rule is None or not rule["parsed"]:
            raise BadInput("reading_unclear", text=value)
        return {name: rule}

    return understood


_FAMILY = Column("family", ("事项族",), text(64), required=True)
_EDITABLE = (*(column for column in ITEMS.columns if column.field not in NUMBERING), _FAMILY)
_OTHERS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "draw_mode": _draw_mode,
    "ratio_reading": _reading("ratio", read_ratio_as),
    "frequency_reading": _reading("frequency", read_frequency_as),
}


def as_file(items: Iterable[Item]) -> bytes:
    """Items as a file of them, their own columns last; read again, it makes the same items."""
    return written("items", (_cells(item) for item in items))


def _cells(item: Item) -> dict[str, str]:
    fields = [column.field for column in ITEMS.columns]
    return {name: cell(getattr(item, RENAMED.get(name, name))) for name in fields} | item.extra
