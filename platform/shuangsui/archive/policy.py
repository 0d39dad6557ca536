"""The manifest of an archive, and how values of rows are written in it; pure."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, LargeBinary, Uuid
from sqlalchemy import Enum as EnumType
from sqlmodel.sql.sqltypes import UTCDateTime

from shuangsui.db import Sealed, SealedMap, SealedText
from shuangsui.errors import BadInput

FORMAT = "shuangsui-tenant-1"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Heads:
    """Where the two chains stand: how many rows each has, and the hash of the last one, empty for none."""

    ledger: int
    ledger_hash: str
    drawlog: int
    drawlog_hash: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds; ``files`` has the SHA-256, hex, of every other member by its name, ``rows`` counts them.

    ``revision`` is that of the schema: rows fit no other. ``sealed`` counts what is sealed under each ``STORE:KEY``;
    the archive has none of the keys, and is of use only where they are.
    """

    format: str
    product: str
    revision: str
    tenant: str
    made_at: str
    heads: Heads
    rows: dict[str, int]
    files: dict[str, str]
    sealed: dict[str, int]

    def text(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()

    @classmethod
    def read(cls, data: bytes) -> Manifest:
        """:class:`BadInput` ``archive_unreadable`` for anything else."""
        try:
            said = json.loads(data)
            found = cls(**{**said, "heads": Heads(**said["heads"])})
            fits = found.format == FORMAT and all(isinstance(one, str) for one in found.files.values())
        except (ValueError, TypeError, KeyError) as error:
            raise BadInput("archive_unreadable", problem="清单读不懂") from error
        if not fits:
            raise BadInput("archive_unreadable", problem=f"格式不是 {FORMAT}")
        return found


READERS: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (UTCDateTime, datetime.fromisoformat), (Date, date.fromisoformat), (LargeBinary, b64decode), (Uuid, UUID),
    (SealedText, Sealed), (SealedMap, lambda value: {name: Sealed(one) for name, one in value.items()}),
)  # fmt: skip
"""Types of columns whose values JSON has in another form."""


def written(value: object) -> object:
    """A value of a row as JSON has it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Sealed):
        return value.text
    if isinstance(value, dict):
        return {name: written(one) if isinstance(one, Sealed) else one for name, one in value.items()}
    return str(value) if isinstance(value, UUID) else value


def read(column: Column[Any], value: Any) -> object:
    """The value of ``column`` that :func:`written` wrote."""
    if value is None:
        return None
    if isinstance(column.type, EnumType) and column.type.enum_class:
        return column.type.enum_class(value)
    reader = next((reader for kind, reader in READERS if isinstance(column.type, kind)), None)
    return reader(value) if reader else value


def line(row: Mapping[str, object]) -> bytes:
    """One row, with its line feed."""
    said = {name: written(value) for name, value in row.items()}
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode() + b"\n"
