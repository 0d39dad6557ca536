"""Where the bars of a chart stand."""

from __future__ import annotations

from itertools import pairwise

import pytest

from shuangsui.web.charts import BOTTOM, HEIGHT, LEFT, NAMES, SIDE, TOP, WIDTH, bars, ceiling, funnel, shade, tiles

MONTHS = [f"{n}月" for n in range(1, 13)]


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 4), (1, 4), (4, 4), (5, 8), (8, 8), (9, 20), (21, 40), (41, 80), (150, 200), (201, 400), (99_999, 200_000)],
)
def test_axis_ends_at_a_round_number(value: int, top: int) -> None:
    """Four even steps, none of them odd to read; never below the largest value."""
    assert ceiling(value) == top


def test_a_bar_is_as_high_as_its_value() -> None:
    """From the line of zero up; the largest possible one reaches the top."""
    chart = bars(MONTHS, [0, 4, 2] + [0] * 9)
    heights = [bar.height for bar in chart.bars[:3]]
    assert heights == [0.0, float(HEIGHT - TOP - BOTTOM), (HEIGHT - TOP - BOTTOM) / 2]
    assert {bar.y + bar.height for bar in chart.bars} == {float(HEIGHT - BOTTOM)}
    assert [mark.text for mark in chart.levels] == ["0", "1", "2", "3", "4"]


def test_bars_of_a_group_stand_side_by_side_inside_the_picture() -> None:
    """No two overlap, whatever their number."""
    chart = bars(MONTHS, [3] * 12, [1] * 12)
    placed = sorted((bar.x, bar.x + bar.width) for bar in chart.bars)
    assert placed[0][0] >= LEFT
    assert placed[-1][1] <= WIDTH
    assert all(end <= begin for (_, end), (begin, _) in pairwise(placed))


def test_a_year_without_anything_is_a_chart_too() -> None:
    """An empty axis, and no division by nothing."""
    assert {bar.height for bar in bars(MONTHS, [0] * 12).bars} == {0.0}
    assert bars([], []).bars == ()


def test_a_funnel_is_as_wide_as_what_is_left() -> None:
    """Parts of the first step in words; a year without anything has no bars and divides by nothing."""
    steps = funnel([("抽取", 200), ("派发", 100), ("公开", 0)])
    assert [step.width for step in steps] == [WIDTH - NAMES, (WIDTH - NAMES) / 2, 0.0]
    assert [step.text for step in steps] == ["200", "100 · 50%", "0 · 0%"]
    assert [step.width for step in funnel([("抽取", 0), ("派发", 0)])] == [0.0, 0.0]
    assert funnel([]) == ()


def test_districts_stand_at_their_places_and_unknown_ones_below() -> None:
    """Names may be longer than the layout's; two names of one place are one tile."""
    counts = {"甲区": (1, 2), "甲区（老）": (1, 2), "丙县": (0, 3)}
    found = tiles([["甲", ""], ["", "乙"]], counts)
    assert [(tile.name, tile.x // SIDE, tile.y // SIDE, tile.text, tile.share) for tile in found.tiles] == [
        ("甲", 0, 0, "2/4", 50), ("乙", 1, 1, "", None), ("丙县", 0, 2, "0/3", 0),
    ]  # fmt: skip
    assert (found.width, found.height) == (2 * SIDE, 3 * SIDE)
    assert tiles([], {}).tiles == ()


@pytest.mark.parametrize(("value", "most", "dark"), [(0, 9, 0), (1, 9, 1), (5, 9, 3), (9, 9, 4), (1, 1, 3), (0, 0, 0)])
def test_cells_are_the_darker_the_more_they_hold(value: int, most: int, dark: int) -> None:
    """Nothing is never coloured, and anything always is."""
    assert shade(value, most) == dark
