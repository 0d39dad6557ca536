"""Columns that hold a sealed text: this layer carries it, and only whoever has the keys opens it.

Nothing but a :class:`Sealed` value goes into such a column, so that no plain text is stored by mistake::

    contact: Sealed = Field(sa_type=SealedText, repr=False)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from shuangsui.db.rows import Json


@dataclass(frozen=True, slots=True)
class Sealed:
    """What stands in the column; never shown, since a row of an earlier version may still be plain."""

    text: str = field(repr=False)


class SealedText(TypeDecorator[Sealed]):
    """One sealed text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, _dialect: Dialect) -> str | None:
        """``TypeError`` for a plain text."""
        return None if value is None else _text(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Sealed | None:
        """Still sealed."""
        return None if value is None else Sealed(value)


class SealedMap(TypeDecorator[Mapping[str, Sealed]]):
    """Sealed texts by name, in one JSON object; the names are not sealed."""

    impl = Json
    cache_ok = True

    def process_bind_param(
        self,
        value: Mapping[str, Sealed] | None,
        _dialect: Dialect,
    ) -> dict[str, str] | None:
        """``TypeError`` for a plain text."""
        return None if value is None else {name: _text(one) for name, one in value.items()}

    def process_result_value(
        self,
        value: Mapping[str, str] | None,
        _dialect: Dialect,
    ) -> dict[str, Sealed] | None:
        """Still sealed."""
        return None if value is None else {name: Sealed(one) for name, one in value.items()}


def _text(value: object) -> str:
    if not isinstance(value, Sealed):
        raise TypeError(f"a sealed column takes Sealed, not {type(value).__name__}")
    return value.text
