"""The static tree on disk: whole files only, on the disk and not only in its cache, and nothing outside the root.

A reader, or a web server, sees each file either as it was or as it is; see :mod:`shuangsui_channel_portal.bundles`.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from shuangsui import Bundle, OutsideFailed, PublicFile
from shuangsui_channel_portal import bundles

TEMPORARY = ".new-"
PUBLIC_FILE = 0o644
"""Another web server runs as another user."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Folder:
    """A place of :mod:`shuangsui_channel_portal.bundles` below ``root``."""

    root: Path

    @property
    def title(self) -> str:
        """With its path."""
        return f"公示网站的文件夹 {self.root}"

    def lay(self, bundle: Bundle) -> None:
        """Write the bundle's files."""
        with _told("写入"):
            write(self.root, bundle)

    def held(self, bundle: Bundle) -> tuple[PublicFile, ...]:
        """What the disk holds."""
        with _told("读取"):
            return bundles.held(_Shelf(self.root).read, bundle)

    def probe(self) -> None:
        """Write and remove a file."""
        with _told("写入"):
            probe(self.root)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The single steps, for whoever writes alone."""

    root: Path

    def read(self, path: str, media_type: str = "") -> bytes | None:  # noqa: ARG002 - a disk keeps no types
        place = _place(self.root, path)
        return place.read_bytes() if place.is_file() else None

    def write(self, path: str, data: bytes, media_type: str) -> None:  # noqa: ARG002 - a disk keeps no types
        replace_file(_place(self.root, path), data)

    def remove(self, path: str) -> None:
        _remove(_place(self.root, path), self.root)

    def each(self, act: Callable[[T], None], things: Iterable[T]) -> None:
        for thing in things:
            act(thing)


def write(root: Path, bundle: Bundle) -> None:
    """Make the disk hold exactly ``bundle`` under its name; running it again repairs what was interrupted."""
    with _alone(root):
        _sweep(_place(root, bundles.whole(bundle.tenant, file.path)) for file in bundle.files)
        bundles.lay(_Shelf(root), bundle)


def probe(root: Path) -> None:
    """Write and remove a file; ``OSError`` if the tree cannot be written."""
    with _alone(root):
        place = root / ".probe"
        replace_file(place, b"")
        place.unlink()


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


def _sweep(places: Iterable[Path]) -> None:
    """Remove what a killed process left half written; nobody else is writing now."""
    for folder in {place.parent for place in places if place.parent.is_dir()}:
        for left in folder.glob(f"{TEMPORARY}*"):
            left.unlink()


def _place(root: Path, path: str) -> Path:
    """Where a file stands; a link inside the tree that leads out of it is refused."""
    place = root / path
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


@contextmanager
def _told(what: str) -> Iterator[None]:
    """What the disk complains of, as one sentence."""
    try:
        yield
    except OSError as error:
        place = error.filename or "公示网站的文件夹"
        problem = f"{what} {place} 失败（{error.strerror or error}），请检查磁盘和权限"
        raise OutsideFailed("portal_unusable", problem=problem) from error
