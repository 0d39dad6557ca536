"""Personal data in what goes out 个人信息检查: values by their class, and every outbound byte; pure.

Nothing found is ever repeated: findings name the kind and the place. A number of an authority that looks like a
person's (its own hotline, a certificate, a code) passes if the caller lists it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any

from shuangsui.disclosed import Content, Disclosed, DisclosedObject
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.privacy.dwellings import HOME, house_number, is_sole_owner_code, masked_address, names_sole_owner
from shuangsui.privacy.identifiers import identifiers
from shuangsui.privacy.messages import PERSONAL_KINDS
from shuangsui.privacy.openings import records
from shuangsui.privacy.pieces import Piece, Record, Unreadable
from shuangsui.privacy.unmasking import Plain, inner, plain
from shuangsui.registry.uscc import check_code

LAW = "《个人信息保护法》"
_COUNTRY = re.compile(r"^(?:0086|86|0)(?=1[3-9][0-9]{9}$)")
_ADDRESSES = ("address", "地址", "住所", "住址", "经营场所")


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a text."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in a file or a field of a value; ``kind`` as in ``messages.PERSONAL_KINDS``."""

    kind: str
    where: str


def scan_text(text: str, allowed: Collection[str] = ()) -> list[Found]:
    """Everything personal in a text, in its order, also what is written in base64 or hexadecimal digits."""
    return list(_scan(text, _known(allowed)))


def scan_bytes(data: bytes, media_type: str, allowed: Collection[str] = ()) -> list[Finding]:
    """Everything personal in a file; :class:`BadInput` ``lint_unreadable`` if it cannot be looked at."""
    known = _known(allowed)
    try:
        found = [one for record in records(data, media_type) for one in _in_record(record, known)]
    except Unreadable as error:
        raise BadInput("lint_unreadable", where=error.where or "文件", reason=error.reason) from error
    except RecursionError as error:
        raise BadInput("lint_unreadable", where="文件", reason="层层嵌套") from error
    return list(dict.fromkeys(found))


def lint_disclosed(item: Disclosed, allowed: Collection[str] = ()) -> list[Finding]:
    """Values by their fields; of what is taken down only what explains it goes out."""
    lawful = [*allowed, *public_codes(item.content, item.authority.code)]
    around = [(where, text) for where, text in _values(item, "") if not where.startswith("content.")]
    found = lint_texts(around, lawful)
    if item.action != "withdraw":
        found += lint_content(item.content, lawful)
    return list(dict.fromkeys(found))


def lint_content(content: Content, allowed: Collection[str] = ()) -> list[Finding]:
    """No identifiers in any field, and no house number of a sole owner (context 2.9)."""
    texts = list(_values(content, "content"))
    found = lint_texts(texts, [*allowed, *public_codes(content)])
    subject = getattr(content, "object", None)
    if isinstance(subject, DisclosedObject) and (subject.sole_owner or is_sole_owner_code(subject.code)):
        if masked_address(plain(subject.address).text) != plain(subject.address).text:
            found.append(Finding(HOME, "content.object.address"))
        found += [Finding(HOME, where) for where, text in texts if house_number(text)]
    return list(dict.fromkeys(found))


def lint_texts(texts: Iterable[tuple[str, str]], allowed: Collection[str] = ()) -> list[Finding]:
    """No identifiers in any text; each comes with the name of its field."""
    known = _known(allowed)
    return [Finding(one.kind, _speakable(where)) for where, text in texts for one in _scan(text, known)]


def public_codes(content: Content, *more: str) -> frozenset[str]:
    """Codes of bodies that pass their own check: an old registration number may look like an old ID number."""
    names = ("maker_code", "source_code")
    subject = getattr(content, "object", None)
    codes = [*more, *(getattr(content, name, "") for name in names), getattr(subject, "code", "")]
    return frozenset(code for code in codes if code and check_code(code).error is None)


