"""Teams of two for every task: what draws them here, a solver that only finds some, a lottery for citizens' panels.

A solver's answer obeys the same rules and is no draw; a panel is a draw of people without tasks. Neither can be
recomputed from a public seed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from peers import KEY, Draw

OFFICES, DAY_CAP, SECONDS = 8, 2, 60


def people_of(n: int) -> list[dict[str, Any]]:
    """800 for 5 000 tasks; one in two may lead, every third has the qualification that dangerous goods need."""
    return [
        {"id": f"P{i:04d}", "office": f"O{i % OFFICES}", "lead": i % 2 == 0, "quals": ["Q"] if i % 3 == 0 else []}
        for i in range(max(2 * OFFICES, n * 4 // 25))
    ]


def _objects(n: int) -> list[bytes]:
    return [sha256(b"%d" % i).digest() for i in range(n)]


def recused_of(n: int, people: int) -> list[list[str]]:
    """Two people for every object, in the order of a plan."""
    pairs = [[f"P{(7 * i + 3 * k) % people:04d}", b.hex()] for i, b in enumerate(_objects(n)) for k in (0, 1)]
    return sorted(pairs)


def _per_day(n: int) -> int:
    """Tasks of a day, for which a quarter of the people would do."""
    return len(people_of(n)) // 4


def _limit(n: int) -> int:
    """Tasks that one person gets at most, with a little room."""
    return 2 * n // len(people_of(n)) + 4


def teams(n: int) -> Draw:
    """Ours: leaders first, the least loaded, by ticket; reassigned where somebody is stuck."""
    from fairdraw.selection import Task
    from fairdraw.teams import Pool, seat

    people = people_of(n)
    rules = {
        "people": people, "recuse": recused_of(n, len(people)), "size": 2, "per_day": _per_day(n), "day_cap": DAY_CAP,
        "cap": _limit(n), "attempts": 16, "two_offices": True, "need": {"D": "Q"},
    }  # fmt: skip
    tasks = [Task(b, "ABCD"[i % 4]) for i, b in enumerate(_objects(n))]

    def draw() -> None:
        assert not seat(Pool("teams", rules), tasks, KEY, "sha256").board.unfilled()

    return draw


def solver(n: int) -> Draw:
    """OR-Tools' CP-SAT: any assignment that obeys the rules."""
    from ortools.sat.python import cp_model

    people, recused = people_of(n), {(id_, b) for id_, b in recused_of(n, len(people_of(n)))}

    def draw() -> None:
        model, loads, days = cp_model.CpModel(), defaultdict[str, list[Any]](list), defaultdict[Any, list[Any]](list)
        for t, b in enumerate(_objects(n)):
            seats = {p["id"]: model.new_bool_var("") for p in people if (p["id"], b.hex()) not in recused}
            model.add(sum(seats.values()) == 2)
            for wanted in _wanted(people, needs=t % 4 == 3):
                model.add_bool_or([seats[id_] for id_ in wanted if id_ in seats])
            for office in range(OFFICES):
                model.add_at_most_one([seats[p["id"]] for p in people[office::OFFICES] if p["id"] in seats])
            for id_, seat in seats.items():
                loads[id_].append(seat)
                days[id_, t // _per_day(n)].append(seat)
        for many, limit in ((loads, _limit(n)), (days, DAY_CAP)):
            for found in many.values():
                model.add(sum(found) <= limit)
        program = cp_model.CpSolver()
        program.parameters.num_workers, program.parameters.max_time_in_seconds = 1, SECONDS
        assert program.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)

    return draw


def _wanted(people: list[dict[str, Any]], *, needs: bool) -> Iterator[list[str]]:
    yield [p["id"] for p in people if p["lead"]]
    if needs:
        yield [p["id"] for p in people if p["quals"]]


def panel(n: int) -> Draw:
    """sortition-algorithms: one in four of as many people, by quotas of office, leaders and qualification; leximin's
    quick predecessor, since the others solve a linear program over whole panels."""
    from sortition_algorithms import Settings, run_stratification
    from sortition_algorithms.features import read_in_features
    from sortition_algorithms.people import read_in_people

    people = people_of(n)
    wanted = len(people) // 4
    rows = [
        {"id": p["id"], "office": p["office"], "lead": str(p["lead"]), "qualified": str(bool(p["quals"]))}
        for p in people
    ]
    quotas = []
    for feature in ("office", "lead", "qualified"):
        for value in sorted({row[feature] for row in rows}):
            share = wanted * sum(row[feature] == value for row in rows) // len(rows)
            quotas.append({"feature": feature, "value": value, "min": str(max(0, share - 1)), "max": str(share + 2)})
    settings = Settings(
        id_column="id", columns_to_keep=[], check_same_address=False, check_same_address_columns=[],
        selection_algorithm="legacy", max_attempts=100, solver_backend="highspy",
    )  # fmt: skip
    features, *_ = read_in_features(list(quotas[0]), quotas, wanted)
    pool, *_ = read_in_people(list(rows[0]), rows, features, settings)

    def draw() -> None:
        assert run_stratification(features, pool, wanted, settings)[0]

    return draw
