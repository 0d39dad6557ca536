"""Which header is which field: what we guess, what was said last time, what a person says now; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shuangsui.errors import BadInput
from shuangsui.registry.columns import Kind
from shuangsui.registry.headers import Names, place_of, recognise, same_title

NOWHERE = ""


def guessed(kind: Kind, header: Sequence[str]) -> dict[str, str]:
    """Field → header by the names we know; :data:`NOWHERE` for a field that no column of the file seems to be."""
    places = {column.field: place_of(column, header) for column in kind.columns}
    return {field: NOWHERE if place is None else header[place] for field, place in places.items()}


def suggested(kind: Kind, header: Sequence[str], remembered: Names) -> dict[str, str]:
    """The same, with what was said of an earlier file where this one has that header too."""
    known = {field: _found(title, header) for field, title in remembered.items()}
    return {field: title if (kept := known.get(field)) is None else kept
            for field, title in guessed(kind, header).items()}  # fmt: skip


def is_plain(kind: Kind, header: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Whether nobody need be asked: every field that must be there has its header, and no header is left over."""
    has_all = all(columns[column.field] != NOWHERE for column in kind.columns if column.required)
    return has_all and set(filter(None, header)) == set(filter(None, columns.values()))


def differing(kind: Kind, header: Sequence[str], said: Mapping[str, str]) -> dict[str, str]:
    """Of what a person says, what nobody could have guessed: all that has to be kept.

    :class:`BadInput` ``column_unknown``, ``column_twice`` for one column given to two fields, and those of
    :func:`shuangsui.registry.headers.recognise`.
    """
    guess = guessed(kind, header)
    if strange := [title for field in guess if (title := said.get(field, NOWHERE)) and title not in header]:
        raise BadInput("column_unknown", column=strange[0][:40])
    names = {field: said.get(field, NOWHERE) for field in guess if said.get(field, NOWHERE) != guess[field]}
    titles = {column.field: column.headers[0] for column in kind.columns}
    by_title: dict[str, str] = {}
    for field in guess:
        title = said.get(field, NOWHERE)
        if title and title in by_title:
            raise BadInput("column_twice", column=title, first=titles[by_title[title]], second=titles[field])
        by_title[title] = field
    recognise(kind, header, names)
    return names


def _found(title: str, header: Sequence[str]) -> str | None:
    """The header as this file writes it; None if it has no such one."""
    if title == NOWHERE:
        return NOWHERE
    return next((one for one in header if same_title(one, title)), None)
