"""Chance: fixed for ever, one-to-one where it scatters."""

from __future__ import annotations

from collections import Counter

import pytest

from shuangsui.sample.dice import Dice, scattered, wheel


def test_dice_of_one_name_never_change() -> None:
    """The stream of a (seed, label, index) is a constant of the project."""
    dice = Dice("seed", "object", 5)
    assert [dice.below(1000) for _ in range(5)] == [400, 909, 431, 793, 797]


@pytest.mark.parametrize("other", [("seed2", "object", 5), ("seed", "expert", 5), ("seed", "object", 6)])
def test_dice_differ_by_seed_label_and_index(other: tuple[str, str, int]) -> None:
    """Each part of the name matters."""
    assert Dice(*other).below(2**256) != Dice("seed", "object", 5).below(2**256)


def test_dice_after_sixty_decisions_still_vary() -> None:
    """512 bits outlast the decisions of any row."""
    last = Counter()
    for index in range(1000):
        dice = Dice("seed", "object", index)
        for _ in range(59):
            dice.below(100)
        last[dice.below(4)] += 1
    assert dict(sorted(last.items())) == {0: 275, 1: 235, 2: 234, 3: 256}


@pytest.mark.parametrize("size", [1, 2, 16, 999, 1000, 31**3])
def test_scattered_is_one_to_one(size: int) -> None:
    """Every place is taken once."""
    assert sorted(scattered("seed", "x", index, size) for index in range(size)) == list(range(size))


def test_wheel_gives_each_value_its_share() -> None:
    """Shares are places."""
    assert wheel([("a", 2), ("b", 1), ("c", 0)]) == ("a", "a", "b")
