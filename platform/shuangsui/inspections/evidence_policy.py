"""Which files are evidence: judged by their content, their size and their name; pure.

A file may be two things at once: a PDF that is also readable as a web page is a PDF here, and it stays harmless
because it is only ever handed out under the type judged here, to be saved and not to be shown in our origin.
Nothing is unpacked or rendered, so a small file that would unpack into a huge one costs its own size only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import filetype

from shuangsui.errors import BadInput

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/tiff": ("tif", "tiff"),
    "video/mp4": ("mp4", "m4v"),
}
"""Endings in use beside the one that ``filetype`` names."""
NAME_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Limits:
    """What an installation takes."""

    max_bytes: int = 20 << 20
    types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp", "application/pdf")


def judge(data: bytes, name: str, limits: Limits) -> str:
    """The media type; ``evidence_empty``, ``evidence_too_large``, ``evidence_type``, ``evidence_suffix``."""
    if not data:
        raise BadInput("evidence_empty", name=name)
    if len(data) > limits.max_bytes:
        raise BadInput("evidence_too_large", name=name, limit=f"{limits.max_bytes / (1 << 20):g}")
    kind = filetype.guess(data)
    if kind is None or kind.mime not in limits.types:
        raise BadInput("evidence_type", name=name, known="、".join(limits.types))
    suffixes = SUFFIXES.get(kind.mime, (kind.extension,))
    if name.rpartition(".")[2].lower() not in suffixes or "." not in name:
        raise BadInput("evidence_suffix", name=name, media=kind.mime, known="、".join(f".{one}" for one in suffixes))
    return str(kind.mime)


def clean_name(name: str) -> str:
    """The last part of a path, without signs nobody sees; ``evidence_name``."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if sign.isprintable()).strip()
    if not shown.strip(".") or len(shown) > NAME_LENGTH:
        raise BadInput("evidence_name", limit=NAME_LENGTH)
    return shown
