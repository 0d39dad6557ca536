"""Requests out of templates, and values out of answers; pure.

What is filled in is never read as a template again, and stays inside the text it is filled into.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

FIELDS = ("title", "text", "address", "id", "link", "level")
"""What a template may take from a message."""
TOKEN = "token"  # noqa: S105 - a name
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def filled(template: Any, values: Mapping[str, str], quoted: Callable[[str], str] = str) -> Any:
    """A copy of a JSON value with every ``{name}`` in its texts replaced; keys stay as they are."""
    if isinstance(template, str):
        return _PLACE.sub(lambda found: quoted(values[found[1]]), template)
    if isinstance(template, dict):
        return {key: filled(one, values, quoted) for key, one in template.items()}
    if isinstance(template, list):
        return [filled(one, values, quoted) for one in template]
    return template


def names(template: Any) -> Iterator[str]:
    """Every ``{name}`` in it."""
    if isinstance(template, str):
        yield from _PLACE.findall(template)
    elif isinstance(template, dict):
        for one in template.values():
            yield from names(one)
    elif isinstance(template, list):
        for one in template:
            yield from names(one)


def is_flat(template: Any) -> bool:
    """Whether it is an object of texts and numbers, as a form or a query can carry it."""
    return isinstance(template, dict) and all(isinstance(one, str | int) for one in template.values())


def found(answer: Any, path: str) -> str | None:
    """The value at ``a.b.0.c`` as a text; None if there is nothing, or something that is no single value."""
    for part in path.split("."):
        if isinstance(answer, dict):
            answer = answer.get(part)
        elif isinstance(answer, list) and part.isdigit() and int(part) < len(answer):
            answer = answer[int(part)]
        else:
            return None
    return str(answer) if isinstance(answer, str | int | float) else None


def cut(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, whole characters, with an ellipsis where something is missing."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - len("…".encode())].decode(errors="ignore") + "…"
