"""A number stands for one expert: recusals, users and plans name people by it, whatever pool they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.errors import BadInput
from shuangsui.registry.pipeline import CheckedRow
from shuangsui.registry.pooled import name_of
from shuangsui.registry.shelves import Shelf
from shuangsui.registry.tables import Expert


def apart(session: TenantSession, shelf: Shelf, batches: Iterable[list[CheckedRow]]) -> Iterator[list[CheckedRow]]:
    """The batches as they are; :class:`BadInput` ``expert_in_two_pools`` for a number that another pool has."""
    here = str(shelf.fixed["pool"])
    elsewhere = dict(session.exec(select(Expert.expert_no, Expert.pool).where(col(Expert.pool) != here)).all())
    for rows in batches:
        for row in rows:
            number = str(row.values["expert_no"])
            if number in elsewhere:
                there = name_of(elsewhere[number])
                raise BadInput("expert_in_two_pools", number=number, here=name_of(here), there=there)
        yield rows
