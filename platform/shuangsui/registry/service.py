"""Taking registry files in: all rows or none, with their history, in the caller's one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import RowError
from shuangsui.ledger.service import record
from shuangsui.registry.apart import apart
from shuangsui.registry.checking import Checked, check_file, iter_checked
from shuangsui.registry.dangling import watched
from shuangsui.registry.headers import Names
from shuangsui.registry.intake import BATCH, Change, differences, store
from shuangsui.registry.kept import KeptRows
from shuangsui.registry.pipeline import CheckedRow
from shuangsui.registry.shelves import Shelf, shelf_of
from shuangsui.registry.tables import ChangeKind, Expert, Interest, RegistryImport

SHOWN = 100
"""How many differences an answer carries; the history has all of them."""

Progress = Callable[[str, int, int | None], None]
"""Called with ``check`` or ``write``, the rows done, and of about how many where that is known."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file did, or would do: its rows, differences by kind and the first of them, remarks on its cells."""

    rows: int
    added: int
    changed: int
    removed: int
    first: list[Change]
    notes: list[RowError]
    warnings: list[RowError]


@dataclass(frozen=True, slots=True)
class Origin:
    """The feed or expert pool a file comes from: ``plugin/name``, the day whose state it is, and its mark."""

    feed: str
    day: date
    mark: str


@dataclass(frozen=True, slots=True)
class GoodFile:
    """A file without errors; ``sheet``: the one asked for; ``names``: what a person said of its columns."""

    path: Path
    sheet: str | None
    checked: Checked
    on_progress: Progress
    names: Names | None = None
    kept: KeptRows | None = None
    """Where its rows were put while it was judged; None: they are read and judged again."""

    def batches(self) -> Iterator[list[CheckedRow]]:
        """Its rows."""
        done, checked = 0, self.checked
        rows = iter_checked(
            self.path, checked.kind, digest=checked.digest, sheet=self.sheet, names=self.names, batch=BATCH,
            kept=self.kept,
        )  # fmt: skip
        for batch in rows:
            yield batch
            done += len(batch)
            self.on_progress("write", done, checked.rows)


def import_file(
    session: TenantSession,
    kind: str,
    path: Path,
    *,
    actor: str,
    dry_run: bool = False,
    partial: bool = False,
    sheet: str | None = None,
    on_progress: Progress | None = None,
) -> Imported:
    """Make ``path`` the state of one of the four registries; ``partial`` leaves rows alone that it does not name.

    :class:`~shuangsui.errors.RowErrors` with every bad row; nothing is changed then, nor in a ``dry_run``. A file of
    items is the catalogue's: its rows become a draft. The transaction begins when the file has been checked.
    """
    shelf = shelf_of(kind)
    file = good_file(path, kind, sheet=sheet, on_progress=on_progress)
    require(session, actor, "import_registry")
    if dry_run:
        return preview(session, shelf, file, partial=partial)
    return take_in(session, shelf, file, actor=actor, partial=partial)


def good_file(
    path: Path,
    kind: str,
    *,
    sheet: str | None = None,
    names: Names | None = None,
    on_progress: Progress | None = None,
) -> GoodFile:
    """The file, if not a single row of it is bad."""
    tell, kept = on_progress or _silent, KeptRows()
    checked = check_file(
        path, kind, sheet=sheet, names=names, on_progress=lambda *rows: tell("check", *rows), keep=kept
    )
    checked.refuse()
    return GoodFile(path, sheet, checked, tell, names, kept)


def preview(session: TenantSession, shelf: Shelf, file: GoodFile, *, partial: bool) -> Imported:
    """What the file would do to the shelf."""
    return _summed(file.checked, _found(session, shelf, file, partial=partial))


def take_in(
    session: TenantSession,
    shelf: Shelf,
    file: GoodFile,
    *,
    actor: str,
    partial: bool,
    origin: Origin | None = None,
) -> Imported:
    """Write what differs, its history, the import itself, and one ledger entry ``registry.import``."""
    lock_tenant(session)  # two files compared with the same state would each undo the other's half
    entry = RegistryImport(
        kind=shelf.kind, at=now(session), actor=actor, source=file.path.name,
        sha256=file.checked.digest, partial=partial, rows=file.checked.rows, **(asdict(origin) if origin else {}),
    )  # fmt: skip
    session.add(entry)
    session.flush()
    found = _found(session, shelf, file, partial=partial)
    imported = _summed(file.checked, _stored(session, shelf, found, entry.id))
    entry.added, entry.changed, entry.removed = imported.added, imported.changed, imported.removed
    record(session, "registry.import", actor=actor, subject=shelf.kind, payload=_payload(entry))
    return imported


def _found(session: TenantSession, shelf: Shelf, file: GoodFile, *, partial: bool) -> Iterator[list[Change]]:
    batches = file.batches()
    if shelf.table is Interest:
        batches = watched(session, batches, file.checked.warnings)
    elif shelf.table is Expert:
        batches = apart(session, shelf, batches)
    return differences(session, shelf, batches, partial=partial)


def _stored(
    session: TenantSession, shelf: Shelf, found: Iterable[list[Change]], import_id: UUID
) -> Iterator[list[Change]]:
    for changes in found:
        store(session, shelf, changes, import_id)
        yield changes


def _summed(checked: Checked, found: Iterable[list[Change]]) -> Imported:
    """Count the differences while they pass by."""
    counts: Counter[ChangeKind] = Counter()
    first: list[Change] = []
    for changes in found:
        counts.update(change.kind for change in changes)
        first += [replace(change, columns={}, row=None) for change in changes[: SHOWN - len(first)]]
    added, changed, removed = counts[ChangeKind.ADDED], counts[ChangeKind.CHANGED], counts[ChangeKind.REMOVED]
    return Imported(checked.rows, added, changed, removed, first, checked.notes, checked.warnings)


def _payload(entry: RegistryImport) -> dict[str, object]:
    return entry.model_dump(exclude={"tenant_id", "id", "at", "actor"}, exclude_none=True)


def _silent(_stage: str, _done: int, _total: int | None) -> None:
    """No progress is wanted."""
