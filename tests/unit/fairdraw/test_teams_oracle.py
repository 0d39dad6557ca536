"""Section 10.2 once more, written down line by line as the specification has it, and compared on random pools."""

from __future__ import annotations

import random
from typing import Any

from fairdraw.selection import Task
from fairdraw.suites import hasher
from fairdraw.teams import Pool, seat
from fairdraw.tickets import derive_key, word
from transcripts import random_pool

Seat = tuple[int, int]
H = hasher("sha256")


class Oracle:
    """State and predicates of 10.1; nothing is indexed, everything is counted anew."""

    def __init__(self, pool: Pool, tasks: list[Task], key: bytes) -> None:
        self.p, self.tasks, self.key, self.teams = pool.rules, tasks, key, pool.teams
        self.people, self.m = pool.rules["people"], pool.rules["size"]
        self.seat: dict[Seat, int | None] = {(t, s): None for t in range(len(tasks)) for s in range(self.m)}

    def held(self, i: int) -> list[Seat]:
        return sorted(at for at, who in self.seat.items() if who == i)

    def day(self, t: int) -> int:
        return int(t // self.p["per_day"])

    def dload(self, i: int, d: int) -> int:
        return sum(self.day(t) == d for t, _ in self.held(i))

    def word(self, t: int, i: int) -> int:
        return int.from_bytes(word(self.key, self.tasks[t].b, i, H), "big")

    def room(self, i: int, t: int) -> bool:
        return len(self.held(i)) < self.p["cap"] and self.dload(i, self.day(t)) < self.p["day_cap"]

    def has(self, i: int, t: int) -> bool:
        need = self.p["need"]
        return self.tasks[t].stratum not in need or need[self.tasks[t].stratum] in self.people[i]["quals"]

    def elig(self, t: int, s: int) -> list[int]:
        return [i for i in range(len(self.people)) if self.may(i, t, s)]

    def may(self, i: int, t: int, s: int) -> bool:
        if [self.people[i]["id"], self.tasks[t].b.hex()] in self.p["recuse"]:
            return False
        if any(self.seat[t, other] == i for other in range(self.m) if other != s):
            return False
        if not self.teams:
            return self.has(i, t)
        if s == 0 and not self.people[i]["lead"]:
            return False
        if self.m == 1:
            return self.has(i, t)
        return s > 1 or self.fits(i, t, self.seat[t, 1 - s])

    def fits(self, i: int, t: int, k: int | None) -> bool:
        if k is None:
            return True
        if self.p["two_offices"] and self.people[i]["office"] == self.people[k]["office"]:
            return False
        return self.has(i, t) or self.has(k, t)

    def fill(self, t0: int, s0: int) -> None:
        queue, used, parent = [(t0, s0)], {t0}, dict[Seat, tuple[Seat, int]]()
        while queue:
            t, s = queue.pop(0)
            c = self.elig(t, s)
            f = [i for i in c if self.room(i, t)]
            if f:
                self.move((t, s), min(f, key=lambda i: (len(self.held(i)), self.word(t, i), i)), parent)
                return
            for i in sorted(c, key=lambda i: (self.word(t, i), i)):
                full = self.dload(i, self.day(t)) >= self.p["day_cap"]
                for t2, s2 in self.held(i):
                    if t2 in used or (full and self.day(t2) != self.day(t)):
                        continue
                    used.add(t2)
                    parent[t2, s2] = ((t, s), i)
                    queue.append((t2, s2))

    def move(self, at: Seat, i: int, parent: dict[Seat, tuple[Seat, int]]) -> None:
        moves = [(at, i)]
        while at in parent:
            at, i = parent[at]
            moves.append((at, i))
        for emptied, _ in moves:
            self.seat[emptied] = None
        for filled, who in moves:
            self.seat[filled] = who

    def run(self) -> list[list[str | None]]:
        for s in range(self.m):
            for t in range(len(self.tasks)):
                self.fill(t, s)
        ids: dict[int | None, str | None] = {None: None, **{i: p["id"] for i, p in enumerate(self.people)}}
        return [[ids[self.seat[t, s]] for s in range(self.m)] for t in range(len(self.tasks))]


def oracle(pool: Pool, tasks: list[Task], seed: bytes) -> dict[str, Any]:
    """10.3 and 10.4."""
    made = [Oracle(pool, tasks, derive_key(seed, f"{pool.name}/{a}", H)).run() for a in range(pool.rules["attempts"])]
    empty = [sum(id_ is None for row in slots for id_ in row) for slots in made]
    best = empty.index(min(empty))
    return {"attempt": best, "unfilled": empty[best], "slots": made[best]}


def test_10_2_equals_the_specification_read_line_by_line() -> None:
    """400 random pools; every third needs a reassignment."""
    rng, repaired = random.Random(102), 0
    for n in range(400):
        pool, some = random_pool(rng)
        seed = n.to_bytes(32, "big")
        found = seat(pool, some, seed, "sha256")
        assert found.json() == oracle(pool, some, seed), n
        repaired += found.repairs > 0
    assert repaired > 30
