"""Three roles at the console of one or many authorities, each in a process of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

import httpx

from openloop import DATA, PAGE, PATIENCE, Person

ITEM = "/api/catalogue/1/JX-09/set"
BROWSED: dict[str, Sequence[str]] = {
    "lead": ("/console/objects", "/console/catalogue", "/api/objects", ITEM),
    "inspection": ("/console/tasks", "/api/tasks", "/console/objects", "/api/rules"),
    "supervision": ("/console/draws", "/api/draws", "/api/objects", "/console/rules"),
}
"""Role → what it asks for in turn; the lead office edits an item of its draft list every fourth time."""
ROLES = {"lead": "lead", "inspection": "inspection", "supervision": "supervisor"}
"""Role → its login."""
People = Mapping[str, Sequence[Person]]
"""Role → one person who has signed in for each authority."""


@dataclass
class Found:
    """Seconds of a turn, milliseconds by role and kind, what was not answered as it should have been."""

    seconds: float = 0.0
    times: dict[str, list[float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def add(self, other: Found) -> None:
        """Of another role or turn; the seconds are whoever adds' concern."""
        for kind, times in other.times.items():
            self.times.setdefault(kind, []).extend(times)
        self.failed += other.failed

    @classmethod
    def joined(cls, turns: Iterable[Found]) -> Found:
        """Turns one after another."""
        whole = cls()
        for one in turns:
            whole.add(one)
            whole.seconds += one.seconds
        return whole

    def summary(self) -> dict[str, dict[str, float]]:
        """Requests a second over all, p50 and p99 over all and by kind."""
        every = [ms for times in self.times.values() for ms in times]
        rows = {"all": every, **self.times}
        found = {
            kind: {"p50": _at(times, 0.5), "p99": _at(times, 0.99), "n": len(times)} for kind, times in rows.items()
        }
        found["all"]["rate"] = round(len(every) / self.seconds, 1)
        return found


@dataclass(frozen=True, slots=True)
class Turn:
    """``requests`` of each role, ``at_once`` of a role under way at a time, over the authorities in rotation."""

    url: str
    people: People
    requests: int
    at_once: int

    def run(self) -> Found:
        """All roles together, until the last has its answers."""
        whole = Found()
        with ProcessPoolExecutor(len(ROLES), get_context("spawn")) as pool:
            list(pool.map(_ready, range(len(ROLES))))  # starting a process is not part of the time
            begun = time.perf_counter()
            for found in [pool.submit(drive, self, role) for role in ROLES]:
                whole.add(found.result())
            whole.seconds = time.perf_counter() - begun
        return whole


def drive(turn: Turn, role: str) -> Found:
    """What one role's process does."""
    return asyncio.run(_driven(turn, role))


async def _driven(turn: Turn, role: str) -> Found:
    found, asked = Found(), iter(range(turn.requests))
    async with httpx.AsyncClient(base_url=turn.url, timeout=PATIENCE) as client:

        async def go_on() -> None:
            for n in asked:
                await _ask(client, turn, role, n, found)

        await asyncio.gather(*(go_on() for _ in range(turn.at_once)))
    return found


async def _ask(client: httpx.AsyncClient, turn: Turn, role: str, n: int, found: Found) -> None:
    people, paths = turn.people[role], BROWSED[role]
    person, path = people[n // len(paths) % len(people)], paths[n % len(paths)]
    acting = path == ITEM
    body = {"field": "检查内容", "value": f"负荷 {n}"} if acting else None
    headers = {**(DATA if path.startswith("/api") else PAGE), **person.headers(acting=acting)}
    begun, said = time.perf_counter(), ""
    try:
        answer = await client.request("POST" if acting else "GET", path, headers=headers, json=body)
        said = "" if answer.status_code == 200 else f"{answer.status_code} {answer.text[:300]}"
    except httpx.HTTPError as error:
        said = repr(error)
    kind = f"{role} {'writes' if acting else 'browses'}"
    found.times.setdefault(kind, []).append((time.perf_counter() - begun) * 1000)
    if said:
        found.failed.append(f"{role} {path}: {said}")


def _ready(_n: int) -> None:
    time.sleep(0.5)


def _at(times: Sequence[float], share: float) -> float:
    return round(sorted(times)[min(len(times) - 1, int(len(times) * share))], 1) if times else 0.0