def require_clean(data: bytes, media_type: str, *, allowed: Collection[str] = ()) -> None:
    """:class:`RuleRefused` ``personal_data`` with the first place and how many there are."""
    refuse(scan_bytes(data, media_type, allowed))


def require_lawful(item: Disclosed, *, allowed: Collection[str] = ()) -> None:
    """The same for the values, before any receiver's form is made of them."""
    refuse(lint_disclosed(item, allowed))


def refuse(findings: Collection[Finding]) -> None:
    """Raise for the first of them, if there is any."""
    for first in findings:
        raise RuleRefused(
            "personal_data",
            article=LAW,
            where=first.where,
            kind=PERSONAL_KINDS[first.kind],
            count=len(findings),
            findings=[{"kind": one.kind, "where": one.where} for one in findings],
        )


def _known(allowed: Collection[str]) -> frozenset[str]:
    return frozenset(_bare(one) for one in allowed)


def _scan(text: str, known: frozenset[str]) -> tuple[Found, ...]:
    """Names of columns and short values come again and again."""
    return _short(text, known) if len(text) <= _SHORT else _long(text, known)


def _long(text: str, known: frozenset[str]) -> tuple[Found, ...]:
    read = plain(text)
    found = [
        Found(kind, *read.place(start, end))
        for kind, start, end in identifiers(read.text)
        if _bare(read.text[start:end]) not in known
    ]
    return tuple(sorted([*found, *_inside(read, known)], key=lambda one: (one.start, one.end)))


_SHORT = 40
_short = lru_cache(maxsize=2**14)(_long)


def _inside(read: Plain, known: frozenset[str]) -> Iterator[Found]:
    """What is wrapped; a wrapped file that nobody can open counts as what it may hide."""
    for start, end, data in inner(read.text):
        place = read.place(start, end)
        kind = "application/zip" if data.startswith(b"PK") else "text/plain"
        for one in scan_bytes(data, kind, known):
            yield Found(one.kind, *place)


def _in_record(record: Record, known: frozenset[str]) -> Iterator[Finding]:
    for piece in record:
        for one in _scan(piece.text, known):
            yield Finding(one.kind, _speakable(_place(piece, one.start)))
        if piece.lines:
            yield from _homes_by_line(piece)
    if any(names_sole_owner(piece.text, piece.name) for piece in record):
        yield from (Finding(HOME, _speakable(piece.where)) for piece in record if _is_home(piece))


def _homes_by_line(piece: Piece) -> Iterator[Finding]:
    for number, line in enumerate(piece.text.splitlines(), start=1):
        if names_sole_owner(line) and house_number(line):
            yield Finding(HOME, f"{piece.where}第 {number} 行")


def _place(piece: Piece, start: int) -> str:
    return f"{piece.where}第 {len(piece.text[: start + 1].splitlines())} 行" if piece.lines else piece.where


def _is_home(piece: Piece) -> bool:
    if piece.lines:
        return False
    text = plain(piece.text).text
    if piece.name.lower().endswith(_ADDRESSES):
        return masked_address(text) != text
    return house_number(text)


def _speakable(where: str) -> str:
    """A place may itself be named after somebody's number."""
    return "（名称含个人信息）" if scan_text(where) else where


def _values(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Dotted name and text of every field below."""
    if is_dataclass(value):
        for one in fields(value):
            yield from _values(getattr(value, one.name), f"{path}.{one.name}" if path else one.name)
    elif isinstance(value, dict):
        for n, (key, member) in enumerate(value.items()):
            yield f"{path}{{{n}}}", str(key)
            yield from _values(member, f"{path}[{key}]")
    elif isinstance(value, tuple | list):
        for n, member in enumerate(value):
            yield from _values(member, f"{path}[{n}]")
    elif isinstance(value, str):
        yield path, value


def _bare(text: str) -> str:
    """For comparing numbers: without what people write between their groups and before a mobile number."""
    bare = "".join(char for char in text.casefold() if char.isalnum() or char in "@.")
    return _COUNTRY.sub("", bare)
