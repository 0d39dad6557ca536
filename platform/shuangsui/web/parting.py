"""Long lists in parts and in order: a page shows one part, its twin has all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from shuangsui.pages import Detail, Stored, Table
from shuangsui.pages.declaring import as_json
from shuangsui.pages.stored import DEEPEST
from shuangsui.web.telling import plain

ROWS = 50
AT_ONCE = 1000
"""Rows of a stored list that a program is given in one answer."""
ONCE = ("done", "export", "list")
"""Fields of the query that a link does not carry on: what was done was done once."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one part, and where links lead: to other parts, to another order, to the whole as a file."""

    rows: Sequence[Mapping[str, Any]]
    count: int
    page: int
    pages: int
    number: int
    sort: str
    address: Callable[[int], str]
    sorting: Callable[[str], str]
    export: Callable[[str], str]
    onward: str | None = None
    """Where the rows behind the last part that is counted begin."""
    after: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)
    """What else the address says, for the form of the filters to say again."""
    reset: str = ""

    @property
    def many(self) -> bool:
        """Whether there are more than are counted."""
        return self.count > DEEPEST


def tables_of(shown: Any) -> Sequence[Table]:
    """The lists on a page, in their order."""
    return shown.tables if isinstance(shown, Detail) else [shown] if isinstance(shown, Table) else []


def parts_of(shown: Any, query: Mapping[str, str], address: str) -> Callable[[Table], Part]:
    """Which part of each table of ``shown`` the query asks for; every table is leafed through on its own."""
    numbers = {id(table): number for number, table in enumerate(tables_of(shown))}
    return lambda table: part(table, query, address, numbers[id(table)])


def part(table: Table, query: Mapping[str, str], address: str, number: int) -> Part:
    """The part that the query asks for; what is no number of one leads to the nearest."""
    names = {name: f"{name}{number or ''}" for name in ("page", "sort", "after")}
    kept = without_notice(query)
    sort, after = sort_of(table, query.get(names["sort"], "")), query.get(names["after"], "")
    rows = ordered(table, sort, after)
    count = len(rows)
    pages = max(1, -(-min(count, DEEPEST) // ROWS))
    page = _page(query.get(names["page"], "1"), pages)

    def link(**changed: str) -> str:
        named = {names.get(name, name): value for name, value in changed.items()}
        return f"{address}?{urlencode({name: value for name, value in {**kept, **named}.items() if value})}"

    others = {name: value for name, value in kept.items() if name not in (*table.filters, *names.values())}
    shown = rows[(page - 1) * ROWS : page * ROWS]
    behind = count > DEEPEST and page == pages and not sort and isinstance(rows, Stored)
    return Part(
        shown, count, page, pages, number, sort,
        address=lambda wanted: link(page=str(wanted)),
        sorting=lambda column: link(sort=f"-{column}" if sort == column else column, page="", after=""),
        export=lambda kind: link(export=kind, list=str(number)),
        onward=link(after=rows.key_of(shown[-1]), page="") if behind and isinstance(rows, Stored) else None,
        after=after,
        kept=others,
        reset=f"{address}?{urlencode(others)}" if others else address,
    )  # fmt: skip


def ordered(table: Table, sort: str, after: str = "") -> Sequence[Mapping[str, Any]]:
    """The rows by a column, descending with a minus before its name; those of a stored list also from a key on."""
    rows = table.rows
    if isinstance(rows, Stored):
        return rows.sorted_by(sort) if sort else rows.behind(after)
    if not sort:
        return rows
    column = sort.removeprefix("-")
    return sorted(rows, key=lambda row: _rank(row.get(column)), reverse=sort.startswith("-"))


def twin(shown: Any, query: Mapping[str, str]) -> Any:
    """What programs get: all of a list in memory; of a stored one :data:`AT_ONCE` rows and what comes ``after``."""
    if not isinstance(shown, Table) or not isinstance(shown.rows, Stored):
        return as_json(shown)
    rows = shown.rows.behind(query.get("after", ""))
    found = rows[:AT_ONCE]
    onward = rows.key_of(found[-1]) if len(found) == AT_ONCE else None
    return {"rows": found, "count": len(found), "notes": list(shown.notes), "after": onward}


def without_notice(query: Mapping[str, str]) -> dict[str, str]:
    """The query as a link may carry it on."""
    return {key: value for key, value in query.items() if key not in ONCE}


def sort_of(table: Table, asked: str) -> str:
    """The order that is asked for, if the table can stand in it; else none."""
    return asked if asked.removeprefix("-") in table.sortable else ""


def _page(asked: str, pages: int) -> int:
    return min(max(int(asked) if asked.isdecimal() and len(asked) < 9 else 1, 1), pages)


def _rank(value: Any) -> tuple[bool, float, bytes]:
    """Nothing comes last; numbers by size; words as a Chinese dictionary has them, in the order of GB 18030."""
    if isinstance(value, int | float):
        return False, float(value), b""
    return value in (None, "", ()), 0.0, plain(value).encode("gb18030", "replace")
