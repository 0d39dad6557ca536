"""Long lists in parts: a page shows one, its twin has all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from shuangsui.pages import Detail, Table

ROWS = 100


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one part; ``address(n)`` leads to another one."""

    rows: Sequence[Mapping[str, Any]]
    page: int
    pages: int
    address: Callable[[int], str]


def parts_of(shown: Any, query: Mapping[str, str], address: str) -> Callable[[Table], Part]:
    """Which part of each table of ``shown`` the query asks for; every table is leafed through on its own."""
    tables = shown.tables if isinstance(shown, Detail) else [shown]
    names = {id(table): f"page{i}" if i else "page" for i, table in enumerate(tables)}
    return lambda table: part(table, query, address, names[id(table)])


def part(table: Table, query: Mapping[str, str], address: str, name: str) -> Part:
    """The part that ``query[name]`` asks for; what is no number of one leads to the nearest."""
    pages = max(1, -(-len(table.rows) // ROWS))
    asked = query.get(name, "1")
    page = min(max(int(asked) if asked.isdecimal() and len(asked) < 9 else 1, 1), pages)

    def other(number: int) -> str:
        return f"{address}?{urlencode({**without_notice(query), name: number})}"

    return Part(table.rows[(page - 1) * ROWS : page * ROWS], page, pages, other)


def without_notice(query: Mapping[str, str]) -> dict[str, str]:
    """The query as a link may carry it on: what was done was done once."""
    return {key: value for key, value in query.items() if key != "done"}
