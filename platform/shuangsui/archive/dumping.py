"""An authority written into one ZIP file: its rows, the people they name, and the files of its evidence.

All rows are read in one transaction and so fit together; evidence is only ever added, so what is copied later fits.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Engine

from shuangsui import db
from shuangsui.archive import content
from shuangsui.archive.policy import FORMAT, MANIFEST, Manifest, line
from shuangsui.errors import BadInput
from shuangsui.ledger.service import record
from shuangsui.migrations import newest
from shuangsui.settings import Settings

CHUNK = 1 << 20


@dataclass
class Writing:
    """An archive being written, and what has got into it."""

    file: ZipFile
    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, parts: Iterable[bytes]) -> int:
        """A member; how many parts it was made of."""
        digest, count = sha256(), 0
        with self.file.open(name, "w", force_zip64=True) as out:
            for part in parts:
                out.write(part)
                digest.update(part)
                count += 1
        self.files[name] = digest.hexdigest()
        return count


def dump(engine: Engine, settings: Settings, tenant: str, target: Path, *, actor: str) -> Manifest:
    """Write ``target``, which must not exist, whole or not at all; the authority's ledger says who did it and when.

    :class:`BadInput` ``archive_exists``. The file holds personal data and everything that is sealed, still sealed.
    """
    if target.exists():
        raise BadInput("archive_exists", file=target)
    with db.session(engine, tenant) as session:
        record(session, "tenant.dump", actor=actor, subject=tenant, payload={"file": target.name})
    draft = target.with_name(f".{target.name}.part")
    try:
        with ZipFile(
            os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb"), "w", ZIP_DEFLATED
        ) as file:
            manifest = _written(engine, settings, tenant, Writing(file))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _written(engine: Engine, settings: Settings, tenant: str, out: Writing) -> Manifest:
    with db.session(engine, tenant, readonly=True) as session:
        at, heads, sealed = db.now(session), content.heads(session), content.sealed(session)
        out.rows[content.USERS] = out.add(f"rows/{content.USERS}.jsonl", map(line, content.people_of(session)))
        for kind in content.kept():
            name = str(kind.__tablename__)
            out.rows[name] = out.add(f"rows/{name}.jsonl", map(line, content.rows_of(session, kind)))
    folder = settings.evidence / tenant
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        out.add(f"evidence/{path.relative_to(folder).as_posix()}", _chunks(path))
    made = Manifest(FORMAT, version("shuangsui"), newest(), tenant, at.isoformat(), heads, out.rows, out.files, sealed)
    out.file.writestr(MANIFEST, made.text())
    return made


def _chunks(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
