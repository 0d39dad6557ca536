"""A file taken in step by step: uploaded, its columns named, checked, confirmed; checking and writing is the worker's.

Whatever a person decides here is one entry of the ledger. The import itself is written when it happens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import event
from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, new_id, now
from shuangsui.errors import NotFound, RuleRefused
from shuangsui.ledger.alerts import CLOCK
from shuangsui.ledger.service import record
from shuangsui.outbox import OutboxRow, WorkState, enqueue, given
from shuangsui.registry.columns import KINDS
from shuangsui.registry.headers import Names
from shuangsui.registry.heads import Head, heads_of
from shuangsui.registry.history import last_import
from shuangsui.registry.mapping import differing
from shuangsui.registry.shelves import shelf_of
from shuangsui.registry.tables import RegistryUpload, UploadState
from shuangsui.registry.uploads import Uploads

CHECK, WRITE = "registry.check", "registry.write"
KEPT = timedelta(days=7)
"""So long an upload waits for somebody."""
JOBS = {UploadState.CHECKING: CHECK, UploadState.WRITING: WRITE}
AT_WORK = tuple(JOBS)


@dataclass(frozen=True, slots=True)
class Columns:
    """What a person says of a file: the sheet, which header is which field, and whether it has every row there is."""

    said: Mapping[str, str]
    sheet: str = ""
    partial: bool = False


def upload(session: TenantSession, store: Uploads, kind: str, name: str, data: bytes, *, actor: str) -> RegistryUpload:
    """Keep a file whose beginning can be read; errors of :func:`shuangsui.registry.heads.heads_of`."""
    shelf_of(kind)
    require(session, actor, "import_registry")
    id_ = new_id()
    store.put(id_, name, data)
    try:
        heads = heads_of(store.path(id_), KINDS[kind])
        row = RegistryUpload(
            id=id_, kind=kind, at=now(session), by=actor, name=name, sha256=sha256(data).hexdigest(), size=len(data),
            sheet=heads[0].sheet, heads=[asdict(head) for head in heads],
        )  # fmt: skip
        session.add(row)
        session.flush()
        _record(session, "registry.upload", row, actor, size=row.size)
    except BaseException:
        store.drop(id_)
        raise
    return row


def check(session: TenantSession, id_: str, columns: Columns, *, actor: str) -> RegistryUpload:
    """Settle the columns and ask the worker for the check; again as often as wanted until the import is confirmed.

    Errors of :func:`shuangsui.registry.mapping.differing`.
    """
    row = _standing(session, id_, actor)
    if row.state is UploadState.DONE:
        raise RuleRefused("import_done", file=row.name)
    head = head_of(row, columns.sheet)
    row.names = differing(KINDS[row.kind], head.header, columns.said)
    row.sheet, row.partial, row.state, row.outcome = head.sheet, columns.partial, UploadState.CHECKING, {}
    session.add(row)
    enqueue(session, CHECK, upload=str(row.id))
    _record(session, "registry.columns", row, actor, columns=dict(columns.said), sheet=row.sheet, partial=row.partial)
    return row


def confirm(session: TenantSession, id_: str, *, actor: str) -> RegistryUpload:
    """Ask the worker to take the file in, just as it was checked; refused if the registry is no longer what it was."""
    row = _standing(session, id_, actor)
    if row.state is not UploadState.READY:
        raise RuleRefused("import_unready", file=row.name)
    refuse_moved(session, row)
    row.state, row.confirmed_by = UploadState.WRITING, actor
    session.add(row)
    enqueue(session, WRITE, upload=str(row.id))
    _record(
        session, "registry.confirm", row, actor, **{name: row.outcome[name] for name in ("added", "changed", "removed")}
    )
    return row


def discard(session: TenantSession, store: Uploads, id_: str, *, actor: str) -> RegistryUpload:
    """Give it up; the registry stays as it is. The file goes once that stands, so that no refusal leaves a row without.

    What is being written is refused, unless the work on it was given up: then nobody else would ever end it.
    """
    row = _standing(session, id_, actor, busy=())
    if row.state is UploadState.WRITING and not is_stuck(session, row):
        raise RuleRefused("import_busy", file=row.name)
    session.delete(row)
    _record(session, "registry.discard", row, actor)
    event.listen(session, "after_commit", lambda _, upload=row.id: store.drop(upload), once=True)
    return row


def is_stuck(session: TenantSession, row: RegistryUpload) -> bool:
    """Whether the worker's part was given up after all its attempts; it may still be started again."""
    dead = select(OutboxRow).where(OutboxRow.job == JOBS.get(row.state), OutboxRow.state == WorkState.DEAD)
    return any(given(one).get("upload") == str(row.id) for one in session.exec(dead))


