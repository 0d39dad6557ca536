"""The report on fairness in small: what honest draws must be, and that crooked ones are seen (T1)."""

from __future__ import annotations

from itertools import combinations

import pytest

import chance
import lots
from lots import N, counted
from trials import ALPHA, TRIALS, Trial, answers

DRAWS = 2_000


@pytest.mark.parametrize(
    ("statistic", "freedom", "p"),
    [(18.307, 10, 0.05), (29.588, 10, 0.001), (124.342, 100, 0.05), (99.334, 100, 0.5), (69.346, 39, 0.002)],
)
def test_tail_is_that_of_the_tables(statistic: float, freedom: int, p: float) -> None:
    """Values of printed tables."""
    assert chance.tail(statistic, freedom) == pytest.approx(p, abs=0.001)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: next(iter(trial.asked)).replace(" ", "-"))
def test_honest_draws_are_not_told_from_chance_and_crooked_ones_are(trial: Trial) -> None:
    """The same draws at every run: what holds once holds always."""
    found = counted(trial.draw(), range(DRAWS), pairs=trial.pairs, ordered=trial.ordered)
    assert {title: likely(found) > ALPHA for title, likely in trial.asked.items()} == dict.fromkeys(
        trial.asked, trial.honest
    )


def test_two_who_always_come_together_are_seen() -> None:
    """Though each of them comes as often as anybody."""
    honest = lots.objects()

    def married(draw: int) -> list[int]:
        places = set(honest(draw)) - {0, 1}
        return [0, 1, *sorted(places)[:6]] if draw % 5 == 0 else sorted(places)[:8]

    found = counted(married, range(DRAWS), pairs=True)
    every = {pair: found.pairs[pair] for pair in combinations(range(N), 2)}
    assert chance.pairs_apart(every, DRAWS, N, 8) < 1e-6


def test_the_report_is_the_same_however_the_work_is_shared() -> None:
    """Two processes count what one would."""
    once, again = answers(40), answers(40)
    assert once == again
    assert len(once) == sum(len(trial.asked) for trial in TRIALS)
