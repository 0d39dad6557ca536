"""Charts as numbers: where the bars, lines and words of a picture stand. Pure; templates write them as SVG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 12, 28
STEPS = (1, 2, 5, 10)
SIDE, WIDE = 64, 11
"""Of a tile, and how many stand beside each other where no layout says so."""
NAMES, LETTER, BAR = 72, 13, 44
"""Of a funnel: least room for the names on the left, room for a Latin letter, height of a step with its gap."""


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


@dataclass(frozen=True, slots=True)
class Tile:
    """A district at its place; ``text`` done and all, ``share`` of 100 that is done, None without anything to do."""

    x: int
    y: int
    name: str
    text: str
    share: int | None


@dataclass(frozen=True, slots=True)
class Tiles:
    """A map of squares: neighbours stand roughly beside each other, and each is as large as any other."""

    tiles: tuple[Tile, ...]
    width: int
    height: int
    side: int = SIDE


def tiles(layout: Sequence[Sequence[str]], counts: Mapping[str, tuple[int, int]]) -> Tiles:
    """Each district's (done, all): of the ``layout`` at its place, the others in rows below it.

    A cell of the layout is how a district's name begins, or empty.
    """
    wide = max((len(row) for row in layout), default=WIDE)
    places = {name: (x, y) for y, row in enumerate(layout) for x, name in enumerate(row) if name}
    found = {place: _called(counts, name) for name, place in places.items()}
    rest = [name for name in counts if not any(name.startswith(begin) for begin in places)]
    below = {(i % wide, len(layout) + i // wide): (name[:4], *counts[name]) for i, name in enumerate(rest)}
    made = [_tile(place, *said) for place, said in {**found, **below}.items()]
    rows = max((tile.y for tile in made), default=0) // SIDE + 1
    return Tiles(tuple(made), wide * SIDE, rows * SIDE)


def _called(counts: Mapping[str, tuple[int, int]], begin: str) -> tuple[str, int, int]:
    """A tile and what all districts of its name have together: one may be known by an older name, too."""
    mine = [one for name, one in counts.items() if name.startswith(begin)]
    return begin, sum(done for done, _ in mine), sum(whole for _, whole in mine)


def _tile(place: tuple[int, int], name: str, done: int, whole: int) -> Tile:
    x, y = place
    text, share = (f"{done}/{whole}", done * 100 // whole) if whole else ("", None)
    return Tile(x * SIDE, y * SIDE, name, text, share)


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a funnel, with its words behind it."""

    x: float
    y: int
    width: float
    name: str
    text: str


def funnel(steps: Sequence[tuple[str, int]], say: Callable[[str], str] = str) -> tuple[Step, ...]:
    """Each step as wide as its part of the largest; the words give the part of the first, ``say`` translates names."""
    top, first = max((value for _, value in steps), default=0), steps[0][1] if steps else 0
    said = [say(name) for name, _ in steps]
    left = max((NAMES, *(LETTER * len(name) for name in said if name.isascii())))
    return tuple(
        _step(i, left, name, value, top, first) for i, (name, (_, value)) in enumerate(zip(said, steps, strict=True))
    )


def _step(i: int, left: int, name: str, value: int, top: int, first: int) -> Step:
    width = round((WIDTH - left) * value / top, 1) if top else 0.0
    part = f" · {value / first:.0%}" if i and first else ""
    return Step(left, i * BAR, width, name, f"{value:,}{part}")


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
