"""The worker's part of an import by pages: the check of an upload, and taking it in once somebody has confirmed it.

Both may be run again at any point. What is wrong with the file is an answer, kept for whoever looks; only what is wrong
with the platform fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine

from shuangsui import db
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant
from shuangsui.errors import BadInput, RowErrors, RuleRefused
from shuangsui.registry import outcomes
from shuangsui.registry.checking import Checked
from shuangsui.registry.history import last_import
from shuangsui.registry.imports import refuse_moved
from shuangsui.registry.report import write_errors
from shuangsui.registry.service import GoodFile, Imported, good_file, preview, take_in
from shuangsui.registry.shelves import shelf_of
from shuangsui.registry.tables import RegistryUpload, UploadState
from shuangsui.registry.uploads import Progress, Uploads

WRONG = (BadInput, RuleRefused)
"""An answer for whoever asked; a database that is away is none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one tenant's uploads are worked on."""

    engine: Engine
    tenant: str
    store: Uploads

    def telling(self, upload: UUID, second: str) -> Callable[[str, int, int | None], None]:
        """Progress as pages show it; ``second``: what is done with the rows after their check."""
        stages = {"check": "check", "write": second}
        return lambda stage, done, total: self.store.tell(upload, Progress(stages[stage], done, total))


def check(place: Place, id_: UUID) -> None:
    """Find every error, or what the file would do; nothing for an upload that does not wait for it."""
    with db.session(place.engine, place.tenant, readonly=True) as session:
        row = _waiting(session, id_, UploadState.CHECKING)
    if row is None:
        return
    place.store.begin(id_)
    seen: UUID | None = None
    try:
        file = _checked(place, row)
        with db.session(place.engine, place.tenant, readonly=True) as session:
            last = last_import(session, row.kind)
            seen = last.id if last else None
            state, outcome = UploadState.READY, outcomes.good(row.kind, _previewed(session, file, row))
    except WRONG as error:
        if isinstance(error, RowErrors):
            path, report = place.store.path(id_), place.store.report(id_)
            write_errors(path, row.kind, error.errors, report, sheet=row.sheet or None, names=row.names)
        state, outcome = UploadState.REFUSED, outcomes.refused(error)
    with db.session(place.engine, place.tenant) as session:
        _settle(session, id_, UploadState.CHECKING, state, outcome, seen)


def write(place: Place, id_: UUID) -> None:
    """Take the file in as it was checked, under the name of whoever confirmed it; refused, nothing of it stands."""
    try:
        with db.session(place.engine, place.tenant) as session:
            lock_tenant(session)
            row = _waiting(session, id_, UploadState.WRITING)
            if row is None:
                return
            refuse_moved(session, row)
            place.store.begin(id_)
            outcome = outcomes.good(row.kind, _taken(session, place, row))
            _settle(session, id_, UploadState.WRITING, UploadState.DONE, outcome, row.seen)
    except WRONG as error:
        with db.session(place.engine, place.tenant) as session:
            _settle(session, id_, UploadState.WRITING, UploadState.REFUSED, outcomes.refused(error), None)
        return
    place.store.drop(id_)


def _checked(place: Place, row: RegistryUpload) -> GoodFile:
    path, tell = place.store.path(row.id), place.telling(row.id, "compare")
    file = good_file(path, row.kind, sheet=row.sheet or None, names=row.names, on_progress=tell)
    if file.checked.digest != row.sha256:
        raise BadInput("file_changed")
    return file


def _previewed(session: TenantSession, file: GoodFile, row: RegistryUpload) -> Imported:
    return preview(session, shelf_of(row.kind), file, partial=row.partial)


def _taken(session: TenantSession, place: Place, row: RegistryUpload) -> Imported:
    """The rows are judged once more on their way; the bytes must still be those that were checked."""
    actor = str(row.confirmed_by)
    require(session, actor, "import_registry")
    checked = Checked(row.kind, row.outcome["rows"], row.sha256, [], [], [], {})
    tell = place.telling(row.id, "write")
    file = GoodFile(place.store.path(row.id), row.sheet or None, checked, tell, row.names)
    return take_in(session, shelf_of(row.kind), file, actor=actor, partial=row.partial)


def _waiting(session: TenantSession, id_: UUID, state: UploadState) -> RegistryUpload | None:
    row = session.find(RegistryUpload, id_)
    return row if row is not None and row.state is state else None


def _settle(
    session: TenantSession, id_: UUID, begun: UploadState, state: UploadState, outcome: dict[str, object],
    seen: UUID | None,
) -> None:  # fmt: skip
    """Keep what came of it, unless somebody has given the upload up meanwhile."""
    lock_tenant(session)
    row = _waiting(session, id_, begun)
    if row is not None:
        row.state, row.outcome, row.seen = state, outcome, seen
        if state is UploadState.DONE:
            row.heads = [{**head, "samples": []} for head in row.heads]  # nobody's record: gone with the file
        session.add(row)
