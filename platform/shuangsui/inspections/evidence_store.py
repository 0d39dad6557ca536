"""Where the bytes of evidence lie: under their own hash, written once, checked whenever they are read."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from shuangsui.errors import OutsideFailed

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Store(Protocol):
    """What any place for evidence must do, a folder or an object store."""

    def put(self, tenant: str, data: bytes) -> str:
        """Keep ``data`` durably; its SHA-256 in hex. What is there already is left as it is."""

    def get(self, tenant: str, digest: str) -> bytes:
        """The bytes with this hash; :class:`OutsideFailed` ``evidence_damaged`` if they are gone or altered."""


class Folder:
    """``<root>/<tenant>/<first two digits>/<sha256>``: complete or absent, and never written again.

    An act that is rolled back may leave a file that no row names; it harms nobody and is found by its hash again.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, tenant: str, data: bytes) -> str:
        """A neighbour with a name of its own is written and synchronised, then renamed."""
        digest = sha256(data).hexdigest()
        path = self._path(tenant, digest)
        if path.exists():
            self.get(tenant, digest)
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{digest}.{token_hex(8)}")
        try:
            with part.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(0o440)
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)
        _synchronise(path.parent)
        return digest

    def get(self, tenant: str, digest: str) -> bytes:
        """Read and compare with the name."""
        try:
            data = self._path(tenant, digest).read_bytes()
        except FileNotFoundError:
            data = None
        if data is None or sha256(data).hexdigest() != digest:
            raise OutsideFailed("evidence_damaged", permanent=True, sha256=digest)
        return data

    def _path(self, tenant: str, digest: str) -> Path:
        """No other name than a hash ever becomes a path."""
        if not _SHA256.fullmatch(digest):
            raise OutsideFailed("evidence_damaged", permanent=True, sha256=digest[:64])
        return self.root / tenant / digest[:2] / digest


def _synchronise(folder: Path) -> None:
    """Make the new name itself durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