def refuse_moved(session: TenantSession, row: RegistryUpload) -> None:
    """:class:`RuleRefused` ``registry_moved`` if another file has come in since the check; call it under the lock."""
    last = last_import(session, row.kind)
    if last is not None and last.id != row.seen:
        raise RuleRefused("registry_moved", title=KINDS[row.kind].title, actor=last.actor, source=last.source)


def find(session: TenantSession, id_: str) -> RegistryUpload:
    """:class:`NotFound` ``import_missing``."""
    try:
        row = session.find(RegistryUpload, UUID(id_))
    except ValueError:
        row = None
    if row is None:
        raise NotFound("import_missing", id=id_)
    return row


def head_of(row: RegistryUpload, sheet: str) -> Head:
    """One sheet of the file, the first if there is none of that name."""
    heads = [Head(**head) for head in row.heads]
    return next((head for head in heads if head.sheet == sheet), heads[0])


def under_way(session: TenantSession, kind: str) -> Sequence[RegistryUpload]:
    """What waits for somebody or is at work, the newest first."""
    query = select(RegistryUpload).where(RegistryUpload.kind == kind, RegistryUpload.state != UploadState.DONE)
    return session.exec(query.order_by(col(RegistryUpload.at).desc(), col(RegistryUpload.id).desc())).all()


def remembered(session: TenantSession, kind: str) -> Names:
    """What was said of the columns of the file that came in last by these steps."""
    last = _last_done(session, kind)
    return last.names if last else {}


def tidy(session: TenantSession, before: datetime) -> int:
    """Forget what was uploaded before and is not being written, but for each registry's last one, whose columns are
    remembered; how many. One entry says so, none where nothing was left."""
    last = [one.id for kind in KINDS if (one := _last_done(session, kind))]
    query = select(RegistryUpload).where(
        RegistryUpload.at < before, RegistryUpload.state != UploadState.WRITING, col(RegistryUpload.id).not_in(last)
    )
    rows = session.exec(query).all()
    for row in rows:
        session.delete(row)
    if rows:
        payload = {"count": len(rows), "before": before}
        record(session, "registry.tidy", actor=CLOCK, subject="registry", payload=payload)
    return len(rows)


def _last_done(session: TenantSession, kind: str) -> RegistryUpload | None:
    query = select(RegistryUpload).where(RegistryUpload.kind == kind, RegistryUpload.state == UploadState.DONE)
    return session.exec(query.order_by(col(RegistryUpload.at).desc(), col(RegistryUpload.id).desc())).first()


def _standing(session: TenantSession, id_: str, actor: str, busy: Sequence[UploadState] = AT_WORK) -> RegistryUpload:
    """The upload, with nobody else deciding on it meanwhile; :class:`RuleRefused` ``import_busy``."""
    require(session, actor, "import_registry")
    lock_tenant(session)
    row = find(session, id_)
    if row.state in busy:
        raise RuleRefused("import_busy", file=row.name)
    return row


def _record(session: TenantSession, act: str, row: RegistryUpload, actor: str, **more: object) -> None:
    payload = {"upload": str(row.id), "file": row.name, "sha256": row.sha256, **more}
    record(session, act, actor=actor, subject=row.kind, payload=payload)
