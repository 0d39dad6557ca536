"""A whole installation in a folder: the database, the evidence, on demand the master key, and what they must be.

The public tree is not in it: it is written anew from the database, and what was published is what a restored copy is
measured by (:mod:`shuangsui.ledger.rollback`). The tenants' files are kept where they are edited.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, make_url, select, text
from sqlmodel import select as rows_of

from shuangsui import db
from shuangsui.archive import content, databases
from shuangsui.archive.dumping import CHUNK
from shuangsui.archive.policy import MANIFEST, Heads
from shuangsui.errors import BadInput, Misconfigured, RuleRefused
from shuangsui.extension.overlay import seated
from shuangsui.ledger.keys import Keyring, open_key
from shuangsui.ledger.service import verify
from shuangsui.ledger.tables import DrawLogEntry, LedgerEntry, SigningKey
from shuangsui.migrations import migrate, newest
from shuangsui.settings import Settings
from shuangsui.tenancy.tree import Tree, load
from shuangsui.vault.service import Vault

FORMAT = "shuangsui-installation-1"
KEY = "keys/master.key"


@dataclass(frozen=True, slots=True)
class Whole:
    """What a backup holds; ``heads`` by tenant, ``files`` has the SHA-256, hex, of every file by its name."""

    format: str
    product: str
    revision: str
    database: str
    made_at: str
    heads: dict[str, Heads]
    files: dict[str, str]

    def text(self) -> str:
        """As it stands in the folder."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def read(cls, folder: Path) -> Whole:
        """Of a folder whose every file is what the manifest says; :class:`BadInput` ``archive_unreadable``."""
        try:
            said = json.loads((folder / MANIFEST).read_bytes())
            found = cls(**{**said, "heads": {slug: Heads(**one) for slug, one in said["heads"].items()}})
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadInput("archive_unreadable", problem="清单读不懂") from error
        if found.format != FORMAT:
            raise BadInput("archive_unreadable", problem=f"格式不是 {FORMAT}")
        there = {name: _digest(folder / name) for name in _names(folder) if name != MANIFEST}
        if wrong := sorted(
            name for name in there.keys() | found.files.keys() if there.get(name) != found.files.get(name)
        ):
            raise BadInput("archive_unreadable", problem=f"{wrong[0]} 与清单不符")
        return found


def back_up(settings: Settings, folder: Path, *, keys: bool = False) -> Whole:
    """Write ``folder``, which must be new, whole or not at all; nobody who is at work need stop.

    Evidence is only ever added, so that what is copied after the database has all that the database names.
    :class:`BadInput` ``archive_exists`` and what :func:`databases.copied` refuses.
    """
    if folder.exists():
        raise BadInput("archive_exists", file=folder)
    draft = folder.with_name(f".{folder.name}.part")
    draft.mkdir(mode=0o700, parents=True)
    try:
        with databases.copied(make_url(settings.backup_url or settings.database), draft) as copy:
            revision, heads = _revision(copy.seen), _heads(copy.seen)
        _copy_evidence(settings.evidence, draft / "evidence")
        if keys:
            (draft / KEY).parent.mkdir(mode=0o700)
            shutil.copy(settings.master_key, draft / KEY)
        kind, made_at = databases.kind_of(copy.file), datetime.now(UTC).isoformat(timespec="seconds")
        files = {name: _digest(draft / name) for name in _names(draft)}
        made = Whole(FORMAT, version("shuangsui"), revision, kind, made_at, heads, files)
        (draft / MANIFEST).write_text(made.text(), "utf-8")
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return made


