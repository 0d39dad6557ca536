"""The program that the verify page runs in a browser, file by file with its digest; pure.

A reader who doubts the page compares the list with that of another authority, or of the software's publisher: the same
version has the same digests everywhere.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

ROOTS = (
    "js/site.js", "js/verify-page.js", "js/verify-worker.js", "text/zh.json", "text/en.json", "text/en-first.json",
)  # fmt: skip
"""What the page names itself; everything else is imported by these."""
LISTING = "program.txt"
_IMPORT = re.compile(r'(?:from |import\()"([^"]+)"')


def program(statics: Mapping[str, bytes]) -> dict[str, Any]:
    """``{sha256, size, files: [{path, size, sha256}]}``; ``statics`` by path, ``static/<digest>/js/verify-page.js``.

    The first ``sha256`` is that of :func:`listing`, short enough to be read out over the telephone.
    """
    folder = "/".join(next(iter(statics)).split("/")[:2])
    paths = sorted(set(_reached(statics, [f"{folder}/{root}" for root in ROOTS])))
    files = [_entry(path, statics[path]) for path in paths]
    size = sum(file["size"] for file in files)
    return {"sha256": sha256(listing(files)).hexdigest(), "size": size, "files": files}


def _entry(path: str, data: bytes) -> dict[str, Any]:
    return {"path": path, "size": len(data), "sha256": sha256(data).hexdigest()}


def listing(files: list[dict[str, Any]]) -> bytes:
    """The list in the form that ``sha256sum -c`` takes, paths from the root of the public tree."""
    return "".join(f"{file['sha256']}  {file['path']}\n" for file in files).encode()


def _reached(statics: Mapping[str, bytes], paths: list[str]) -> Iterator[str]:
    """The files and whatever they import."""
    seen, waiting = set[str](), paths
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        yield path
        if path.endswith(".js"):
            imported = _IMPORT.findall(statics[path].decode())
            waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(path), one)) for one in imported]
