"""The published files of one draw (srd-1 section 12)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fairdraw.canonical import canon, parse
from fairdraw.failures import Failure, require
from fairdraw.fields import has_members, is_hex64, is_salt, is_text
from fairdraw.snapshot import blind, salt_of
from fairdraw.suites import Hash

Files = Mapping[str, bytes]
"""File name to bytes."""

_NAMES = re.compile(
    r"(plan|result|openings)\.json|rows\.txt|ids\.txt|log\.jsonl|checkpoint-[0-9]+\.txt|receipt-.*\.json"
)


def read_folder(folder: Path) -> dict[str, bytes]:
    """The transcript files of a folder; anything else in it, a ``trust.txt`` or a pipe, is never read."""
    paths = [path for path in sorted(folder.iterdir()) if _NAMES.fullmatch(path.name) and path.is_file()]
    return {path.name: path.read_bytes() for path in paths}


def needed(files: Files, name: str) -> bytes:
    """A file's bytes; ``FILE_MISSING``."""
    if name not in files:
        raise Failure("FILE_MISSING", name)
    return files[name]


def build_openings(ids: Iterable[str], key: bytes | None, h: Hash) -> bytes:
    """``openings.json`` for drawn ids; ``key`` is K, None in public mode."""
    openings = {}
    for id_ in ids:
        salt = b"" if key is None else salt_of(key, id_, h)
        openings[blind(id_, salt, h).hex()] = {"id": id_, "salt": salt.hex()}
    return canon(openings)


def check_openings(data: bytes, drawn: set[bytes], *, salted: bool, h: Hash) -> dict[str, str]:
    """Check ``openings.json`` and answer hex blinded id → id (12.1 step 13).

    ``NOT_CANONICAL``, ``OPENING``, ``OPENING_EXTRA``, ``OPENING_DUP``.
    """
    openings = parse(data, "openings.json")
    require(isinstance(openings, dict), "OPENING", "openings.json is no object")
    for b, opening in openings.items():
        require(_is_opening(b, opening, salted=salted), "OPENING", b)
        require(bytes.fromhex(b) in drawn, "OPENING_EXTRA", f"{b} was never drawn")
        found = blind(opening["id"], bytes.fromhex(opening["salt"]), h).hex()
        require(found == b, "OPENING", f"{opening['id']} does not open {b}")
    ids = [opening["id"] for opening in openings.values()]
    require(len(set(ids)) == len(ids), "OPENING_DUP", "one id opens two rows")
    return {b: opening["id"] for b, opening in openings.items()}


def _is_opening(b: str, x: Any, *, salted: bool) -> bool:
    return is_hex64(b) and has_members(x, "id", "salt") and is_text(x["id"]) and is_salt(x["salt"], salted=salted)