def restore(settings: Settings, folder: Path) -> Whole:
    """Put everything back where there is nothing, bring it to this version's schema, and verify every ledger.

    :class:`BadInput` ``archive_unreadable``, ``backup_database``, ``backup_newer``; :class:`RuleRefused`
    ``backup_target_there``, ``backup_keys_missing``; ``archive_not_whole``, ``archive_keys``, ``archive_sealed``
    once it is there: what was put back is left to be looked at, and is not to be worked with.
    """
    made = Whole.read(folder)
    owner = make_url(settings.migration_url or settings.database)
    _check_fits(made, settings, owner.get_backend_name())
    tree = load(settings.tenants) if settings.tenants.is_dir() else Tree(())
    databases.check_empty(owner)
    databases.put_back(owner, folder / databases.FILES[made.database])
    roles = (
        [make_url(one.database).username for one in (settings, settings.as_worker)] if settings.migration_url else []
    )
    migrate(
        settings.migration_url or settings.database,
        app_role=next(iter(roles), None),
        worker_role=next(iter(roles[1:]), None),
    )
    for name in made.files:
        if name.startswith("evidence/"):
            _put(folder / name, settings.evidence / name.removeprefix("evidence/"), 0o440)
    if KEY in made.files and not settings.master_key.exists():
        _put(folder / KEY, settings.master_key, 0o600)
    engine = db.engine(settings)
    try:
        for tenant, heads in made.heads.items():
            check_whole(engine, Keyring(settings.master_key), tenant, heads)
            _check_sealed(engine, settings, tenant, tree)
    finally:
        engine.dispose()
    return made


def check_whole(engine: Engine, keyring: Keyring, tenant: str, heads: Heads) -> None:
    """Both chains verify, end where they ended, and the keys open; :class:`RuleRefused` otherwise."""
    with db.session(engine, tenant, readonly=True) as session:
        if (report := verify(session)).faults or content.heads(session) != heads:
            raise RuleRefused("archive_not_whole", tenant=tenant, faults=len(report.faults))
        for key in session.exec(rows_of(SigningKey)):
            try:
                open_key(keyring, key)
            except Misconfigured as error:
                raise RuleRefused("archive_keys", tenant=tenant, key=key.name) from error


def _check_sealed(engine: Engine, settings: Settings, tenant: str, tree: Tree) -> None:
    """What is sealed opens, with the key stores of the tenant's plugins; one that is not configured has none."""
    keyring = Keyring(settings.master_key)
    with db.session(engine, tenant, readonly=True) as session:
        known = tenant in [one.slug for one in tree]
        vault = (
            Vault.of(seated(session, tree).get(tenant), keyring, settings) if known else Vault(tenant, keyring, tuple)
        )
        content.check_sealed(session, vault)


def _check_fits(made: Whole, settings: Settings, kind: str) -> None:
    if made.database != kind:
        raise BadInput("backup_database", found=made.database, wanted=kind)
    if made.revision > newest():
        raise BadInput("backup_newer", found=made.revision, wanted=newest())
    if not settings.master_key.exists() and KEY not in made.files:
        raise RuleRefused("backup_keys_missing", file=settings.master_key)
    if there := next(_names(settings.evidence), None):
        raise RuleRefused("backup_target_there", what=f"证据文件 {there}")


def _heads(seen: Connection) -> dict[str, Heads]:
    """Where the chains of every tenant stand in the copy."""
    acts = _ends(seen, LedgerEntry, "n")
    lines = {tenant: (last + 1, digest) for tenant, (last, digest) in _ends(seen, DrawLogEntry, "i").items()}
    return {tenant: Heads(*acts.get(tenant, (0, "")), *lines.get(tenant, (0, ""))) for tenant in sorted(acts)}


def _ends(seen: Connection, kind: Any, number: str) -> dict[str, tuple[int, str]]:
    table: Any = content.table_of(kind)
    last = select(table.c.tenant_id, func.max(table.c[number]).label("last")).group_by(table.c.tenant_id).subquery()
    same = and_(table.c.tenant_id == last.c.tenant_id, table.c[number] == last.c.last)
    found = seen.execute(select(table.c.tenant_id, table.c[number], table.c.hash).join(last, same))
    return {tenant: (n, digest) for tenant, n, digest in found}


def _revision(seen: Connection) -> str:
    return str(seen.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _copy_evidence(source: Path, target: Path) -> None:
    for name in _names(source):
        _put(source / name, target / name, 0o600)


def _put(source: Path, target: Path, mode: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(mode)


def _names(folder: Path) -> Iterator[str]:
    """Of every file that is whole; one that is still being written has a hidden name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(folder).as_posix()


def _digest(file: Path) -> str:
    digest = sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
