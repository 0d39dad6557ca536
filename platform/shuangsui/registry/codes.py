"""Code tables of GB 32100 and GB/T 2260, read once from ``shuangsui/data/registry``."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_DATA = files("shuangsui").joinpath("data", "registry")


def _rows(table: Traversable) -> Iterator[dict[str, str]]:
    """The rows of one CSV table."""
    return csv.DictReader(table.read_text(encoding="utf-8").splitlines())


@cache
def _pairs() -> tuple[dict[str, set[str]], set[str]]:
    """Known categories by department, and the departments whose list is complete."""
    known: dict[str, set[str]] = {}
    complete: set[str] = set()
    for row in _rows(_DATA / "registration-pairs.csv"):
        known.setdefault(row["department"], set()).update(row["category"])
        if row["complete"] == "yes":
            complete.add(row["department"])
    return known, complete


@cache
def _areas() -> tuple[dict[str, set[str]], frozenset[str]]:
    """Full codes by province prefix where a table exists, and every province prefix."""
    full: dict[str, set[str]] = {}
    for table in _DATA.iterdir():
        if table.name.startswith("areas-"):
            for row in _rows(table):
                full.setdefault(row["code"][:2], set()).add(row["code"])
    return full, frozenset(row["prefix"] for row in _rows(_DATA / "province-prefixes.csv"))


def pair_known(department: str, category: str) -> bool:
    """Whether GB 32100's table names this pair; a department without known categories accepts any."""
    categories = _pairs()[0].get(department)
    return categories is not None and (not categories or category in categories)


def pair_list_complete(department: str) -> bool:
    """Whether an unknown category of this department is an error rather than a warning."""
    return department in _pairs()[1]


def area_known(area: str) -> bool:
    """Whether the six digits were a GB/T 2260 code in any year; without a table, whether the province exists."""
    full, prefixes = _areas()
    province = full.get(area[:2])
    return area[:2] in prefixes and (province is None or area in province)


def province_known(area: str) -> bool:
    """Whether the first two digits are those of a province."""
    return area[:2] in _areas()[1]
