"""A feed's file with the columns it lacks: another authority's register does not know our items, classes and flags.

What the registry has of an object stays; a new object without its items is then refused like any row (R6.1).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from shuangsui.db import TenantSession
from shuangsui.registry import read
from shuangsui.registry.columns import OBJECTS, Column
from shuangsui.registry.headers import place_of
from shuangsui.registry.normalise import fold
from shuangsui.registry.writing import cells_of


def complete_file(session: TenantSession, data: bytes, path: Path) -> None:
    """Write ``data`` to ``path``, with what the registry has in every column of objects that it lacks.

    What is no CSV with a code in each row is written as it is: the intake says what is wrong with it.
    """
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        rows = []
    lacking = [column for column in OBJECTS.columns if rows and place_of(column, rows[0]) is None]
    place = place_of(OBJECTS.columns[0], rows[0]) if rows else None
    if place is None or not lacking:
        path.write_bytes(data)
        return
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(_completed(session, rows, place, lacking))


def _completed(
    session: TenantSession, rows: Sequence[list[str]], place: int, lacking: Sequence[Column]
) -> Iterator[list[str]]:
    """Every row padded to the header's width and lengthened by what the registry has; blank for a new object."""
    width, nothing = len(rows[0]), [""] * len(lacking)
    yield rows[0] + [column.field for column in lacking]
    codes = {_code(row, place) for row in rows[1:]}
    kept = {
        entry.code: [cells[column.field] for column in lacking]
        for entry in read.objects_of(session)
        if entry.code in codes and (cells := cells_of("objects", entry))
    }
    for row in rows[1:]:
        filled = row + [""] * (width - len(row))
        yield filled[:width] + (kept.get(_code(row, place)) or nothing) + filled[width:]


def _code(row: Sequence[str], place: int) -> str:
    return fold(row[place]).upper() if place < len(row) else ""
