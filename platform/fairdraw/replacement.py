"""Replacements in log order (srd-1 section 11): the final state of a draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fairdraw.draw import Draw
from fairdraw.failures import require
from fairdraw.seed import next_link, replacement_key
from fairdraw.selection import Task
from fairdraw.suites import hasher
from fairdraw.teams import Board, Seat
from fairdraw.tickets import words

Placed = list[list[Any]]
"""``in`` of a person's RESULT: ``[[task, slot, id or null], …]``."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How one seat was filled again: candidates with their words, in order of person index, and who won."""

    seat: Seat
    candidates: list[tuple[str, bytes]]
    chosen: str | None


@dataclass
class State:
    """Tasks, seats and used alternates of a draw after the replacements applied so far."""

    draw: Draw
    revealed: dict[str, bytes]
    """Last value revealed by each contributor."""
    tasks: list[Task] = field(init=False)
    boards: Mapping[str, Board] = field(init=False)
    drawn: set[bytes] = field(init=False)
    """Blinded ids ever selected or replaced in."""
    cancelled: set[int] = field(default_factory=set)
    """Tasks whose object was invalid and had no alternate left."""
    requests: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    """Requests per ("object", task) or (pool, task, slot)."""
    people: int = 0
    emptied: list[Seat] = field(default_factory=list)
    """Seats that the latest person request emptied."""
    _used: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Start from the result of the draw."""
        self.tasks = list(self.draw.selection.order)
        self.drawn = {task.b for task in self.tasks}
        self.boards = {name: seating.board.over(self.tasks) for name, seating in self.draw.seatings.items()}

    # objects

    def request_object(self, body: Mapping[str, Any]) -> None:
        """Check an object request; ``REPLACE_OBJECT``."""
        t = body["task"]
        self.requests["object", t] += 1
        require(self.requests["object", t] <= 2, "REPLACE_OBJECT", f"a third request for task {t}")
        require(t < len(self.tasks), "REPLACE_OBJECT", f"there is no task {t}")
        require(body["out"] == self.tasks[t].b.hex(), "REPLACE_OBJECT", f"task {t} has another object")

    def alternate(self, t: int) -> str | None:
        """The hex blinded id that takes task ``t`` over, None if no alternate is left (11.1)."""
        stratum = self.tasks[t].stratum
        reserve = self.draw.selection.reserve[stratum]
        used = self._used[stratum]
        return reserve[used][1].hex() if used < len(reserve) else None

    def replace_object(self, t: int) -> str | None:
        """Apply the outcome of an object request and answer its ``in``."""
        b = self.alternate(t)
        if b is None:
            self.cancelled.add(t)
            return None
        stratum = self.tasks[t].stratum
        self._used[stratum] += 1
        self.tasks[t] = Task(bytes.fromhex(b), stratum)
        self.drawn.add(self.tasks[t].b)
        return b

    # people

    def request_person(self, body: Mapping[str, Any]) -> list[Seat]:
        """Check a person request, empty its seats, bar who leaves; ``REPLACE_CHAIN``, ``REPLACE_PERSON``."""
        self.people += 1
        require(
            self.people <= self.draw.plan["replacements"], "REPLACE_CHAIN", "more person replacements than prepared"
        )
        board, t, s = self.boards.get(body["pool"]), body["task"], body["slot"]
        require(board, "REPLACE_PERSON", f"the plan has no pool {body['pool']}")
        assert board is not None
        self.requests[body["pool"], t, s] += 1
        require(t < len(self.tasks) and s < board.size, "REPLACE_PERSON", f"there is no seat ({t}, {s})")
        i = board.seats[t][s]
        require(
            body["out"] == (None if i is None else board.pool.ids[i]), "REPLACE_PERSON", f"({t}, {s}) is not theirs"
        )
        seats = [(t, s)] if i is None or body["scope"] == "task" else sorted(board.held[i])
        for task in [t] if body["scope"] == "task" else range(len(self.tasks)):
            board.barred[task] |= set() if i is None else {i}
        for seat in seats:
            board.empty(seat)
        self.emptied = seats
        return seats

    def check_links(self, links: Mapping[str, bytes]) -> None:
        """Each link must be the one before the value its contributor revealed last; ``REPLACE_CHAIN``."""
        h = hasher(self.draw.plan["suite"])
        for who, link in links.items():
            require(who in self.revealed, "REPLACE_CHAIN", f"{who} is no contributor")
            require(next_link(link, h) == self.revealed[who], "REPLACE_CHAIN", f"the link of {who} does not fit")
        self.revealed |= links

    def replace_person(self, pool: str, seats: Sequence[Seat], r: int) -> tuple[Placed, list[Choice]]:
        """Fill emptied seats again with the links just checked; answer ``in`` and how it came about."""
        choices = [self._refill(self.boards[pool], seat, self.key(r)) for seat in seats]
        return [[*choice.seat, choice.chosen] for choice in choices], choices

    def key(self, r: int) -> bytes:
        """``key_r`` from the links revealed last."""
        links = [self.revealed[who] for who in self.draw.plan.contributors]
        return replacement_key(self.draw.seed, r, links, hasher(self.draw.plan["suite"]))

    def _refill(self, board: Board, seat: Seat, key: bytes) -> Choice:
        """11.2 step 6: caps are soft, the smallest word wins."""
        t = seat[0]
        eligible = board.eligible(*seat)
        people = sorted(board.with_room(eligible, t) or eligible)
        tickets = words(key, self.tasks[t].b, len(board.pool.ids), board.h)
        best = min(people, key=lambda i: (tickets[i], i), default=None)
        if best is not None:
            board.put(seat, best)
        chosen = None if best is None else board.pool.ids[best]
        return Choice(seat, [(board.pool.ids[i], tickets[i]) for i in people], chosen)

    # final state

    def check_recusals(self) -> None:
        """No recused person may sit in the final state; ``TEAM_RECUSED``."""
        for board in self.boards.values():
            for t, row in enumerate(board.seats):
                recused = board.pool.recused.get(self.tasks[t].b.hex(), set())
                sitting = [board.pool.ids[i] for i in row if i in recused]
                require(not sitting, "TEAM_RECUSED", f"task {t}: {', '.join(sitting)}")

    def empty_seats(self) -> dict[str, list[Seat]]:
        """Empty seats per pool."""
        return {
            name: [(t, s) for t, row in enumerate(board.seats) for s, i in enumerate(row) if i is None]
            for name, board in self.boards.items()
        }
