"""The team draw (srd-1 section 10): seats, who may take them, and how an attempt fills them."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fairdraw.selection import Task
from fairdraw.suites import Hash, hasher, u32
from fairdraw.tickets import derive_key

Seat = tuple[int, int]
"""(task, slot), both from 0; slot 0 of a team is the leader."""


@dataclass(frozen=True)
class Pool:
    """One people's pool of a plan (5.4), indexed for the draw."""

    name: str
    rules: Mapping[str, Any]

    @property
    def teams(self) -> bool:
        """Leader, office and shared-qualification rules hold for teams only."""
        return self.name == "teams"

    @cached_property
    def ids(self) -> list[str]:
        """Person ids; a person's index is the position."""
        return [str(p["id"]) for p in self.rules["people"]]

    @cached_property
    def index(self) -> dict[str, int]:
        """Person id to index."""
        return {id_: i for i, id_ in enumerate(self.ids)}

    @cached_property
    def everybody(self) -> frozenset[int]:
        """All indices."""
        return frozenset(range(len(self.ids)))

    @cached_property
    def leaders(self) -> frozenset[int]:
        """Indices of people who may lead."""
        return frozenset(i for i, p in enumerate(self.rules["people"]) if p["lead"])

    @cached_property
    def colleagues(self) -> dict[int, frozenset[int]]:
        """Index to the indices of the same office, the person included."""
        by_office: dict[str, set[int]] = {}
        for i, person in enumerate(self.rules["people"]):
            by_office.setdefault(person["office"], set()).add(i)
        frozen = [frozenset(colleagues) for colleagues in by_office.values()]
        return {i: colleagues for colleagues in frozen for i in colleagues}

    @cached_property
    def recused(self) -> dict[str, set[int]]:
        """Hex blinded id to the indices recused for it."""
        by_object: dict[str, set[int]] = {}
        for id_, b in self.rules["recuse"]:
            by_object.setdefault(b, set()).add(self.index[id_])
        return by_object

    @cached_property
    def holders(self) -> dict[str, frozenset[int]]:
        """Stratum with a need to the indices that have its qualification."""
        holders: dict[str, set[int]] = {q: set() for q in self.rules["need"].values()}
        for i, person in enumerate(self.rules["people"]):
            for q in holders.keys() & set(person["quals"]):
                holders[q].add(i)
        return {s: frozenset(holders[q]) for s, q in self.rules["need"].items()}

    def qualified(self, stratum: str) -> frozenset[int]:
        """Indices that meet ``has(i, t)`` for a task of ``stratum``: everybody where nothing is needed."""
        return self.holders.get(stratum, self.everybody)

    def free(self, b: bytes) -> frozenset[int]:
        """Indices not recused for an object."""
        return self.everybody - self.recused.get(b.hex(), set())


class Board:
    """Seats of one pool over the tasks of a draw, with the predicates of 10.1.

    ``barred`` maps a task to the people barred from it (11.2).
    """

    def __init__(self, pool: Pool, tasks: list[Task], h: Hash) -> None:
        self.pool, self.tasks, self.h = pool, tasks, h
        self.size = int(pool.rules["size"])
        self.seats: list[list[int | None]] = [[None] * self.size for _ in tasks]
        self.barred: defaultdict[int, set[int]] = defaultdict(set)
        self.held: list[set[Seat]] = [set() for _ in pool.ids]
        self.by_load: list[set[int]] = [set(pool.everybody)]
        """Number of seats to the people who hold as many."""
        self._dload: Counter[tuple[int, int]] = Counter()
        self._at_cap: set[int] = set()
        self._full: defaultdict[int, set[int]] = defaultdict(set)

    def day(self, t: int) -> int:
        """The working day of a task, from 0."""
        return t // int(self.pool.rules["per_day"])

    def put(self, seat: Seat, i: int) -> None:
        """Seat person ``i`` on an empty seat."""
        self.seats[seat[0]][seat[1]] = i
        self._relieve(i)
        self.held[i].add(seat)
        self._count(i, self.day(seat[0]), 1)

    def empty(self, seat: Seat) -> None:
        """Clear a seat."""
        i = self.seats[seat[0]][seat[1]]
        if i is not None:
            self.seats[seat[0]][seat[1]] = None
            self._relieve(i)
            self.held[i].discard(seat)
            self._count(i, self.day(seat[0]), -1)

    def _relieve(self, i: int) -> None:
        """Out of those of the same load, before it changes."""
        self.by_load[len(self.held[i])].discard(i)

    def _count(self, i: int, day: int, step: int) -> None:
        if len(self.held[i]) == len(self.by_load):
            self.by_load.append(set())
        self.by_load[len(self.held[i])].add(i)
        self._dload[i, day] += step
        _keep(self._at_cap, i, len(self.held[i]) >= self.pool.rules["cap"])
        _keep(self._full[day], i, self._dload[i, day] >= self.pool.rules["day_cap"])

    def full_day(self, i: int, t: int) -> bool:
        """Whether ``i`` is at the day cap on the day of ``t``."""
        return i in self._full[self.day(t)]

    def with_room(self, people: frozenset[int], t: int) -> frozenset[int]:
        """Those of ``people`` with ``room(i, t)``."""
        return people - self._at_cap - self._full[self.day(t)]

    def eligible(self, t: int, s: int) -> frozenset[int]:
        """``elig(t, s)``, with the seats as they are now."""
        recused = self.pool.recused.get(self.tasks[t].b.hex(), set())
        mates = {i for slot, i in enumerate(self.seats[t]) if i is not None and slot != s}
        return self._fitting(t, s) - recused - mates - self.barred[t]

    def _fitting(self, t: int, s: int) -> frozenset[int]:
        """Rules 2 to 5 of ``elig``."""
        pool, qualified = self.pool, self.pool.qualified(self.tasks[t].stratum)
        if not pool.teams:
            return qualified
        people = pool.leaders if s == 0 else pool.everybody
        if self.size == 1:
            return people & qualified
        partner = self.seats[t][1 - s] if s < 2 else None
        if partner is None:
            return people
        if pool.rules["two_offices"]:
            people -= pool.colleagues[partner]
        return people if partner in qualified else people & qualified

    def over(self, tasks: list[Task]) -> Board:
        """A copy with the same people seated, over ``tasks``, a list that its owner may change."""
        board = Board(self.pool, tasks, self.h)
        for t, row in enumerate(self.seats):
            for s, i in enumerate(row):
                if i is not None:
                    board.put((t, s), i)
        return board

    def unfilled(self) -> int:
        """Number of empty seats."""
        return sum(seat is None for row in self.seats for seat in row)

    def slots_json(self) -> list[list[str | None]]:
        """Person ids seat by seat, null for an empty one."""
        return [[None if i is None else self.pool.ids[i] for i in row] for row in self.seats]


def _keep(members: set[int], i: int, belongs: bool) -> None:
    (members.add if belongs else members.discard)(i)


_WORDS = [slice(8 * j, 8 * j + 8) for j in range(4)]


class Attempt:
    """One attempt (10.2): breadth-first filling with the shortest chain of reassignments."""

    def __init__(self, board: Board, key: bytes) -> None:
        self.board, self.key = board, key
        self.repairs = 0
        self._digests: defaultdict[int, dict[int, bytes]] = defaultdict(dict)

    def run(self) -> None:
        """All leaders first, then slot 1, then the rest."""
        for s in range(self.board.size):
            for t in range(len(self.board.tasks)):
                self._fill((t, s))

    def words(self, t: int, people: Iterable[int]) -> list[tuple[bytes, int]]:
        """``(word_t(i), i)`` of each, the word as 8 bytes; one hash serves four neighbours."""
        known, start, h = self._digests[t], self.key + self.board.tasks[t].b[:16], self.board.h
        for group in {i >> 2 for i in people} - known.keys():
            known[group] = h(start + u32(group))
        return [(known[i >> 2][_WORDS[i & 3]], i) for i in people]

    def _fill(self, start: Seat) -> None:
        queue, used = deque([start]), {start[0]}
        parent: dict[Seat, tuple[Seat, int]] = {}
        while queue:
            seat = queue.popleft()
            candidates = self.board.eligible(*seat)
            free = self.board.with_room(candidates, seat[0])
            if free:
                self._move(seat, self._least(free, seat[0]), parent)
                return
            for i, other in self._reachable(seat[0], candidates):
                if other[0] not in used:
                    used.add(other[0])
                    parent[other] = (seat, i)
                    queue.append(other)

    def _least(self, free: frozenset[int], t: int) -> int:
        """Least loaded, then ticket, then index."""
        few = next(found for people in self.board.by_load if (found := free & people))
        return min(self.words(t, few))[1]

    def _reachable(self, t: int, candidates: frozenset[int]) -> Iterator[tuple[int, Seat]]:
        """Seats whose holder could move to task ``t``; at the day cap only seats of that day."""
        for _, i in sorted(self.words(t, candidates)):
            full = self.board.full_day(i, t)
            for other in sorted(self.board.held[i]):
                if not full or self.board.day(other[0]) == self.board.day(t):
                    yield i, other

    def _move(self, seat: Seat, i: int, parent: Mapping[Seat, tuple[Seat, int]]) -> None:
        moves = [(seat, i)]
        while seat in parent:
            seat, i = parent[seat]
            moves.append((seat, i))
        self.repairs += len(moves) > 1
        for seat, _ in moves:
            self.board.empty(seat)
        for seat, i in moves:
            self.board.put(seat, i)


@dataclass(frozen=True, slots=True)
class Seating:
    """The kept attempt of a pool: its number, its board, how many seats needed a reassignment."""

    attempt: int
    board: Board
    repairs: int

    def json(self) -> dict[str, Any]:
        """Member ``teams`` or ``experts`` of ``result.json`` (10.4)."""
        return {"attempt": self.attempt, "unfilled": self.board.unfilled(), "slots": self.board.slots_json()}


def seat(pool: Pool, tasks: Sequence[Task], seed: bytes, suite: str) -> Seating:
    """Draw a pool over the tasks: the attempt with the fewest empty seats, the first with none (10.3)."""
    h, best = hasher(suite), None
    for a in range(pool.rules["attempts"]):
        board = Board(pool, list(tasks), h)
        attempt = Attempt(board, derive_key(seed, f"{pool.name}/{a}", h))
        attempt.run()
        if best is None or board.unfilled() < best.board.unfilled():
            best = Seating(a, board, attempt.repairs)
        if not board.unfilled():
            break
    assert best is not None
    return best
