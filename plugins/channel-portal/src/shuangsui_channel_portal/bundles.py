"""How a bundle is laid into a public tree: nothing links to what is not there yet, and nothing stale stays.

Files come first and index pages last, the innermost before the outer ones. Which files a bundle had is kept in a record
of its own, so that the next publication of the same name can remove what it no longer has; a publication that was
interrupted is repaired by running it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Protocol, TypeVar

from shuangsui import Bundle, PublicFile

RECORDS = ".bundles"
_JSON = "application/json"

T = TypeVar("T")


class Place(Protocol):
    """What keeps the public tree; paths are relative to its root and begin with the tenant.

    What goes wrong is raised as :class:`shuangsui.OutsideFailed`.
    """

    @property
    def title(self) -> str:
        """What people call it, with where it is."""

    def lay(self, bundle: Bundle) -> None:
        """Hold exactly ``bundle`` under its name."""

    def held(self, bundle: Bundle) -> tuple[PublicFile, ...]:
        """What the public finds of its files."""

    def probe(self) -> None:
        """Write, read and remove a file that nobody links to."""


class Shelf(Protocol):
    """The single steps of a place, of which :func:`lay` is made."""

    def read(self, path: str, media_type: str = "") -> bytes | None:
        """The whole file; None if there is none, or none of that type where types are kept."""

    def write(self, path: str, data: bytes, media_type: str) -> None:
        """In one step: nobody ever reads half of it."""

    def remove(self, path: str) -> None:
        """Nothing if there is none."""

    def each(self, act: Callable[[T], None], things: Iterable[T]) -> None:
        """``act`` on each; all done when it returns."""


def lay(shelf: Shelf, bundle: Bundle, records: str = RECORDS) -> None:
    """Make ``shelf`` hold exactly ``bundle`` under its name; what is there already is not written again.

    ``records``: the folder of what each bundle had.
    """
    record = f"{records}/{_record_name(bundle)}"
    wanted = {file.path for file in bundle.files}
    held = set(json.loads(shelf.read(record) or b"[]"))
    stale = held - wanted
    if not wanted <= held:
        _note(shelf, record, stale | wanted)
    for wave in _waves(bundle.files):
        shelf.each(lambda file: _lay(shelf, bundle.tenant, file), wave)
    shelf.each(lambda path: shelf.remove(whole(bundle.tenant, path)), sorted(stale))
    if stale:
        _note(shelf, record, wanted)


def held(read: Callable[[str, str], bytes | None], bundle: Bundle) -> tuple[PublicFile, ...]:
    """What is there of a bundle's files; ``read`` is :meth:`Shelf.read`."""
    found = ((file, read(whole(bundle.tenant, file.path), file.media_type)) for file in bundle.files)
    return tuple(replace(file, data=data) for file, data in found if data is not None)


def whole(tenant: str | None, path: str) -> str:
    """The path from the root; a bundle of no tenant stands at the root."""
    return path if tenant is None else f"{tenant}/{path}"


def is_index(path: str) -> bool:
    """Whether ``path`` is a page that links to the other files of its folder."""
    return path.rpartition("/")[2].startswith("index.")


def _lay(shelf: Shelf, tenant: str | None, file: PublicFile) -> None:
    path = whole(tenant, file.path)
    if shelf.read(path, file.media_type) != file.data:
        shelf.write(path, file.data, file.media_type)


def _waves(files: Iterable[PublicFile]) -> Iterator[list[PublicFile]]:
    """Files of one rank, whose order among themselves does not matter."""
    ordered = sorted(files, key=lambda file: (*_rank(file), file.path))
    return (list(wave) for _, wave in groupby(ordered, key=_rank))


def _rank(file: PublicFile) -> tuple[bool, int]:
    return is_index(file.path), -file.path.count("/")


def _record_name(bundle: Bundle) -> str:
    name = "\0".join((bundle.tenant or "", bundle.kind, bundle.key))
    return hashlib.sha256(name.encode()).hexdigest()[:32] + ".json"


def _note(shelf: Shelf, record: str, paths: set[str]) -> None:
    shelf.write(record, json.dumps(sorted(paths), ensure_ascii=False).encode(), _JSON)
