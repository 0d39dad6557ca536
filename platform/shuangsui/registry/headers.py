"""Which column is which: the header row recognised for one kind of file, or one clear error.

What is written above the columns is guessed by the names we know, unless a person has said which is which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from shuangsui.errors import BadInput
from shuangsui.registry.cells import Cell, is_empty, letters
from shuangsui.registry.columns import KINDS, Column, Kind
from shuangsui.registry.normalise import fold
from shuangsui.said import say

Names = Mapping[str, str]
"""Field → the header it stands under in this file, as a person said; empty: in none. Other fields are guessed."""

TITLE = 100
"""Signs of a title that are kept where a file is described; what a person says of a longer one says :func:`short`."""
_MARKS = re.compile(r"\*|\((必填|选填|可选)\)")


@dataclass(frozen=True, slots=True)
class Layout:
    """A recognised header: ``columns`` and ``extra`` by position, ``ignored`` headers by name."""

    kind: Kind
    header: tuple[str, ...]
    columns: tuple[tuple[int, Column], ...]
    extra: tuple[tuple[int, str], ...]
    ignored: tuple[str, ...]

    @property
    def width(self) -> int:
        """How many columns the header spans, unnamed ones inside it counted."""
        return max((position + 1 for position, title in enumerate(self.header) if title), default=0)

    def title(self, position: int) -> str:
        """The header above a cell, or the column's letters where there is none."""
        named = self.header[position] if position < len(self.header) else ""
        return named or letters(position)

    def title_of(self, field: str) -> str:
        """The header of ``field`` as this file writes it, or the official one if the file has no such column."""
        for position, column in self.columns:
            if column.field == field:
                return self.header[position]
        return next((column.headers[0] for column in self.kind.columns if column.field == field), field)


def recognise(kind: Kind, cells: Sequence[Cell], names: Names | None = None) -> Layout:
    """The layout of ``cells`` as a header of ``kind``, where ``names`` goes before what we know; raises ``BadInput``.

    ``duplicate_column`` a header stands twice · ``wrong_kind`` the header is that of another registry ·
    ``missing_columns`` required columns are absent.
    """
    header = written(cells)
    positions = _positions(header)
    _refuse_missing(kind, positions, names)
    found = [(position, column) for column in kind.columns if (position := _find(column, positions, names)) is not None]
    columns = tuple(sorted(found, key=lambda place: place[0]))
    taken = {position for position, _ in columns}
    others = [(position, title) for position, title in enumerate(header) if title and position not in taken]
    return Layout(
        kind=kind,
        header=header,
        columns=columns,
        extra=tuple(others) if kind.extensible else (),
        ignored=() if kind.extensible else tuple(title for _, title in others),
    )


def written(cells: Sequence[Cell]) -> tuple[str, ...]:
    """A header as it is shown: each title in one line, empty above a column without one."""
    return tuple("" if is_empty(cell) else " ".join(str(cell).split()) for cell in cells)


def fits(kind: Kind, cells: Sequence[Cell], names: Names | None = None) -> bool:
    """Whether every required column of ``kind`` is there."""
    keys = {_key(short(title)) for title in written(cells)} - {""}
    return all(keys & _names(column, names) for column in kind.columns if column.required)


def short(title: str) -> str:
    """A title as it is known by: itself, or its beginning and eight digits by which two long ones differ."""
    if len(title) <= TITLE:
        return title
    return f"{title[: TITLE - 9]}…{sha256(_key(title).encode('utf-8', 'replace')).hexdigest()[:8]}"


def place_of(column: Column, header: Sequence[str]) -> int | None:
    """Where ``column`` stands in a header; None if nowhere, or if the header has a name twice."""
    try:
        return _find(column, _positions(tuple(header)))
    except BadInput:
        return None


def same_title(one: str, other: str) -> bool:
    """Whether two headers are the same but for spaces, width, case and marks."""
    return _key(one) == _key(other)


def _refuse_missing(kind: Kind, positions: dict[str, int], names: Names | None) -> None:
    """Say which required columns are absent, or which other registry the file looks like."""
    missing = [column for column in kind.columns if column.required and _find(column, positions, names) is None]
    if not missing:
        return
    for other in KINDS.values():
        if other is not kind and fits(other, list(positions)):
            raise BadInput("wrong_kind", expected=kind.title, found=other.title)
    raise BadInput("missing_columns", columns="、".join(_accepted(column) for column in missing), title=kind.title)


def _positions(header: tuple[str, ...]) -> dict[str, int]:
    """Position of each header by its comparable form; raises ``BadInput`` for a header that stands twice."""
    positions: dict[str, int] = {}
    for position, title in enumerate(header):
        key = _key(short(title))
        if key and key in positions:
            raise BadInput("duplicate_column", column=title, first=letters(positions[key]), second=letters(position))
        positions[key] = position
    positions.pop("", None)
    return positions


def _find(column: Column, positions: dict[str, int], names: Names | None = None) -> int | None:
    """Where ``column`` stands: where a person said, or else of several accepted names the one listed first wins."""
    if names and column.field in names:
        return positions.get(_key(names[column.field]))
    known = (_key(name) for name in (*column.headers, column.field))
    return next((positions[name] for name in known if name in positions), None)


def _names(column: Column, names: Names | None) -> set[str]:
    """Every accepted name in comparable form, or the one that a person said."""
    if names and column.field in names:
        return {_key(names[column.field])}
    return {_key(name) for name in (*column.headers, column.field)}


def _accepted(column: Column) -> str:
    """A column's accepted Chinese names for a message."""
    first, *others = [name for name in column.headers if not name.isascii()]
    return say("{first}（或{listed}）", first=first, listed="、".join(others)) if others else first


def _key(title: str) -> str:
    """A header without spaces, width, case and marks such as （必填）."""
    return _MARKS.sub("", fold(title)).casefold()
