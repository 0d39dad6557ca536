"""The texts that are found in outbound bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """One text; ``where`` names its place for people, ``name`` the field or column it stands in, if it has one.

    ``lines``: running text, each of whose lines is a record and is counted in the place.
    """

    where: str
    text: str
    name: str = ""
    lines: bool = False


Record = list[Piece]
"""What belongs together: a row, an object of a list, a paragraph."""


class Unreadable(Exception):
    """Bytes whose text nobody can look at; ``where`` names the part, ``reason`` is a Chinese clause."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason
