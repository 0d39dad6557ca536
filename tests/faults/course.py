"""The 28 days: the clock goes in hops, the authority decides, channels and broker fail, workers are killed."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from installation import Installation, moment
from workers import Broker, Workers

DAYS, UP_DAY, BUSY = 28, 26, 5
"""So many days; the one on which the first exporter's system is there; the first ones, on which is decided."""
SWEEP_HOUR = 3
"""Of the daily look at the terms."""
LONGEST = 0.8
"""Seconds of work, at most, between being seen at work and being killed."""

LIMIT = 600
"""Seconds in which a busy machine, too, does what must be done before the clock goes on."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of the clock to this hour of this day, from ``width`` hours before."""

    day: int
    hour: int
    width: int

    @property
    def sweeps(self) -> bool:
        """Whether a daily look at the terms falls into it."""
        return (self.hour - SWEEP_HOUR) % 24 < self.width

    @property
    def weight(self) -> int:
        """How much work there is, hence how many kills."""
        return 6 if self.day == UP_DAY else 3 if self.day <= BUSY else 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Which hops there are; how many kills fall into each, and in which of them the broker is away."""

    hops: tuple[Hop, ...]
    kills: Counter[int]
    away: frozenset[int]

    @classmethod
    def of(cls, widths: tuple[int, int], kills: int, outages: int, dice: random.Random) -> Plan:
        """``widths`` in hours, of hops on days with and without much work; one outage while much is decided."""
        hops = tuple(_hops(*widths))
        drawn = Counter(dice.choices(range(len(hops)), [hop.weight for hop in hops], k=kills))
        busy = sum(hop.day < BUSY for hop in hops)
        parts = [(busy + n * (len(hops) - busy) // outages, (len(hops) - busy) // outages) for n in range(1, outages)]
        first = [dice.randrange(busy), *(begin + dice.randrange(length - 2) for begin, length in parts)]
        away = {hop + n for hop in first[:outages] for n in range(2)}
        return cls(hops, drawn, frozenset(away))


def _hops(busy: int, quiet: int) -> Iterator[Hop]:
    for day in range(DAYS):
        width = busy if day <= BUSY or day in (UP_DAY, UP_DAY + 1) else quiet
        yield from (Hop(day, hour, width) for hour in range(0, 24, width))


@dataclass
class Course:
    """Everything that happens."""

    installation: Installation
    workers: Workers
    broker: Broker
    plan: Plan
    dice: random.Random
    tell: Callable[[str], None]

    def run(self) -> None:
        """From the first midnight to the one after the last day."""
        coming = list(self.installation.coming)
        for n, hop in enumerate(self.plan.hops):
            begun, now = time.monotonic(), moment(hop.day, hop.hour)
            self.installation.is_down(hop.day != UP_DAY)
            self.installation.move_to(now)
            self.broker.be(there=n not in self.plan.away)
            while coming and coming[0].at <= now:
                self.installation.end_and_publish(coming.pop(0))
            for _ in range(self.plan.kills[n]):
                self.workers.kill(self.dice.uniform(0, LONGEST))
            self._keep_up(n, hop)
            took = time.monotonic() - begun
            self.tell(f"day {hop.day:2} {hop.hour:02}:00 in {took:5.1f} s, killed {self.workers.kills}")
        self.installation.is_down(True)
        self.broker.be(there=True)
        self.installation.move_to(moment(DAYS, 0))
        self.workers.keep_up(LIMIT)

    def _keep_up(self, n: int, hop: Hop) -> None:
        """No day goes by without its look at the terms, and the day of the channel is as long as its work needs."""
        self.workers.watch()
        if n in self.plan.away:
            self.workers.keep_up(1.5)
            return
        next_ = self.plan.kills[n + 1]
        self.workers.keep_up(LIMIT if hop.day == UP_DAY else 0.5 if next_ else 3)
        if hop.sweeps:
            self.workers.keep_up(LIMIT, "terms.look")
