"""srd-1 section 10: the team draw (P7)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from fairdraw.selection import Task
from fairdraw.suites import hasher
from fairdraw.teams import Attempt, Board, Pool, Seating, seat
from fairdraw.tickets import derive_key, word
from transcripts import person, random_pool, rules, tasks

Json = dict[str, Any]
H = hasher("sha256")
SEED = b"s" * 32


def names(board: Board) -> list[list[str | None]]:
    return board.slots_json()


def test_10_1_leaders_sit_in_slot_0() -> None:
    """And only who may lead."""
    people = [person(i, lead=i == 3) for i in range(5)]
    found = seat(Pool("teams", rules(people)), tasks(4), SEED, "sha256")
    assert {row[0] for row in names(found.board)} == {"P003"}


def test_10_1_lead_and_office_of_experts_are_ignored() -> None:
    """Experts need the qualification, nothing else."""
    people = [person(0, lead=False, quals=("压力容器",)), person(1)]
    found = seat(Pool("experts", rules(people, size=1, need={"A": "压力容器"})), tasks(4, "AB"), SEED, "sha256")
    assert [row[0] for row in names(found.board)][::2] == ["P000", "P000"]
    assert found.board.unfilled() == 0


def test_10_1_team_of_one_needs_the_qualification_itself() -> None:
    """m = 1."""
    people = [person(0), person(1, quals=("q",)), person(2, lead=False, quals=("q",))]
    found = seat(Pool("teams", rules(people, size=1, need={"A": "q"})), tasks(3), SEED, "sha256")
    assert names(found.board) == [["P001"]] * 3


def test_10_1_one_of_the_first_two_brings_the_qualification() -> None:
    """The third slot is free."""
    people = [person(0, quals=("q",)), *(person(i) for i in range(1, 6))]
    found = seat(Pool("teams", rules(people, size=3, need={"A": "q"})), tasks(3), SEED, "sha256")
    assert found.board.unfilled() == 0
    assert all("P000" in row[:2] for row in names(found.board))


def test_10_1_two_offices_bind_the_first_two_slots() -> None:
    """Office strings are compared as they are."""
    people = [person(0, "一处"), person(1, "一处 "), *(person(i, "一处", lead=False) for i in range(2, 4))]
    pool = Pool("teams", rules(people, size=3, two_offices=True))
    offices = {p["id"]: p["office"] for p in people}
    for row in names(seat(pool, tasks(2), SEED, "sha256").board):
        first, second, third = (offices[str(id_)] for id_ in row)
        assert first != second
        assert third is not None


def test_10_1_recused_person_is_never_eligible() -> None:
    """By hex b of the object now at the task."""
    some = tasks(2)
    recuse = [["P000", some[0].b.hex()]]
    board = Board(Pool("teams", rules([person(0), person(1)], recuse=recuse)), some, H)
    assert board.eligible(0, 0) == {1}
    assert board.eligible(1, 0) == {0, 1}
    board.barred[1].add(1)
    assert board.eligible(1, 0) == {0}


def test_10_1_nobody_holds_two_seats_of_a_task() -> None:
    """But the holder stays eligible for the own seat."""
    board = Board(Pool("teams", rules([person(0), person(1)])), tasks(1), H)
    board.put((0, 0), 0)
    assert board.eligible(0, 1) == {1}
    assert board.eligible(0, 0) == {0, 1}


def test_10_2_free_people_are_taken_by_load_then_word_then_index() -> None:
    """Without conflicts FILL is plain."""
    some = tasks(3)
    pool = Pool("teams", rules([person(i) for i in range(6)], size=1))
    key = derive_key(SEED, "teams/0", H)
    board, expected, taken = Board(pool, some, H), [], set[int]()
    Attempt(board, key).run()
    for task in some:
        best = min((i for i in range(6) if i not in taken), key=lambda i: (word(key, task.b, i, H), i))
        taken.add(best)
        expected.append([f"P{best:03}"])
    assert names(board) == expected


def test_10_2_shortest_chain_of_reassignments() -> None:
    """A leader moves aside when only he may take the seat."""
    some = tasks(2)
    people = [person(0), person(1)]
    only_first = [["P001", some[1].b.hex()]]
    for seed in range(40):
        pool = Pool("teams", rules(people, size=1, cap=1, recuse=only_first))
        found = seat(pool, some, seed.to_bytes(32, "big"), "sha256")
        assert names(found.board) == [["P001"], ["P000"]]


def test_10_2_person_at_the_day_cap_moves_only_within_that_day() -> None:
    """Tasks 0 and 1 are one day, task 2 the next."""
    some = tasks(3)
    people = [person(0), person(1)]
    recuse = sorted([["P001", some[1].b.hex()], ["P001", some[2].b.hex()]])
    pool = Pool("teams", rules(people, size=1, cap=3, day_cap=1, per_day=2, recuse=recuse))
    for seed in range(20):
        found = seat(pool, some, seed.to_bytes(32, "big"), "sha256")
        assert names(found.board) == [["P001"], ["P000"], ["P000"]]


def test_10_3_attempts_stop_at_the_first_complete_one() -> None:
    """The lowest number wins."""
    found = seat(Pool("teams", rules([person(0), person(1)], attempts=64)), tasks(2), SEED, "sha256")
    assert found.attempt == 0
    assert found.json()["unfilled"] == 0


def test_10_3_best_attempt_is_kept_when_none_is_complete() -> None:
    """Fewest empty seats, lowest number on ties; empty seats are published."""
    people = [person(i, lead=i < 3, office=f"o{i % 2}") for i in range(6)]
    changes = {"size": 3, "cap": 2, "two_offices": True, "need": {"A": "q"}}
    for i in (0, 3, 4):
        people[i]["quals"] = ["q"]
    pool, some = Pool("teams", rules(people, attempts=8, **changes)), tasks(5)
    found = seat(pool, some, SEED, "sha256")
    empty = []
    for a in range(8):
        board = Board(pool, list(some), H)
        Attempt(board, derive_key(SEED, f"teams/{a}", H)).run()
        empty.append(board.unfilled())
    assert min(empty) > 0
    assert found.attempt == empty.index(min(empty))
    assert found.json() == {
        "attempt": found.attempt,
        "unfilled": min(empty),
        "slots": [[None if i is None else f"P{i:03}" for i in row] for row in found.board.seats],
    }


def test_10_4_no_tasks_no_seats() -> None:
    """A draw may select nothing."""
    found = seat(Pool("teams", rules([person(0)])), [], SEED, "sha256")
    assert found.json() == {"attempt": 0, "unfilled": 0, "slots": []}


def violations(pool: Pool, found: Seating) -> Iterator[str]:
    """Rules of 10.1 that a seating breaks, read off the plan once more."""
    people = {p["id"]: p for p in pool.rules["people"]}
    recused = {tuple(pair) for pair in pool.rules["recuse"]}
    load, days = Counter[str](), Counter[tuple[str, int]]()
    for t, (task, row) in enumerate(zip(found.board.tasks, found.board.slots_json(), strict=True)):
        sitting = [id_ for id_ in row if id_ is not None]
        load.update(sitting)
        days.update((id_, t // pool.rules["per_day"]) for id_ in sitting)
        if len(set(sitting)) < len(sitting):
            yield f"task {t}: one person twice"
        if any((id_, task.b.hex()) in recused for id_ in sitting):
            yield f"task {t}: recused"
        yield from _team_violations(pool, people, task, row)
    if any(n > pool.rules["cap"] for n in load.values()):
        yield "cap"
    if any(n > pool.rules["day_cap"] for n in days.values()):
        yield "day cap"


def _team_violations(pool: Pool, people: Mapping[str, Json], task: Task, row: list[str | None]) -> Iterator[str]:
    need = pool.rules["need"].get(task.stratum)
    skilled = [id_ is not None and need in people[id_]["quals"] for id_ in row]
    seated = [id_ is not None for id_ in row]
    if not pool.teams:
        if need and skilled != seated:
            yield "an expert without the qualification"
        return
    if row[0] is not None and not people[row[0]]["lead"]:
        yield "a leader who may not lead"
    pair = [people[id_] for id_ in row[:2] if id_ is not None]
    if len(pair) == min(2, len(row)) and need and not any(skilled[:2]):
        yield "no qualification among the first two"
    if pool.rules["two_offices"] and len(pair) == 2 and pair[0]["office"] == pair[1]["office"]:
        yield "one office"


def test_p7_no_seat_ever_breaks_a_rule() -> None:
    """2 000 random graphs of people, tasks and recusals."""
    rng, complete, repaired = random.Random(7), 0, 0
    for n in range(2_000):
        pool, some = random_pool(rng)
        found = seat(pool, some, n.to_bytes(32, "big"), "sha256")
        assert list(violations(pool, found)) == [], n
        complete += not found.board.unfilled()
        repaired += found.repairs > 0
    assert 200 < complete < 1_900
    assert repaired > 100


def test_p7_no_attempt_leaves_a_seat_empty_that_somebody_free_could_take() -> None:
    """FILL ends in failure only without any chain; the plainest chain is one person."""
    rng = random.Random(77)
    for n in range(500):
        pool, some = random_pool(rng)
        board = Board(pool, some, H)
        attempt = Attempt(board, n.to_bytes(32, "big"))
        for s in range(board.size):
            for t in range(len(some)):
                attempt._fill((t, s))
                if board.seats[t][s] is None:
                    assert not board.with_room(board.eligible(t, s), t)


@pytest.mark.parametrize("count", [1, 3])
def test_10_2_a_chain_over_many_tasks_is_found(count: int) -> None:
    """Person k may take tasks k and k + 1 only: the last task pushes everybody back by one."""
    size = 12
    some = tasks(size)
    people = [person(i) for i in range(size)]
    allowed = {(i, i) for i in range(size)} | {(i, i + count) for i in range(size)}
    pairs = [(p["id"], some[t].b.hex()) for i, p in enumerate(people) for t in range(size) if (i, t) not in allowed]
    pool = Pool("teams", rules(people, size=1, cap=1, recuse=[list(pair) for pair in sorted(pairs)]))
    for seed in range(20):
        found = seat(pool, some, seed.to_bytes(32, "big"), "sha256")
        assert found.board.unfilled() == 0
        assert list(violations(pool, found)) == []
