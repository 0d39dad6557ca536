"""The questions that the report on fairness asks of draws, and the answers (`make fairness`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import chance
import lots
from lots import CREW, TAKEN, WEIGHTS, Chosen, Counts, N, counted, summed

ALPHA = 0.001
CHUNK = 5_000

Likely = Callable[[Counts], float]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is drawn, what is counted of it, and what is asked of the counts; ``honest`` is False for a control."""

    draw: Callable[[], Chosen]
    asked: Mapping[str, Likely]
    pairs: bool = False
    ordered: bool = False
    honest: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """How likely what came is, and whether that is what had to come."""

    title: str
    p: float
    honest: bool

    @property
    def good(self) -> bool:
        return (self.p > ALPHA) is self.honest


def everybody(n: int) -> Likely:
    """All of ``n`` alike."""
    return lambda found: chance.equal_chance([found.single[i] for i in range(n)], found.draws)


def one(place: int) -> Likely:
    """One of the companies, as often as its share."""
    return lambda found: chance.unmoved(found.single[place], found.draws, TAKEN / N)


def together(found: Counts) -> float:
    """Every two alike."""
    return chance.pairs_apart(found.pairs, found.draws, N, TAKEN)


def heavy(found: Counts) -> float:
    """As the weights say."""
    return chance.by_weight(found.pairs, WEIGHTS, found.draws)


TRIALS = (
    Trial(
        lots.objects,
        {
            "every company alike, sha256": everybody(N),
            "the first row of the register": one(0),
            "the last row of the register": one(N - 1),
            "every two companies alike": together,
        },
        pairs=True,
    ),
    Trial(lambda: lots.objects("sm3"), {"every company alike, sm3": everybody(N)}),
    Trial(lots.weighted, {"first and second by weight": heavy}, ordered=True),
    Trial(lots.first_team, {"every inspector alike in the first team": everybody(CREW)}),
    Trial(lots.guessing, {"steering: the best of many secrets before the others are known": one(0)}),
    Trial(lots.crowding, {"steering: a code that sorts first": one(0)}),
    Trial(lots.redrawing, {"control: drawn again until a company is spared": one(0)}, honest=False),
    Trial(lots.thirty_three, {"control: 33 possible seeds": everybody(N)}, honest=False),
    Trial(lots.unweighted, {"control: weights left out": heavy}, ordered=True, honest=False),
)


def part(index: int, first: int, last: int) -> Counts:
    """Some of the draws of a trial, in a process of their own."""
    trial = TRIALS[index]
    return counted(trial.draw(), range(first, last), pairs=trial.pairs, ordered=trial.ordered)


def answers(many: int) -> list[Answer]:
    """To every question, by ``many`` draws."""
    with ProcessPoolExecutor(2) as work:
        parts = [
            [work.submit(part, index, first, min(many, first + CHUNK)) for first in range(0, many, CHUNK)]
            for index in range(len(TRIALS))
        ]
        counts = [summed(one_part.result() for one_part in some) for some in parts]
    return [
        Answer(title, likely(found), trial.honest)
        for trial, found in zip(TRIALS, counts, strict=True)
        for title, likely in trial.asked.items()
    ]
