"""Everything of an authority deleted, once an archive holds it: by the owner of the tables, on the command line only.

What was published stays public, and so do the visits that other authorities count by; the parent's ledger keeps who
deleted what.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, delete, func, make_url, select, text
from sqlalchemy.exc import IntegrityError

from shuangsui import db
from shuangsui.access.tables import User
from shuangsui.archive import content, retention
from shuangsui.archive.policy import Manifest
from shuangsui.archive.restoring import opened
from shuangsui.archive.retention import Duty
from shuangsui.db import TenantSession
from shuangsui.db.connect import connect
from shuangsui.db.rls import is_append_only, protect_all
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.migrations import metadata
from shuangsui.settings import Settings
from shuangsui.tenancy.tenant import Tenant


def purge(
    engine: Engine, settings: Settings, tenant: Tenant, archive: Path, *, actor: str, moved: str = ""
) -> dict[str, int]:
    """Delete all rows, the evidence and what was uploaded; how many rows of each table there were.

    ``moved`` says where the archive was restored: the authority lives on there, and so do the duties of keeping.
    Otherwise everything of :func:`shuangsui.archive.retention.check` must hold. :class:`BadInput`
    ``archive_unreadable``, ``archive_other``; :class:`RuleRefused` ``archive_outdated`` if anything was recorded since
    the archive was made.
    """
    slug = tenant.slug
    file, manifest = opened(archive)
    file.close()
    if manifest.tenant != slug:
        raise BadInput("archive_other", found=manifest.tenant, wanted=slug)
    with db.session(engine, slug, readonly=True) as session:
        if not moved.strip():
            retention.check(session, Duty.of(tenant))
        _check_current(session, manifest)
    if tenant.parent:
        with db.session(engine, tenant.parent) as session:
            payload = {"archive": archive.name, "heads": asdict(manifest.heads), "moved": moved.strip()}
            record(session, "tenant.purge", actor=actor, subject=slug, payload=payload)
    owner = connect(make_url(settings.migration_url or settings.database))
    try:
        with owner.begin() as connection:
            counts = _deleted(connection, slug)
    finally:
        owner.dispose()
    for root in (settings.evidence, settings.uploads):
        shutil.rmtree(root / slug, ignore_errors=True)
    return counts


def _check_current(session: TenantSession, manifest: Manifest) -> None:
    now = content.heads(session)
    if now != manifest.heads:
        raise RuleRefused("archive_outdated", tenant=manifest.tenant, found=manifest.heads.ledger, now=now.ledger)


def _deleted(connection: Connection, tenant: str) -> dict[str, int]:
    tables = [content.table_of(kind) for kind in reversed(content.owned())]
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.set_config("app.tenant", tenant, True)))
    for table in filter(is_append_only, tables):
        _thaw(connection, table)
    counts = {str(table.name): connection.execute(delete(table).where(table.c.tenant_id == tenant)).rowcount
              for table in tables}  # fmt: skip
    counts[content.USERS] = _delete_people(connection, tenant)
    for table in filter(is_append_only, tables):
        _freeze(connection, table)
    protect_all(connection, metadata())
    return counts


def _delete_people(connection: Connection, tenant: str) -> int:
    """Whom only this authority knew; whoever works for another one too stays."""
    users, gone = content.table_of(User), 0
    for id_ in connection.execute(select(users.c.id).where(users.c.home == tenant)).scalars().all():
        try:
            with connection.begin_nested():
                gone += connection.execute(delete(users).where(users.c.id == id_)).rowcount
        except IntegrityError:
            continue
    return gone


def _thaw(connection: Connection, table: Table) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'ALTER TABLE "{table.name}" DISABLE TRIGGER no_change'))
        return
    for event in ("update", "delete"):
        connection.execute(text(f'DROP TRIGGER IF EXISTS "{table.name}_no_{event}"'))


def _freeze(connection: Connection, table: Table) -> None:
    """SQLite's triggers come back with all other fences."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f'ALTER TABLE "{table.name}" ENABLE TRIGGER no_change'))
