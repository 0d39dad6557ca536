"""One file becomes the state of one shelf: added, changed and removed rows, each with its history (R6.5).

Only key and fingerprint of what is there are held in memory, so a million rows need some two hundred megabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from shuangsui.bulk import insert_rows
from shuangsui.db import TenantSession
from shuangsui.registry.cells import Row
from shuangsui.registry.pipeline import CheckedRow
from shuangsui.registry.policy import Content, fingerprint
from shuangsui.registry.shelves import Columns, Shelf
from shuangsui.registry.tables import ChangeKind, Kept, RegistryChange

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between a file and its shelf; ``columns`` is what to write, ``row`` what is there."""

    key: str
    kind: ChangeKind
    before: Content | None = None
    after: Content | None = None
    columns: Columns = field(default_factory=dict)
    row: Kept | None = None


def differences(
    session: TenantSession, shelf: Shelf, batches: Iterable[Sequence[CheckedRow]], *, partial: bool
) -> Iterator[list[Change]]:
    """What distinguishes the file from the shelf, batch by batch, removals last; ``partial`` removes nothing.

    Each batch may be stored before the next is asked for.
    """
    known = dict(session.exec(select(_key(shelf), col(shelf.table.fingerprint)).where(*shelf.within())).all())
    for rows in batches:
        yield _compared(session, shelf, rows, known)
    missing = iter(() if partial else sorted(known))
    while keys := list(islice(missing, BATCH)):
        there = _rows(session, shelf, keys)
        gone = ((key, there[key]) for key in keys)
        yield [Change(key, ChangeKind.REMOVED, before=_content(shelf, row), row=row) for key, row in gone]


def store(session: TenantSession, shelf: Shelf, changes: Sequence[Change], import_id: UUID) -> None:
    """Write one batch of differences and their history."""
    added: list[Columns] = []
    for change in changes:
        columns = {**change.columns, **shelf.fixed, "import_id": import_id}
        if change.kind is ChangeKind.ADDED:
            added.append(columns)
        elif change.kind is ChangeKind.CHANGED:
            _update(change.row, columns)
    session.flush()
    if added:
        insert_rows(session, shelf.table, added)
    _remove(session, shelf, [change.key for change in changes if change.kind is ChangeKind.REMOVED])
    if changes:
        insert_rows(session, RegistryChange, [_history(shelf, change, import_id) for change in changes])


def _compared(session: TenantSession, shelf: Shelf, rows: Sequence[CheckedRow], known: dict[str, str]) -> list[Change]:
    """The differing rows of one batch; every key met is taken out of ``known``."""
    changes = [change for row in rows if (change := _judged(shelf, row.values, known))]
    there = _rows(session, shelf, [change.key for change in changes if change.kind is ChangeKind.CHANGED])
    return [_beside(shelf, change, there.get(change.key)) for change in changes]


def _judged(shelf: Shelf, row: Row, known: dict[str, str]) -> Change | None:
    """Whether the row is new, other than what is there, or neither."""
    columns = shelf.columns(row)
    after, key = shelf.content_of(columns), str(columns[shelf.key])
    mark, earlier = fingerprint(after), known.pop(key, None)
    if mark == earlier:
        return None
    kind = ChangeKind.CHANGED if earlier else ChangeKind.ADDED
    return Change(key, kind, after=after, columns={**columns, "fingerprint": mark})


def _beside(shelf: Shelf, change: Change, row: Kept | None) -> Change:
    """The change with the row it is about, if there is one yet."""
    return replace(change, row=row, before=_content(shelf, row)) if row else change


def _rows(session: TenantSession, shelf: Shelf, keys: Sequence[str]) -> dict[str, Kept]:
    """The rows of ``keys`` that are on the shelf."""
    found = session.exec(select(shelf.table).where(*shelf.within(), _key(shelf).in_(keys))) if keys else ()
    return {getattr(row, shelf.key): row for row in found}


def _update(row: Kept | None, columns: Columns) -> None:
    for name, value in columns.items():
        setattr(row, name, value)


def _remove(session: TenantSession, shelf: Shelf, keys: Sequence[str]) -> None:
    if keys:
        gone = delete(shelf.table).where(*shelf.within(), _key(shelf).in_(keys))
        session.execute(gone.execution_options(synchronize_session=False))


def _content(shelf: Shelf, row: Kept) -> Content:
    return shelf.content_of({name: getattr(row, name) for name in shelf.content})


def _history(shelf: Shelf, change: Change, import_id: UUID) -> dict[str, Any]:
    return {
        "import_id": import_id,
        "kind": shelf.kind,
        "key": change.key,
        "change": change.kind,
        "before": change.before,
        "after": change.after,
    }


def _key(shelf: Shelf) -> Any:
    return getattr(shelf.table, shelf.key)
