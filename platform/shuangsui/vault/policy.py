"""Where a sealed text belongs, and what it looks like: ``sealed:1:STORE:KEY:CIPHERTEXT``; pure."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shuangsui.db import Sealed
from shuangsui.errors import Misconfigured

FORM = "sealed:1"
OWN = "installation"
"""Stands for a store: the key is derived from the master key of the installation."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a tenant's row; ``part`` is the name in a map. What is sealed for one place opens in no other."""

    table: str
    column: str
    row: UUID
    part: str = ""

    @classmethod
    def of(cls, row: Any, column: str, part: str = "") -> Place:
        """The cell ``column`` of a mapped row."""
        return cls(row.__tablename__, column, row.id, part)

    @property
    def purpose(self) -> str:
        """What a key is derived for: one for each column."""
        return f"{self.table}.{self.column}"

    def names(self, tenant: str, key: KeyName) -> tuple[str, ...]:
        """What the ciphertext is bound to."""
        return (FORM, tenant, self.table, self.column, str(self.row), self.part, key.store, key.key)


@dataclass(frozen=True, slots=True, order=True)
class KeyName:
    """A key by its store, ``plugin/name`` or :data:`OWN`, and its id there."""

    store: str
    key: str

    def __str__(self) -> str:
        """As people see it."""
        return f"{self.store}:{self.key}"


def written(key: KeyName, ciphertext: bytes) -> Sealed:
    """As it stands in the column."""
    return Sealed(f"{FORM}:{key}:{urlsafe_b64encode(ciphertext).decode()}")


def is_plain(sealed: Sealed) -> bool:
    """Whether it is a text of before this version, which nothing has sealed yet."""
    return not sealed.text.startswith(f"{FORM}:")


def read(sealed: Sealed) -> tuple[KeyName, bytes]:
    """Key and ciphertext of a text that is not plain; :class:`Misconfigured` ``sealed_broken``."""
    try:
        store, key, text = sealed.text.removeprefix(f"{FORM}:").split(":")
        return KeyName(store, key), urlsafe_b64decode(text)
    except ValueError:
        raise Misconfigured("sealed_broken", store="?", key="?") from None
