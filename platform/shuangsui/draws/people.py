"""Who can sit in teams, pure: pools for the plan (srd-1 5.4) from registries of people and of interests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any, Protocol

from shuangsui.errors import RuleRefused
from shuangsui.planning.policy import Seats
from shuangsui.said import listed, say

ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Person:
    """An inspector or expert as a draw sees them; ``id`` is the published certificate number or neutral code."""

    id: str
    office: str
    quals: tuple[str, ...]
    lead: bool
    ready: bool
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Interest:
    """An interest of a person in an object and the days on which it lasts (article 9)."""

    person: str
    object_code: str
    since: date | None
    until: date | None

    def lasts(self, on: date) -> bool:
        """Whether it counts on a day; open ends count."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Crew:
    """Who may be drawn, and why the others may not: ``off_duty`` or ``cert_expired``."""

    people: tuple[Person, ...]
    out: Mapping[str, int]


def crew(people: Iterable[Person], on: date) -> Crew:
    """People ready on a day; the last day of a certificate still counts (R6.2)."""
    ready, out = [], Counter[str]()
    for person in people:
        if not person.ready:
            out["off_duty"] += 1
        elif person.valid_to is not None and person.valid_to < on:
            out["cert_expired"] += 1
        else:
            ready.append(person)
    return Crew(tuple(sorted(ready, key=lambda p: p.id.encode())), dict(out))


def recusals(crew: Crew, interests: Iterable[Interest], on: date) -> dict[str, set[str]]:
    """Object code → ids of people who must withdraw from it on a day (R9.1)."""
    ids, found = {person.id for person in crew.people}, dict[str, set[str]]()
    for interest in interests:
        if interest.person in ids and interest.lasts(on):
            found.setdefault(interest.object_code, set()).add(interest.person)
    return found


def unmannable(crew: Crew, recused: Mapping[str, set[str]], seats: Seats) -> frozenset[str]:
    """Object codes for which the people left cannot form one team: code ``X9``."""
    return frozenset(code for code, ids in recused.items() if not _can_form(_without(crew, ids), seats))


def _without(crew: Crew, ids: set[str]) -> list[Person]:
    return [person for person in crew.people if person.id not in ids]


def _can_form(people: Sequence[Person], seats: Seats) -> bool:
    qualified = not seats.qualification or any(seats.qualification in p.quals for p in people)
    return len(people) >= seats.size and any(p.lead for p in people) and qualified


class Manned(Protocol):
    """A task with its people."""

    teams: list[str | None]
    leader: str | None


def leader_of(task: Manned) -> str | None:
    """The team leader 组长: slot 0, unless another was appointed who still sits (R8.3, R9.5)."""
    if task.leader is not None and task.leader in task.teams:
        return task.leader
    return task.teams[0] if task.teams else None


def require_team(crew: Crew, seats: Seats) -> None:
    """Refuse a pool from which no team can be formed at all; ``team_below_two``, ``no_leader``, ``unqualified``."""
    out = (
        listed(
            (
                say("{why}（{code}）{n} 人", why=_REASONS[reason], code=reason, n=count)
                for reason, count in sorted(crew.out.items())
            ),
            "，",
        )
        or "无"
    )
    if len(crew.people) < seats.size:
        found = len(crew.people)
        raise RuleRefused("team_below_two", article="第十三条", size=found, least=seats.size, out=out)
    if not any(person.lead for person in crew.people):
        raise RuleRefused("no_leader", article="第八条", found=len(crew.people))
    if not _can_form(crew.people, seats):
        raise RuleRefused("unqualified", article="第六条", qualification=seats.qualification, found=len(crew.people))


_REASONS = {"off_duty": "不在岗", "cert_expired": "证件过期"}


def pool(
    crew: Crew, seats: Seats, tasks: int, *, per_day: int, strata: Iterable[str], two_offices: bool
) -> dict[str, Any]:
    """The plan's ``teams`` or ``experts`` without recusals; caps spread the tasks evenly with room for recusals."""
    people = [{"id": p.id, "office": p.office, "quals": sorted(set(p.quals)), "lead": p.lead} for p in crew.people]
    scarce = _scarcest(crew, seats)
    days = ceil(max(tasks, 1) / per_day)
    day_cap = _spread(min(per_day, max(tasks, 1)), seats.size, len(people), scarce)
    cap = min(_spread(max(tasks, 1), seats.size, len(people), scarce), day_cap * days)
    return {
        "size": seats.size,
        "cap": cap,
        "day_cap": day_cap,
        "per_day": per_day,
        "two_offices": two_offices and seats.size >= 2,
        "attempts": ATTEMPTS,
        "need": dict.fromkeys(strata, seats.qualification) if seats.qualification else {},
        "people": people,
        "recuse": [],
    }


def _scarcest(crew: Crew, seats: Seats) -> int:
    """How many may lead or hold the qualification, whichever are fewer: each task needs one of them."""
    leaders = sum(person.lead for person in crew.people)
    holders = sum(seats.qualification in person.quals for person in crew.people)
    return min(leaders or len(crew.people), holders if seats.qualification else len(crew.people))


def _spread(tasks: int, size: int, people: int, scarce: int) -> int:
    """Seats per person when shared evenly among all, but enough for the scarce ones alone; one to spare."""
    return max(ceil(tasks * size / people), ceil(tasks / scarce)) + 1
