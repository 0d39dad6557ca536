"""Which items 抽查事项 an enterprise belongs to, by its industry: the registrar does not know the authority's list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def fitted(rows: Iterable[Mapping[str, str]], options: Sequence[str]) -> list[Mapping[str, str]]:
    """The rows that belong to at least one item, with their items; ``options`` are ``industry code's start=item``.

    GB/T 4754 writes a letter before its digits, which either side may leave out.
    """
    pairs = [(start, item) for start, _, item in (option.partition("=") for option in options)]
    found = ((row, [item for start, item in pairs if _starts(row.get("industry", ""), start)]) for row in rows)
    return [{**row, "items": "；".join(dict.fromkeys(items))} for row, items in found if items]


def _starts(industry: str, start: str) -> bool:
    return industry.startswith(start) or industry.lstrip("ABCDEFGHIJKLMNOPQRST").startswith(start)
