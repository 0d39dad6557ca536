"""The static tree on disk: whole files only, a folder complete before anything links to it, nothing outside the root.

A reader, or a web server, sees each file either as it was or as it is. The index pages of a bundle come last, so a
link never leads to something half written. Which files a bundle had is kept in ``.bundles/``, so that the next
publication of the same name can remove what it no longer has.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from shuangsui import Bundle, OutsideFailed

RECORDS = ".bundles"
TEMPORARY = ".new-"
PUBLIC_FILE = 0o644
"""Another web server runs as another user."""


def write(root: Path, bundle: Bundle) -> None:
    """Make the disk hold exactly ``bundle`` under its name; running it again repairs what was interrupted."""
    files = {_place(root, bundle.tenant, file.path): file for file in bundle.files}
    with _alone(root):
        _sweep(files)
        record = root / RECORDS / _record_name(bundle)
        stale = _recorded(record) - {file.path for file in bundle.files}
        _note(record, stale | {file.path for file in bundle.files})
        for place, file in sorted(files.items(), key=lambda pair: _order(pair[1].path)):
            if read(root, bundle.tenant, file.path) != file.data:
                replace_file(place, file.data)
        for path in stale:
            _remove(_place(root, bundle.tenant, path), root)
        _note(record, {file.path for file in bundle.files})


def probe(root: Path) -> None:
    """Write and remove a file; ``OSError`` if the tree cannot be written."""
    with _alone(root):
        place = root / ".probe"
        replace_file(place, b"")
        place.unlink()


def read(root: Path, tenant: str | None, path: str) -> bytes | None:
    """The file's bytes, None if there is no such file."""
    place = _place(root, tenant, path)
    return place.read_bytes() if place.is_file() else None


def replace_file(place: Path, data: bytes) -> None:
    """Put ``data`` at ``place`` in one step, on the disk and not only in its cache."""
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=TEMPORARY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), PUBLIC_FILE)
            os.fsync(file.fileno())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)


def is_index(path: str) -> bool:
    """Whether ``path`` is a page that links to the other files of its folder."""
    return path.rpartition("/")[2].startswith("index.")


def _sweep(places: Iterable[Path]) -> None:
    """Remove what a killed process left half written; nobody else is writing now."""
    for folder in {place.parent for place in places if place.parent.is_dir()}:
        for left in folder.glob(f"{TEMPORARY}*"):
            left.unlink()


def _order(path: str) -> tuple[bool, int, str]:
    """Files first, then indexes, the innermost before the outer ones."""
    return is_index(path), -path.count("/"), path


def _place(root: Path, tenant: str | None, path: str) -> Path:
    """Where a file stands; a link inside the tree that leads out of it is refused."""
    place = root / (tenant or "") / path
    if not place.resolve().is_relative_to(root.resolve()):
        raise OutsideFailed("portal_path", permanent=True, problem=f"{path} 会写到公示网站的文件夹之外，已拒绝")
    return place


def _remove(place: Path, root: Path) -> None:
    """Delete a file and the folders that it leaves empty."""
    place.unlink(missing_ok=True)
    for folder in place.parents:
        if folder == root or not folder.is_dir() or any(folder.iterdir()):
            return
        folder.rmdir()


def _record_name(bundle: Bundle) -> str:
    name = "\0".join((bundle.tenant or "", bundle.kind, bundle.key))
    return hashlib.sha256(name.encode()).hexdigest()[:32] + ".json"


def _recorded(record: Path) -> set[str]:
    return set(json.loads(record.read_bytes())) if record.is_file() else set()


def _note(record: Path, paths: set[str]) -> None:
    if _recorded(record) != paths:
        replace_file(record, json.dumps(sorted(paths), ensure_ascii=False).encode())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One writer at a time, of all processes on this disk."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
