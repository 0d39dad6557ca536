"""A key store in memory that a test takes away and brings back, and everything that a database holds."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text

from databases import Database
from shuangsui.contracts import Health
from shuangsui.errors import OutsideFailed
from shuangsui.extension import service
from shuangsui.extension.isolation import Absent, LoadedKeyStore
from shuangsui.migrations import metadata

STORE = "memory/box"


@dataclass
class Box:
    """Keys of one tenant; ``away`` as if the cable were out."""

    secret: bytes = b"one secret of thirty-two bytes...."
    name: str = "box"
    network: bool = False
    away: bool = False
    keys: list[str] = field(default_factory=lambda: ["k1"])
    numbers: Any = field(default_factory=lambda: count(2))

    def current(self) -> str:
        self._reach()
        return self.keys[-1] if self.keys else ""

    def derive(self, key: str, purpose: str) -> bytes:
        self._reach()
        if key not in self.keys:
            raise OutsideFailed("box", permanent=True, problem=f"没有密钥 {key}")
        return hmac.digest(self.secret, f"{key}/{purpose}".encode(), "sha256")

    def renew(self) -> str:
        self._reach()
        self.keys.append(f"k{next(self.numbers)}")
        return self.keys[-1]

    def check(self) -> Health:
        return Health(ok=not self.away, message="可以使用。")

    def _reach(self) -> None:
        if self.away:
            raise OutsideFailed("box", problem="连不上")

    @property
    def loaded(self) -> LoadedKeyStore:
        """As the platform meets it."""
        return LoadedKeyStore("memory", self.name, self.network, self)


def keep(patch: pytest.MonkeyPatch, **stores: list[LoadedKeyStore | Absent]) -> None:
    """The stores of each tenant stand here and in no plugin."""
    patch.setattr(service, "key_stores", lambda tenant, _settings=None: stores.get(tenant.slug, []))


def everything(database: Database) -> bytes:
    """Every byte of the database's file, or every row of every table."""
    if not database.is_postgres:
        file = Path(make_url(database.app).database or "")
        return b"".join(one.read_bytes() for one in (file, *file.parent.glob(f"{file.name}-wal")) if one.exists())
    with database.by_hand() as connection:
        rows = [
            str(row)
            for table in metadata().sorted_tables
            for row in connection.execute(text(f'SELECT t::text FROM "{table.name}" t')).scalars()
        ]
    return "\n".join(rows).encode()


def cells(database: Database) -> list[tuple[str, str]]:
    """Every value of every row, with its table."""
    with database.by_hand() as connection:
        return [
            (table.name, str(value))
            for table in metadata().sorted_tables
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"'))
            for value in row
        ]


def settled(database: Database, dispose: Callable[[], None]) -> bytes:
    """The same once nobody is connected, when SQLite has written its log into the file."""
    dispose()
    return everything(database)
