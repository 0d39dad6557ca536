"""Times over sizes as one SVG, both axes in powers of ten; no style that a strict page would refuse."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 880, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 330, 20, 50
COLOURS = (
    "#0a3f86", "#3f7fd0", "#8db4e8", "#c0392b", "#e67e22", "#8e44ad", "#16a085", "#7f8c8d", "#b7950b", "#2c3e50",
)  # fmt: skip
Points = Sequence[tuple[int, float]]


def plot(lines: Mapping[str, Points]) -> str:
    """``lines``: title → (size, seconds)."""
    every = [point for points in lines.values() for point in points]
    across = (math.floor(math.log10(min(n for n, _ in every))), math.ceil(math.log10(max(n for n, _ in every))))
    up = (math.floor(math.log10(min(s for _, s in every))), math.ceil(math.log10(max(s for _, s in every))))
    space = Space(across, up)
    parts = [
        *space.grid(),
        *(part for i, (title, points) in enumerate(lines.items()) for part in space.line(i, title, points)),
    ]
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="13" role="img" aria-label="seconds over number of objects">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )


class Space:
    """Where powers of ten stand: exponents from ``across`` and ``up``."""

    def __init__(self, across: tuple[int, int], up: tuple[int, int]) -> None:
        self.across, self.up = across, (up[0], max(up[1], up[0] + 1))

    def x(self, n: float) -> float:
        """Of a size."""
        first, last = self.across
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(n) - first) / max(1, last - first), 1)

    def y(self, seconds: float) -> float:
        """Of a time."""
        first, last = self.up
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (math.log10(seconds) - first) / (last - first), 1)

    def grid(self) -> Iterator[str]:
        """A line and a figure for each power."""
        for power in range(self.across[0], self.across[1] + 1):
            x = self.x(10**power)
            yield f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#dde3ea"/>'
            yield f'<text x="{x}" y="{HEIGHT - BOTTOM + 22}" text-anchor="middle" fill="#445">10^{power}</text>'
        for power in range(self.up[0], self.up[1] + 1):
            y = self.y(10.0**power)
            yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="#dde3ea"/>'
            yield f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end" fill="#445">{10.0**power:g} s</text>'

    def line(self, i: int, title: str, points: Points) -> Iterator[str]:
        """One way, with its name beside the picture."""
        colour = COLOURS[i % len(COLOURS)]
        path = " ".join(f"{self.x(n)},{self.y(seconds)}" for n, seconds in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for n, seconds in points:
            yield f'<circle cx="{self.x(n)}" cy="{self.y(seconds)}" r="3" fill="{colour}"/>'
        y = TOP + 14 + 22 * i
        yield f'<rect x="{WIDTH - RIGHT + 20}" y="{y - 9}" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{WIDTH - RIGHT + 40}" y="{y + 2}" fill="#223">{escape(title)}</text>'
