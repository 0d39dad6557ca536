"""Which characters the packaged fonts can show, read from their ``cmap`` tables (OpenType, formats 4 and 12)."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn

FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
FACES = ("NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf")
_INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}


def missing(text: str) -> str:
    """Characters of ``text`` that would be an empty box in one of the faces, each once, in order of code."""
    shown = {c for c in text if unicodedata.category(c) not in _INVISIBLE}
    return "".join(sorted(c for c in shown if ord(c) not in characters()))


@cache
def characters() -> frozenset[int]:
    """Code points that every face has."""
    faces = [frozenset(_mapped((FONTS / face).read_bytes())) for face in FACES]
    return faces[0].intersection(*faces[1:])


def _mapped(font: bytes) -> Iterator[int]:
    cmap = _table(font, b"cmap")
    count = struct.unpack_from(">H", cmap, 2)[0]
    for offset in {struct.unpack_from(">HHI", cmap, 4 + 8 * n)[2] for n in range(count)}:
        kind = struct.unpack_from(">H", cmap, offset)[0]
        if kind == 12:
            yield from _groups(cmap, offset)
        elif kind == 4:
            yield from _segments(cmap, offset)


def _table(font: bytes, tag: bytes) -> bytes:
    count = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * n) for n in range(count))
    start, length = next((offset, size) for name, _, offset, size in records if name == tag)
    return font[start : start + length]


def _groups(cmap: bytes, offset: int) -> Iterator[int]:
    """Format 12: runs of code points."""
    for n in range(struct.unpack_from(">I", cmap, offset + 12)[0]):
        first, last, _ = struct.unpack_from(">III", cmap, offset + 16 + 12 * n)
        yield from range(first, last + 1)


def _segments(cmap: bytes, offset: int) -> Iterator[int]:
    """Format 4: segments of the basic plane; 0xFFFF only ends the list."""
    doubled = struct.unpack_from(">H", cmap, offset + 6)[0]
    ends = struct.unpack_from(f">{doubled // 2}H", cmap, offset + 14)
    starts = struct.unpack_from(f">{doubled // 2}H", cmap, offset + 16 + doubled)
    for first, last in zip(starts, ends, strict=True):
        yield from (code for code in range(first, last + 1) if code != 0xFFFF)
