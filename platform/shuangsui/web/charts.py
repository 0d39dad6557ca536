"""Charts as numbers: where the bars, lines and words of a picture stand. Pure; templates write them as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 28
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; ``series`` counts from 0."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place: of an axis, or below a group of bars."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Groups of bars side by side above a line of zero."""

    bars: tuple[Bar, ...]
    levels: tuple[Mark, ...]
    groups: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def bars(names: Sequence[str], *series: Sequence[int]) -> Bars:
    """Every series has one value for each name."""
    top = ceiling(max((value for one in series for value in one), default=0))
    room = (WIDTH - LEFT - RIGHT) / max(1, len(names))
    thick = room * 0.72 / max(1, len(series))
    found = [
        Bar(round(LEFT + i * room + room * 0.14 + n * thick, 1), _level(value, top), round(thick - 1, 1),
            round(_level(0, top) - _level(value, top), 1), n)
        for n, one in enumerate(series)
        for i, value in enumerate(one)
    ]  # fmt: skip
    levels = [Mark(_level(value, top), f"{value:,}") for value in range(0, top + 1, max(1, top // 4))]
    groups = [Mark(round(LEFT + (i + 0.5) * room, 1), name) for i, name in enumerate(names)]
    return Bars(tuple(found), tuple(levels), tuple(groups))


def shade(value: int, most: int) -> int:
    """How dark a cell of a heat table is, 0 (nothing) to 4 (as much as anywhere)."""
    return 0 if value <= 0 else min(4, 1 + value * 4 // max(1, most + 1))


def ceiling(value: int) -> int:
    """The next number that divides into four even steps of 1, 2, 5 or 10 times a power of ten."""
    power = 1
    while True:
        for step in STEPS:
            if step * power * 4 >= max(1, value):
                return step * power * 4
        power *= 10


def _level(value: int, top: int) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top), 1)
