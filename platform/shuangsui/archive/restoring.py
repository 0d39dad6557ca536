"""An archive put back into a running installation that has nothing of that authority: whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Engine, insert
from sqlmodel import SQLModel, col, select

from shuangsui import db
from shuangsui.access.tables import User
from shuangsui.archive import content
from shuangsui.archive.dumping import CHUNK
from shuangsui.archive.policy import MANIFEST, Manifest, read
from shuangsui.db import TenantSession
from shuangsui.errors import BadInput, Misconfigured, RuleRefused
from shuangsui.extension.overlay import seated
from shuangsui.ledger.keys import Keyring, open_key
from shuangsui.ledger.service import record, verify
from shuangsui.ledger.tables import SigningKey
from shuangsui.migrations import newest
from shuangsui.settings import Settings
from shuangsui.tenancy.tree import Tree
from shuangsui.vault.service import Vault


def opened(archive: Path) -> tuple[ZipFile, Manifest]:
    """An archive whose every member is what its manifest says; :class:`BadInput` ``archive_unreadable``."""
    try:
        file = ZipFile(archive)
        manifest = Manifest.read(file.read(MANIFEST))
        names = {one for one in file.namelist() if one != MANIFEST}
        wrong = [name for name, digest in manifest.files.items() if name not in names or _digest(file, name) != digest]
    except (OSError, BadZipFile, KeyError) as error:
        raise BadInput("archive_unreadable", problem=f"打不开（{type(error).__name__}）") from error
    if wrong := wrong or sorted(names - manifest.files.keys()):
        raise BadInput("archive_unreadable", problem=f"{wrong[0]} 与清单不符")
    return file, manifest


def restore(engine: Engine, settings: Settings, archive: Path, keyring: Keyring, tree: Tree, *, actor: str) -> Manifest:
    """Put everything back; answers what there was.

    :class:`BadInput` ``archive_unreadable``, ``archive_revision``, ``archive_login_taken``; :class:`RuleRefused`
    ``archive_tenant_there``, ``archive_not_whole`` if the chains are not those of the manifest, ``archive_keys`` for
    keys that another master key has sealed, ``archive_sealed`` where a key store lacks the keys of what is sealed.
    """
    file, manifest = opened(archive)
    if manifest.revision != newest():
        raise BadInput("archive_revision", found=manifest.revision, wanted=newest())
    with file, db.session(engine, manifest.tenant) as session:
        _check_empty(session)
        _add_people(session, file)
        for kind in content.kept():
            _add(session, kind, _rows(file, kind))
        session.expire_all()
        _check_whole(session, manifest, keyring)
        content.check_sealed(session, Vault.of(seated(session, tree).get(session.tenant), keyring, settings))
        _put_evidence(file, settings.evidence / manifest.tenant)
        payload = {"made_at": manifest.made_at, "rows": sum(manifest.rows.values())}
        record(session, "tenant.restore", actor=actor, subject=manifest.tenant, payload=payload)
    return manifest


def _check_empty(session: TenantSession) -> None:
    for kind in content.owned():
        if next(content.rows_of(session, kind), None) is not None:
            raise RuleRefused("archive_tenant_there", tenant=session.tenant, table=kind.__tablename__)


def _add_people(session: TenantSession, file: ZipFile) -> None:
    """Who is here already stays as he is here; a login of somebody else cannot be taken."""
    for row in _rows(file, User):
        there = session.exec(select(User).where(col(User.login) == row["login"])).one_or_none()
        if there and there.id != row["id"]:
            raise BadInput("archive_login_taken", login=row["login"])
        if there is None:
            session.add(User(**row))
    session.flush()


def _add(session: TenantSession, kind: type[SQLModel], rows: Iterator[dict[str, Any]]) -> None:
    """In portions; of shared tables only what is not there any more. An empty value stays one, whatever the default."""
    while portion := [*islice(rows, content.AT_ONCE)]:
        if kind in content.shared():
            portion = _missing(session, kind, portion)
        if portion:
            session.execute(insert(kind), portion, execution_options={"render_nulls": True})


def _missing(session: TenantSession, kind: Any, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    there = set(session.exec(select(kind.id).where(kind.id.in_([row["id"] for row in rows]))))
    return [row for row in rows if row["id"] not in there]


def _rows(file: ZipFile, kind: type[SQLModel]) -> Iterator[dict[str, Any]]:
    columns = content.table_of(kind).columns
    with file.open(f"rows/{kind.__tablename__}.jsonl") as lines:
        for line in lines:
            yield {name: read(columns[name], value) for name, value in json.loads(line).items()}


def _check_whole(session: TenantSession, manifest: Manifest, keyring: Keyring) -> None:
    if (report := verify(session)).faults or content.heads(session) != manifest.heads:
        raise RuleRefused("archive_not_whole", tenant=session.tenant, faults=len(report.faults))
    for key in session.exec(select(SigningKey)):
        try:
            open_key(keyring, key)
        except Misconfigured as error:
            raise RuleRefused("archive_keys", tenant=session.tenant, key=key.name) from error


def _put_evidence(file: ZipFile, folder: Path) -> None:
    """Names come out of an archive: none leads out of the folder."""
    for name in (one for one in file.namelist() if one.startswith("evidence/")):
        target = (folder / name.removeprefix("evidence/")).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise BadInput("archive_unreadable", problem=f"{name} 不在证据目录里")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read(name))


def _digest(file: ZipFile, name: str) -> str:
    digest = sha256()
    for chunk in _chunks(file, name):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(file: ZipFile, name: str) -> Iterable[bytes]:
    with file.open(name) as member:
        while chunk := member.read(CHUNK):
            yield chunk
