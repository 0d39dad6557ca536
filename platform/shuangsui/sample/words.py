"""The material of names, addresses and careers: ``data/sample/words.toml`` and ``sectors.csv``, read once."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass

from shuangsui.sample.dice import Dice, scattered, wheel
from shuangsui.sample.scene import read_data

MARK = "(模拟)"
"""Ends every synthetic name, so that nobody takes it for a real firm or person (data standards 1.8)."""

WORDS = tomllib.loads(read_data("words.toml"))
OBJECT_STATUSES = wheel((status["name"], status["per_mille"]) for status in WORDS["object_statuses"])


@dataclass(frozen=True, slots=True)
class Sector:
    """One trade: its GB/T 4754 code, words for names, and which items its firms belong to.

    ``until`` is the row number from which a licensed trade no longer appears, 0 for never. Each item comes
    with the share per thousand of the trade's firms that belong to it.
    """

    industry: str
    until: int
    kind: str
    words: tuple[str, ...]
    items: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """How a firm's name ends, and the category character of its code: 1 enterprise, 2 个体工商户."""

    suffix: str
    category: str


@dataclass(frozen=True, slots=True)
class RiskClass:
    """A class of 信用风险分类 and how many of a thousand of its objects carry a record of violation."""

    code: str
    flagged: int


@dataclass(frozen=True, slots=True)
class Office:
    """A 处室 of the item list and the qualification of its posts, empty for the lead office."""

    name: str
    qual: str


def _item(entry: str) -> tuple[str, int]:
    """``JX-14 250`` as code and share per thousand; no share means every firm of the trade."""
    code, _, share = entry.partition(" ")
    return code, int(share or 1000)


def _sector(row: dict[str, str]) -> Sector:
    """One line of ``sectors.csv``."""
    items = tuple(_item(entry) for entry in row["items"].split("；"))
    return Sector(row["industry"], int(row["until"] or 0), row["kind"], tuple(row["words"].split("；")), items)


SECTORS = wheel((_sector(row), int(row["per_mille"])) for row in csv.DictReader(read_data("sectors.csv").splitlines()))
LASTING = tuple(sector for sector in SECTORS if not sector.until)
RISK_CLASSES = wheel((RiskClass(r["code"], r["flagged"]), r["per_mille"]) for r in WORDS["risk_classes"])
OFFICES = tuple(Office(office["name"], office["qual"]) for office in WORDS["offices"])
FORMS = {
    kind: wheel((Form(form["suffix"], form["category"]), form["per_mille"]) for form in forms)
    for kind, forms in WORDS["forms"].items()
}


def sector_at(seed: str, index: int, dice: Dice) -> Sector:
    """The trade of a row: any thousand consecutive rows hold each trade exactly as often as its share says.

    Where a licensed trade has ended, a lasting one drawn by chance takes the row.
    """
    sector = SECTORS[scattered(seed, "sector", index, len(SECTORS))]
    return dice.pick(LASTING) if 0 < sector.until <= index else sector


def person(dice: Dice) -> str:
    """A person's name of two or three characters; the mark follows."""
    name = dice.pick(WORDS["surnames"]) + dice.pick(WORDS["given"])
    return f"{name}{dice.pick(WORDS['given']) if dice.chance(700) else ''}{MARK}"
