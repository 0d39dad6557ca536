"""Where files wait that are about to be taken in, what is wrong with them, and how far the work on them is.

What lies here is nobody's record: it goes once it has been taken in or given up, at the latest after some days.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from uuid import UUID

import msgspec

from shuangsui.errors import BadInput


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is: ``check``, ``compare`` or ``write``; rows done, and of about how many."""

    stage: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Uploads:
    """``<root>/<tenant>/<upload>``: in ``file`` the file under its own name, beside it the report and the progress."""

    root: Path
    tenant: str

    def put(self, upload: UUID, name: str, data: bytes) -> None:
        """Keep a file; ``name`` is a plain one and keeps its suffix, by which its kind is judged."""
        if name != PurePath(name).name:
            raise BadInput("upload_gone")
        folder = self._folder(upload) / "file"
        for one in reversed((folder, *folder.parents)):  # parents=True would give the mode to the last one alone
            one.mkdir(mode=0o700, exist_ok=True)
        (folder / name).write_bytes(data)

    def path(self, upload: UUID) -> Path:
        """The file; :class:`BadInput` ``upload_gone``."""
        found = next(iter((self._folder(upload) / "file").glob("*")), None)
        if found is None:
            raise BadInput("upload_gone")
        return found

    def report(self, upload: UUID) -> Path:
        """Where the list of its errors is, if it has any."""
        return self._folder(upload) / "errors.xlsx"

    def tell(self, upload: UUID, progress: Progress) -> None:
        """How far it is now: whole or not at all, and nothing for what was given up meanwhile."""
        folder = self._folder(upload)
        if folder.is_dir():
            part = folder / ".progress"
            part.write_bytes(msgspec.json.encode(asdict(progress)))
            part.replace(folder / "progress")

    def progress(self, upload: UUID) -> Progress | None:
        """How far it is; None before it has begun."""
        try:
            return msgspec.json.decode((self._folder(upload) / "progress").read_bytes(), type=Progress)
        except FileNotFoundError:
            return None

    def begin(self, upload: UUID) -> None:
        """Forget what the work before left beside the file."""
        for path in (self.report(upload), self._folder(upload) / "progress"):
            path.unlink(missing_ok=True)

    def drop(self, upload: UUID) -> None:
        """Nothing of it is left."""
        shutil.rmtree(self._folder(upload), ignore_errors=True)

    def waiting(self) -> Iterator[tuple[UUID, datetime]]:
        """Every upload that has a folder, and since when."""
        for folder in (self.root / self.tenant).glob("*-*-*-*-*"):
            yield UUID(folder.name), datetime.fromtimestamp(folder.stat().st_mtime, UTC)

    def _folder(self, upload: UUID) -> Path:
        return self.root / self.tenant / str(upload)
