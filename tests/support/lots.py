"""Draws by the product's own code, as many as wanted, and what was counted in them.

Every secret and every event is a hash of :data:`BASE`, the question and the number of the draw: who runs the report
again gets the same figures, and nobody chose the seeds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import combinations
from typing import Any

from fairdraw.seed import seed_input
from fairdraw.selection import Ranked, Task, ranking, select
from fairdraw.snapshot import Snapshot, Stratum, blind
from fairdraw.suites import hasher
from fairdraw.teams import Pool, seat

BASE = b"shuangsui fairness 1"
N, TAKEN = 40, 8
WEIGHTS = (1, 2, 3, 5, 8, 13)
CREW, SIZE = 12, 2
GUESSES = 8
"""Secrets from which somebody who wants a certain result picks the most promising."""


def number(question: str, draw: int) -> bytes:
    """32 bytes that nobody chose."""
    return sha256(BASE + question.encode() + draw.to_bytes(8, "big")).digest()


def seed_of(question: str, draw: int, suite: str = "sha256", mine: bytes | None = None) -> bytes:
    """The seed of two contributors and one event (srd-1 8.1); ``mine`` instead of the first one's secret."""
    secrets = [("operator", mine or number(f"{question}/operator", draw)), ("other", number(f"{question}/other", draw))]
    digits = f"{int.from_bytes(number(f'{question}/event', draw)) % 10**20:020d}"
    entry = number(f"{question}/entry", draw)
    return hasher(suite)(seed_input(entry, secrets, [("ceremony", digits)]))


def pool(n: int, suite: str = "sha256", weights: tuple[int, ...] = (), begin: int = 0) -> Snapshot:
    """``n`` companies of one stratum in the order of their blinded ids, the lightest first where they have weights."""
    ids = sorted(blind(f"9150{i:014d}", b"", hasher(suite)) for i in range(begin, begin + n))
    stratum = Stratum(bytearray(b"".join(ids)), bytearray(weights or [1] * n))
    return Snapshot(b"", n, {"ALL": stratum}, {}, b"")


@dataclass
class Counts:
    """Of one question."""

    draws: int = 0
    single: Counter[int] = field(default_factory=Counter)
    pairs: Counter[tuple[int, int]] = field(default_factory=Counter)


def summed(parts: Iterable[Counts]) -> Counts:
    """What several processes counted of one question."""
    whole = Counts()
    for one in parts:
        whole.draws += one.draws
        whole.single += one.single
        whole.pairs += one.pairs
    return whole


Chosen = Callable[[int], list[int]]
"""Places drawn, by the number of the draw."""


def counted(chosen: Chosen, numbers: range, *, pairs: bool = False, ordered: bool = False) -> Counts:
    """Each place that was drawn; every two of them, or the first two in their order."""
    found = Counts(len(numbers))
    for draw in numbers:
        places = chosen(draw)
        found.single.update(places)
        if ordered:
            found.pairs[places[0], places[1]] += 1
        elif pairs:
            found.pairs.update(combinations(sorted(places), 2))
    return found


def objects(suite: str = "sha256", question: str = "objects") -> Chosen:
    """:data:`TAKEN` of :data:`N` companies."""
    snapshot = pool(N, suite)
    places = _places(snapshot)

    def chosen(draw: int) -> list[int]:
        drawn = select(snapshot, {"ALL": TAKEN}, seed_of(f"{question}/{suite}", draw, suite), suite)
        return [places[b] for _, b in drawn.objects["ALL"]]

    return chosen


def weighted() -> Chosen:
    """The first two of companies of unequal weight."""
    snapshot = pool(len(WEIGHTS), weights=WEIGHTS)
    places = _places(snapshot)
    return lambda draw: [places[b] for _, b in _ranked(snapshot, seed_of("weights", draw))[:2]]


def first_team() -> Chosen:
    """The team of the first task, out of a crew of equals."""
    people = [{"id": f"P{i:02d}", "lead": True, "office": f"O{i}", "quals": []} for i in range(CREW)]
    rules: dict[str, Any] = {
        "people": people, "size": SIZE, "per_day": 4, "cap": 4, "day_cap": 1, "two_offices": False, "attempts": 20,
        "recuse": [], "need": {},
    }  # fmt: skip
    crew = Pool("teams", rules)
    tasks = [Task(bytes(blind(f"T{i}", b"", hasher("sha256"))), "ALL") for i in range(4)]
    return lambda draw: [i for i in seat(crew, tasks, seed_of("teams", draw), "sha256").board.seats[0] if i is not None]


def guessing() -> Chosen:
    """Whoever commits first picks the secret that would draw the first company, if the others' were as guessed."""
    snapshot = pool(N)
    places, key = _places(snapshot), "guessing"

    def promising(draw: int) -> bytes:
        tried = [number(f"{key}/try/{i}", draw) for i in range(GUESSES)]
        guesses = (seed_of(f"{key}/guess", draw, mine=one) for one in tried)
        good = [one for one, seed in zip(tried, guesses, strict=True) if 0 in _taken(snapshot, seed, places)]
        return good[0] if good else tried[0]

    return lambda draw: _taken(snapshot, seed_of(key, draw, mine=promising(draw)), places)


def crowding() -> Chosen:
    """Whoever fills the register picks, among many codes for the first company, the one that sorts first."""
    snapshot = pool(N, begin=1_000)
    stratum = snapshot.strata["ALL"]
    first = min(blind(f"9150{i:014d}", b"", hasher("sha256")) for i in range(64 * GUESSES))
    stratum.blinded[:32] = min(first, bytes(stratum.blinded[:32]))
    places = _places(snapshot)
    return lambda draw: _taken(snapshot, seed_of("crowding", draw), places)


def redrawing() -> Chosen:
    """A control: an operator who draws again whenever the first company was drawn. The law must see it."""
    honest = objects(question="redrawing/once"), objects(question="redrawing/twice")

    def chosen(draw: int) -> list[int]:
        places = honest[0](draw)
        return honest[1](draw) if 0 in places else places

    return chosen


def thirty_three() -> Chosen:
    """A control: a seed of which only 33 values ever occur, as in a system in use. The law must see it."""
    snapshot = pool(N)
    places = _places(snapshot)
    known = [_taken(snapshot, number("thirty-three", i), places) for i in range(33)]
    return lambda draw: known[int.from_bytes(number("thirty-three/which", draw)) % 33]


def unweighted() -> Chosen:
    """A control: companies of unequal weight drawn as if they were equal. The law must see it."""
    snapshot = pool(len(WEIGHTS))
    places = _places(snapshot)
    return lambda draw: [places[b] for _, b in _ranked(snapshot, seed_of("unweighted", draw))[:2]]


def _ranked(snapshot: Snapshot, seed: bytes) -> list[Ranked]:
    return ranking(seed, "ALL", snapshot.strata["ALL"], "sha256")


def _taken(snapshot: Snapshot, seed: bytes, places: dict[bytes, int]) -> list[int]:
    return [places[b] for _, b in _ranked(snapshot, seed)[:TAKEN]]


def _places(snapshot: Snapshot) -> dict[bytes, int]:
    return {b: place for place, b in enumerate(_blinded(snapshot))}


def _blinded(snapshot: Snapshot) -> Iterator[bytes]:
    whole = bytes(snapshot.strata["ALL"].blinded)
    return (whole[at : at + 32] for at in range(0, len(whole), 32))
