"""Rows of a list that stay in the database: whoever leafs through it reads what is shown and no more.

::

    things = select(Thing.code, Thing.name)
    Stored(here.session, things, Thing.code, row_of, "code", sorts={"name": Thing.name})

A list is leafed through by position as far as :data:`DEEPEST`; behind that, in its own order, from a known key on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, overload

from sqlmodel import func, select
from sqlmodel.sql.expression import Select

from shuangsui.db import TenantSession

DEEPEST = 100_000
"""Rows up to which a list is counted and leafed through by position: both cost time in proportion."""
BATCH = 2000


@dataclass(frozen=True)
class Stored(Sequence[Mapping[str, Any]]):
    """The rows of ``statement`` in the order of ``key``, which is unique, or of one of ``sorts`` and then the key.

    ``make`` turns a database row into what the list shows, the key under ``key_name``; ``after`` leaves out every row
    up to that key.
    """

    session: TenantSession
    statement: Select[Any]
    key: Any
    make: Callable[[Any], Mapping[str, Any]]
    key_name: str
    sorts: Mapping[str, Any] = field(default_factory=dict)
    sort: str = ""
    after: str = ""

    def __len__(self) -> int:
        """How many there are, counted no further than one beyond :data:`DEEPEST`."""
        return self._count

    @cached_property
    def _count(self) -> int:
        some = self._rows.with_only_columns(self.key).limit(DEEPEST + 1).subquery()
        return self.session.exec(select(func.count()).select_from(some)).one()

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """Every row, a batch in memory at a time."""
        for row in self.session.exec(self._ordered.execution_options(yield_per=BATCH)):
            yield self.make(row)

    @overload
    def __getitem__(self, index: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        """Only these are read."""
        if isinstance(index, int):
            return self[index : index + 1][0]
        start, stop = index.start or 0, DEEPEST if index.stop is None else index.stop
        found = self.session.exec(self._ordered.offset(start).limit(max(0, stop - start)))
        return [self.make(row) for row in found]

    def sorted_by(self, sort: str) -> Stored:
        """The same rows by another column, descending with a minus before its name."""
        return replace(self, sort=sort)

    def behind(self, key: str) -> Stored:
        """The rows after this key, in the list's own order."""
        return replace(self, after=key, sort="")

    def key_of(self, row: Mapping[str, Any]) -> str:
        """Where :meth:`behind` goes on after this row."""
        return str(row[self.key_name])

    @property
    def _rows(self) -> Select[Any]:
        return self.statement.where(self.key > self.after) if self.after else self.statement

    @property
    def _ordered(self) -> Select[Any]:
        column = self.sorts.get(self.sort.removeprefix("-"))
        order = (self.key,) if column is None else (column, self.key)
        return self._rows.order_by(*(one.desc() if self.sort.startswith("-") else one.asc() for one in order))
