"""A neighbour that has everything: each row of one tenant under other names, and an invented one where it has none.

The same function gives for every identifier its counterpart next door and, shifted further, one that nobody has. All
three are of the same kind, shape and length, so that nothing but the tenant tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum as Kinds
from functools import cache
from typing import Any, get_origin
from uuid import UUID

from sqlalchemy import Boolean, Column, Connection, Enum, ForeignKeyConstraint, Table, UniqueConstraint, select
from sqlalchemy.sql.sqltypes import Date, Integer, LargeBinary, String
from sqlmodel import SQLModel

from shuangsui.db import Sealed, SealedText
from shuangsui.db.rows import Json
from shuangsui.db.statements import is_owned
from shuangsui.migrations import metadata
from shuangsui.registry.uscc import registration_check_digit

YEAR = re.compile(r"(?<!\d)20[23]\d(?!\d)")
REGISTRATION = re.compile(r"\d{15}")
DIGITS, LETTERS = "0123456789", "abcdefghijklmnopqrstuvwxyz"
FURTHER = {1: "邻", 2: "无"}
"""The first character of a name without digits or letters."""
MOMENT = datetime(2026, 6, 15, 2, tzinfo=UTC)
People = metadata().tables["user_account"]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A naming: ``step`` 1 is the neighbour's, 2 is nobody's."""

    step: int

    def text(self, text: str) -> str:
        """Digits but those of years are turned; where there are none, letters; else the first character is another."""
        if REGISTRATION.fullmatch(text):
            start = self._turned(text[:14], DIGITS, 3)
            return start + registration_check_digit(start)
        if re.search(r"\d", YEAR.sub("", text)):
            years, parts = YEAR.findall(text), YEAR.split(text)
            turned = [self._turned(part, DIGITS, 3) for part in parts]
            return "".join(part + year for part, year in zip(turned, [*years, ""], strict=True))
        turned = self._turned(text, LETTERS, 7)
        return turned if turned != text or not text else FURTHER[self.step] + text[1:]

    def number(self, number: int, *, year: bool = False) -> int:
        """Another of the same length where that goes."""
        return number + (3 if year else 4000) * self.step

    def id(self, id_: UUID) -> UUID:
        """Of the same version."""
        return UUID(int=id_.int ^ (0xC0FFEE << 8 * self.step))

    def deep(self, value: Any) -> Any:
        """Every text inside a structure."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: self.deep(one) for name, one in value.items()}
        return [self.deep(one) for one in value] if isinstance(value, list) else value

    def value(self, value: Any, column: Column[Any] | None = None) -> Any:
        """What stands in a column; closed lists, times and bytes stay."""
        if isinstance(value, bool | Kinds) or value is None or (column is not None and isinstance(column.type, Enum)):
            return value
        if isinstance(value, UUID):
            return self.id(value)
        if isinstance(value, int):
            named = column is None or column in keys(column.table)
            return self.number(value, year=column is not None and column.name == "year") if named else value
        return self.deep(value)

    def _turned(self, text: str, wheel: str, by: int) -> str:
        turned = wheel[by * self.step :] + wheel[: by * self.step]
        return text.translate(str.maketrans(wheel + wheel.upper(), turned + turned.upper()))


THEIRS, NOBODYS = Elsewhere(1), Elsewhere(2)


def keys(table: Table) -> set[Column[Any]]:
    """Columns by which rows are found or found from elsewhere."""
    unique = [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    pairs = [pair for one in metadata().sorted_tables for pair in references(one)]
    named = {column for columns in unique for column in columns}
    return {*named, *(here for here, _ in pairs), *(there for _, there in pairs), *table.primary_key.columns}


def references(table: Table) -> Iterator[tuple[Column[Any], Column[Any]]]:
    """Column and what it refers to, but for the tenant."""
    for key in table.constraints:
        if isinstance(key, ForeignKeyConstraint):
            yield from ((one.parent, one.column) for one in key.elements if one.parent.name != "tenant_id")


@dataclass
class Mirror:
    """Both tenants' rows, once :meth:`build` has given ``other`` its own."""

    connection: Connection
    mine: str
    other: str

    def build(self, only_theirs: Collection[str] = ()) -> None:
        """Past both fences, in the order of references; ``only_theirs`` has no row of ``mine`` even now."""
        self._people()
        for table in filter(is_owned, metadata().sorted_tables):
            rows = self.rows(table, self.mine)
            if not rows and table.name not in only_theirs:
                rows = [self._invented(table, self.mine)]
                self.connection.execute(table.insert(), rows)
            mirrored = [*map(self._mirrored(table), rows)]
            self.connection.execute(table.insert(), mirrored or [self._invented(table, self.other)])

    def rows(self, table: Table, tenant: str) -> list[dict[str, Any]]:
        """As the database has them."""
        found = self.connection.execute(select(table).where(table.c.tenant_id == tenant)).mappings()
        return [dict(row) for row in found]

    def _people(self) -> None:
        """Everybody has a neighbour of another name."""
        rows = [dict(row) for row in self.connection.execute(select(People)).mappings()]
        new = [{**row, **{name: THEIRS.value(row[name]) for name in ("id", "login", "name")}} for row in rows]
        self.connection.execute(People.insert(), [{**row, "home": self.other} for row in new])

    def _mirrored(self, table: Table) -> Any:
        def mirrored(row: dict[str, Any]) -> dict[str, Any]:
            new = {name: THEIRS.value(value, table.c[name]) for name, value in row.items()}
            return {**new, "tenant_id": self.other}

        return mirrored

    def _invented(self, table: Table, tenant: str) -> dict[str, Any]:
        """One row, every column filled; it refers to the first row of the tenant's that can be referred to."""
        row = {column.name: invented(column) for column in table.columns} | {"tenant_id": tenant}
        for here, there in references(table):
            whose = there.table.c["tenant_id" if is_owned(there.table) else "home"]
            query = select(there).where(whose == tenant)
            row[here.name] = None if there.table is table else self.connection.execute(query.limit(1)).scalar_one()
        return row


@cache
def lists() -> frozenset[Column[Any]]:
    """Columns of free structure whose rows say that it is a list."""
    mappers = SQLModel._sa_registry.mappers
    fields = [(one, name, info.annotation) for one in mappers for name, info in one.class_.model_fields.items()]
    return frozenset(one.local_table.c[name] for one, name, kind in fields if get_origin(kind) in (list, tuple))


def invented(column: Column[Any]) -> Any:
    """A value of a column's type that says where it comes from."""
    kind = getattr(column.type, "impl_instance", column.type)
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class or kind.enums))
    if isinstance(kind, type(Json)):
        return [] if column in lists() else {}
    if isinstance(column.type, SealedText):
        return Sealed(f"造{column.table.name}外")
    if isinstance(kind, String):
        return f"造{sum(map(ord, column.table.name + column.name)) % 9000 + 1000}外"[: kind.length or 99]
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer):
        return 2029 if column.name == "year" else 7001
    if isinstance(kind, LargeBinary):
        return b"\0" * 32
    if isinstance(kind, Date):
        return date(2026, 6, 15)
    if kind.python_type is UUID:
        return UUID(int=0x7000_8000_0000_0000_0000 + sum(map(ord, column.table.name)))
    return MOMENT
