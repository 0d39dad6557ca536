"""Sentences that remember of what they were made, so that a page can say them in another language (decision 0032)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class Said(str):
    """A Chinese sentence with its template and values; for everything but a page's language it is that sentence."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Any]


class Listed(str):
    """Several in a row, and the sign between them."""

    __slots__ = ("parts", "sign")
    sign: str
    parts: tuple[str, ...]


def say(template: str, /, **values: Any) -> str:
    """``say("第 {n} 项任务", n=3)``: the template is what catalogues know, a value may be a sentence itself."""
    sentence = Said(template.format(**values))
    sentence.template, sentence.values = template, values
    return sentence


def listed(parts: Iterable[str], sign: str = "、") -> str:
    """``a、b、c``; nothing for none."""
    kept = tuple(parts)
    row = Listed(sign.join(kept))
    row.sign, row.parts = sign, kept
    return row


def named(name: str, code: object) -> str:
    """``某厂（500…）``: a name, and in brackets what tells it from others of that name."""
    return say("{name}（{code}）", name=name, code=code)
