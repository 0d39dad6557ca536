"""Where an address leads in the static public tree; decisions about names, with a look at the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from shuangsui.contracts import is_public_path

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATED = "no-cache"


@dataclass(frozen=True, slots=True)
class Moved:
    """A folder was asked for without the slash at its end; its pages link relative to themselves."""

    location: str


def locate(root: Path, raw_path: bytes) -> Path | Moved | None:
    """The file, or the address of the folder, behind the still encoded ``raw_path``; None if there is nothing.

    Only what may be published is ever looked for, so nothing hidden and nothing outside ``root`` can be reached.
    """
    named = raw_path.partition(b"?")[0].decode("ascii", "replace")
    path = unquote(named, errors="replace").removeprefix("/")
    wanted = f"{path}index.html" if path == "" or path.endswith("/") else path
    if not is_public_path(wanted):
        return None
    place = (root / wanted).resolve()
    if not place.is_relative_to(root.resolve()):
        return None
    if place.is_dir():
        return Moved(f"/{quote(path)}/")
    return place if place.is_file() else None


def cache_control(raw_path: bytes) -> str:
    """Static files carry their content's hash in the address; everything else is asked for again."""
    return IMMUTABLE if raw_path.startswith(b"/static/") else REVALIDATED


def is_known(if_none_match: str, etag: str) -> bool:
    """Whether the client holds this version (RFC 9110 13.1.2, weak comparison)."""
    held = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return etag in held or "*" in held
