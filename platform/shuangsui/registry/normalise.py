"""Text as people typed it, made comparable: what is changed is told, what nobody can see is refused."""

from __future__ import annotations

import re
from typing import Protocol
from unicodedata import category, normalize

from shuangsui.errors import BadInput

_PLAIN_CODE = re.compile(r"[!-~]+")
_PLAIN_TEXT = re.compile("[!-~\u4e00-\u9fff，。；：、（）《》“”〔〕]+")
_SPACES = re.compile(r"\s+")
_BETWEEN_HAN = re.compile("(?<=[\u3400-\u9fff])\\s+(?=[\u3400-\u9fff])")
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_LINE_BREAKS = frozenset("\t\n\r")
_REFUSED = {
    "Cc": "control_character", "Zl": "control_character", "Zp": "control_character", "Cs": "control_character",
    "Cf": "invisible_character",
}  # fmt: skip


class Tell(Protocol):
    """Notes what was changed or looks odd in the cell at hand; ``code`` has its text in ``messages.py``."""

    def __call__(self, code: str, **params: object) -> None:
        """Keep one note or warning."""


def fold(text: str) -> str:
    """``text`` after NFKC and without any space: how codes, dates and headers are compared."""
    return text if _PLAIN_CODE.fullmatch(text) else _SPACES.sub("", normalize("NFKC", text))


def clean_code(text: str, tell: Tell) -> str:
    """``text`` folded; raises ``BadInput`` for a character that cannot be seen."""
    if _PLAIN_CODE.fullmatch(text):
        return text
    refuse_hidden(text)
    narrow = _SPACES.sub("", text)
    _told(text, narrow, "spaces_removed", tell)
    _told(narrow, fold(narrow), "width_folded", tell)
    return fold(narrow)


def clean_capitals(text: str, tell: Tell) -> str:
    """``text`` folded and in capitals."""
    folded = clean_code(text, tell)
    _told(folded, folded.upper(), "case_folded", tell)
    return folded.upper()


def clean_text(text: str, tell: Tell) -> str:
    """``text`` in NFC, trimmed, every run of spaces and line breaks as one space."""
    if _PLAIN_TEXT.fullmatch(text):
        return text
    refuse_hidden(text)
    joined = " ".join(text.split())
    _told(text, joined, "spaces_joined", tell)
    return _composed(joined, tell)


def clean_name(text: str, tell: Tell) -> str:
    """As ``clean_text``; the spaces that align Chinese names of two characters in lists are taken out."""
    cleaned = clean_text(text, tell)
    closed = _BETWEEN_HAN.sub("", cleaned)
    _told(cleaned, closed, "spaces_removed", tell)
    return closed


def clean_verbatim(text: str, tell: Tell) -> str:
    """Official wording as it stands: trimmed and in NFC, spaces and line breaks inside are kept."""
    refuse_hidden(text)
    trimmed = text.strip()
    _told(text, trimmed, "spaces_joined", tell)
    return _composed(trimmed, tell)


def refuse_hidden(text: str) -> None:
    """Raise ``BadInput`` for control, zero-width, direction and replacement characters; line breaks pass."""
    if text.isprintable() and not _BLANK_LETTERS & set(text) and "\ufffd" not in text:
        return
    for char in text:
        code = _fault_of(char)
        if code is not None:
            raise BadInput(code, sign=f"U+{ord(char):04X}")


def _fault_of(char: str) -> str | None:
    """The error a character is refused with."""
    if char in _LINE_BREAKS:
        return None
    if char == "\ufffd":
        return "replacement_character"
    if ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef":
        return "control_character"
    return "invisible_character" if char in _BLANK_LETTERS else _REFUSED.get(category(char))


def _composed(text: str, tell: Tell) -> str:
    """``text`` in NFC; characters of the private use area are told, they look different on another computer."""
    composed = normalize("NFC", text)
    _told(text, composed, "composed", tell)
    for char in composed:
        if category(char) == "Co":
            tell("private_character", sign=f"U+{ord(char):04X}")
            break
    return composed


def _told(before: str, after: str, code: str, tell: Tell) -> None:
    """Tell ``code`` if the text changed."""
    if before != after:
        tell(code, after=after)
