"""Where every key of a TOML text stands. ``tomllib`` reads the values but forgets their lines.

The scanner only walks texts that ``tomllib`` has accepted, so it may be liberal: it never judges, it only counts lines.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping

KeyPath = tuple[str | int, ...]
"""A way into the parsed document: table names, keys, and indices of arrays from 0."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TEXT = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:\'{0,2})|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL
)
_BLANK = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:\s|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}#\n]+")


def lines_of(text: str) -> Mapping[KeyPath, int]:
    """The line, from 1, of every table, key and array element of ``text``, which must be valid TOML."""
    return _Scanner(text).document()


class _Scanner:
    """One pass over the text; ``at`` is the position, ``found`` the answer."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[KeyPath, int] = {}
        self.last: dict[KeyPath, int] = {}  # array of tables -> index of its newest table
        self.breaks = [i for i, char in enumerate(text) if char == "\n"]

    def document(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        self.skip(_SPACE)
        while self.at < len(self.text):
            table = self.header() if self.text[self.at] == "[" else self.pair(table)
            self.skip(_SPACE)
        return self.found

    def header(self) -> KeyPath:
        """``[a.b]`` or ``[[a.b]]``; answers the path of the keys that follow."""
        line, width = self.line(), 2 if self.text.startswith("[[", self.at) else 1
        self.at += width
        names = self.key()
        self.at += width
        path = self.resolve(names[:-1]) + names[-1:]
        if width == 2:
            self.last[path] = self.last.get(path, -1) + 1
        path = self.resolve(names)
        self.mark(path, line)
        return path

    def resolve(self, names: tuple[str, ...]) -> KeyPath:
        """``names`` with the index of the newest table put behind each array of tables."""
        path: KeyPath = ()
        for name in names:
            path += (name,)
            if path in self.last:
                path += (self.last[path],)
        return path

    def pair(self, table: KeyPath) -> KeyPath:
        """``key = value``; answers ``table``, in which the next key stands too."""
        line = self.line()
        path = table + self.key()
        self.mark(path, line)
        self.at += 1
        self.value(path)
        return table

    def key(self) -> tuple[str, ...]:
        """A dotted key; stops at ``=`` or ``]``."""
        names = [self.name()]
        while self.text[self.at] == ".":
            self.at += 1
            names.append(self.name())
        return tuple(names)

    def name(self) -> str:
        self.skip(_BLANK)
        if bare := _BARE.match(self.text, self.at):
            self.at = bare.end()
            name = bare.group()
        else:
            start = self.at
            self.skip(_TEXT)
            name = str(tomllib.loads(f"name = {self.text[start : self.at]}")["name"])
        self.skip(_BLANK)
        return name

    def value(self, path: KeyPath) -> None:
        self.skip(_SPACE)
        opening = self.text[self.at]
        if opening in "[{":
            self.at += 1
            self.inside(path, "]" if opening == "[" else "}")
        else:
            self.skip(_TEXT if opening in "\"'" else _SCALAR)

    def inside(self, path: KeyPath, closing: str) -> None:
        """The elements of an array, or the pairs of an inline table, up to ``closing``."""
        index = 0
        self.skip(_SPACE)
        while self.text[self.at] != closing:
            if closing == "]":
                self.mark((*path, index), self.line())
                self.value((*path, index))
            else:
                self.pair(path)
            index += 1
            self.skip(_SPACE)
            if self.text[self.at] == ",":
                self.at += 1
            self.skip(_SPACE)
        self.at += 1

    def mark(self, path: KeyPath, line: int) -> None:
        """Note ``line`` for ``path`` and for the tables above it that have no line yet."""
        for end in range(1, len(path) + 1):
            self.found.setdefault(path[:end], line)

    def line(self) -> int:
        return bisect_right(self.breaks, self.at - 1) + 1

    def skip(self, pattern: re.Pattern[str]) -> None:
        if match := pattern.match(self.text, self.at):
            self.at = match.end()
