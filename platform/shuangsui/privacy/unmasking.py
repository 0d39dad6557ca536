"""Text as a reader sees it: escapes resolved, widths folded, invisible characters gone; pure.

A number must not hide behind full-width digits, digits of other scripts, JSON escapes, HTML entities, percent signs,
zero-width characters or the notation in which spreadsheets show long numbers. Every character of the plain text knows
where it stood.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

_ESCAPE = re.compile(
    r"\\+u(?:[0-9A-Fa-f]{4}|\{[0-9A-Fa-f]{1,6}\})|\\+x[0-9A-Fa-f]{2}"
    r"|&#[xX][0-9A-Fa-f]{1,6};?|&#[0-9]{1,7};?|&[A-Za-z]{2,12};|(?:%[0-9A-Fa-f]{2})+"
)
_LAYERS = 4
"""So many escapes inside escapes are resolved."""
_SCIENTIFIC = re.compile(r"(?<![0-9.])([1-9])\.([0-9]{9,18})[eE]\+?(1[0-9])(?![0-9])")
_CHINESE = re.compile("[〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺]{11,}")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺", "0001234567891234567891")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_=-])(?:[A-Za-z0-9+/_-]{60,80}\r?\n)*[A-Za-z0-9+/_-]{14,}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[2-7][0-9A-Fa-f]){8,}(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Plain:
    """``text`` with the place of each of its characters: it stands for ``original[starts[i]:ends[i]]``."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the text stood."""
        return self.starts[start], self.ends[end - 1]


def plain(text: str) -> Plain:
    """The text without escapes and disguises."""
    found = Plain(text, range(len(text)), range(1, len(text) + 1))
    for _ in range(_LAYERS):
        before, found = found, _replaced(found, _ESCAPE, _resolve)
        if before is found:
            break
    if not found.text.isascii():
        widths, invisible, rows = _tables()
        found = _replaced(found, invisible, lambda _: "")
        folded = rows.sub(lambda match: unicodedata.normalize("NFKC", match[0]), found.text.translate(widths))
        folded = _CHINESE.sub(lambda match: match[0].translate(_CHINESE_DIGITS), folded)
        found = Plain(folded, found.starts, found.ends)
    return _replaced(found, _SCIENTIFIC, _written_out)


def inner(text: str) -> Iterator[tuple[int, int, bytes]]:
    """What is written in base64 or hexadecimal digits and is readable: place and bytes; keys and digests are not."""
    for match in _BASE64.finditer(text):
        for token in dict.fromkeys((match[0], *match[0].split())):
            data = _unbased(token)
            if data and _readable(data):
                yield match.start(), match.end(), data
    for match in _HEX.finditer(text):
        data = bytes.fromhex(match[0])
        if _readable(data):
            yield match.start(), match.end(), data


def _unbased(token: str) -> bytes | None:
    body = "".join(token.split()).rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        return None
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4))
    except (binascii.Error, ValueError):
        return None


def _readable(data: bytes) -> bool:
    """Text, or a container that begins as one."""
    if data.startswith((b"%PDF-", b"PK\x03\x04")):
        return True
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char.isspace() or unicodedata.category(char) == "Cf" for char in text)


def _resolve(match: re.Match[str]) -> str:
    token = match[0]
    if token.startswith("%"):
        return unquote(token, errors="ignore")
    if token.startswith("&"):
        return html.unescape(token if token.endswith(";") else f"{token};")
    code = int(token.lstrip("\\").strip("ux{}"), 16)
    return chr(code) if code <= sys.maxunicode else token


def _written_out(match: re.Match[str]) -> str:
    """``5.00103199001011E+17`` with the zeros that stand for the digits that were lost; the mark makes it known."""
    digits, places = match[1] + match[2], int(match[3]) + 1
    return f"≈{digits.ljust(places, '0')}" if len(digits.rstrip("0")) <= places else match[0]


def _replaced(found: Plain, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> Plain:
    """The same object if there is nothing to replace."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    for match in pattern.finditer(found.text):
        new = replace(match)
        if new == match[0]:
            continue
        start, end = match.span()
        parts += found.text[last:start], new
        starts += [*found.starts[last:start], *[found.starts[start]] * len(new)]
        ends += [*found.ends[last:start], *[found.ends[end - 1]] * len(new)]
        last = end
    if not last:
        return found
    parts.append(found.text[last:])
    return Plain("".join(parts), [*starts, *found.starts[last:]], [*ends, *found.ends[last:]])


@cache
def _tables() -> tuple[dict[int, str], re.Pattern[str], re.Pattern[str]]:
    """One for one: full widths and digits of every script; invisible characters; rows of circled or raised digits."""
    widths: dict[int, str] = {}
    invisible: list[str] = []
    rows: list[str] = []
    for code in [*range(0x80, 0xD800), *range(0xF900, 0x10000), *range(0x1D400, 0x1D800), *range(0x1FBF0, 0x1FBFA)]:
        char = chr(code)
        kind, folded = unicodedata.category(char), unicodedata.normalize("NFKC", char)
        if kind == "Nd":
            widths[code] = str(unicodedata.digit(char))
        elif kind == "Zs":
            widths[code] = " "
        elif kind == "Pd" or code == 0x2212:
            widths[code] = "-"
        elif kind == "Cf" or 0xFE00 <= code <= 0xFE0F or code in (0x034F, 0x115F, 0x1160, 0x3164):
            invisible.append(char)
        elif kind == "No" and len(folded) == 1 and folded.isascii():
            rows.append(char)
        elif len(folded) == 1 and folded.isascii():
            widths[code] = folded
    widths[ord("·")] = widths[ord("•")] = "."
    return widths, re.compile(f"[{''.join(invisible)}]"), re.compile(f"[{''.join(rows)}]{{2,}}")
