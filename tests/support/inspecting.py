"""Tasks of a drawn authority, and a team at work, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from authority import Authority, inspectors, line_terms, objects
from shuangsui.cli.walk import Course, arrive, leave, notify, sign, write
from shuangsui.disclosure import rulings
from shuangsui.draws.office import Office
from shuangsui.draws.tables import Draw
from shuangsui.inspections import results, tasks
from shuangsui.inspections.states import Mode
from shuangsui.inspections.tables import InspectionTask

FORM = {
    "code": "general", "version": 1, "title": "检查记录表",
    "points": [{"no": "1", "content": "检查内容", "method": ""}],
}  # fmt: skip
"""A form of one point, for records that a test opens itself."""
STEPS = ("accept", "notify", "arrive", "write", "sign", "leave", "submit")
ON_SITE = {"mode": Mode.ONSITE, "reason": "需要核对现场设备"}


@dataclass
class Team:
    """One task of a draw and the acts of its team; every method is one transaction."""

    authority: Authority
    no: str
    course: Course

    @property
    def office(self) -> Office:
        return self.authority.office

    def act(self, do: Callable[..., Any], *arguments: Any, actor: str = "inspection", **options: Any) -> Any:
        """``do(session, no, …)``."""
        with self.authority.session() as session:
            return do(session, self.no, *arguments, actor=actor, **options)

    def decide(self, do: Callable[..., Any], *arguments: Any, actor: str = "lead", **options: Any) -> Any:
        """``do(session, office, no, …)``."""
        with self.authority.session() as session:
            return do(session, self.office, self.no, *arguments, actor=actor, **options)

    def step(self, do: Callable[..., Any], *arguments: Any) -> Any:
        """A step of :mod:`shuangsui.cli.walk` on this task."""
        with self.authority.session() as session:
            return do(session, *arguments, tasks.find_task(session, self.no), *self._course(do), actor="inspection")

    def _course(self, do: Callable[..., Any]) -> tuple[Course, ...]:
        return (self.course,) if do in (arrive, write, sign) else ()

    def accept(self) -> None:
        self.act(tasks.accept)

    def notify(self) -> None:
        self.step(notify, self.office)

    def arrive(self) -> None:
        self.step(arrive, self.office)

    def write(self) -> None:
        self.step(write)

    def sign(self) -> None:
        self.step(sign)

    def leave(self) -> None:
        self.step(leave)

    def submit(self, *categories: str, leader: str | None = None) -> Any:
        with self.authority.session() as session:
            head = leader or tasks.team_of(session, tasks.find_task(session, self.no))[0]
            chosen = categories or tuple(self.course.categories)
            return results.submit(session, self.office, self.no, chosen, leader=head, actor="inspection")

    def until(self, step: str) -> Team:
        """All steps before ``step``."""
        names = list(takewhile(lambda name: name != step, STEPS))
        self.authority.once((*names, self.no, repr(self.course)), lambda: [getattr(self, name)() for name in names])
        return self

    def whole(self) -> Team:
        """The inspection from acceptance to its submitted record."""
        return self.until("end")

    def published(self) -> Team:
        """The same, and the lead office has decided that the public may see it."""
        self.whole()
        self.act(rulings.publish, actor="lead")
        return self

    def read(self) -> InspectionTask:
        with self.authority.session() as session:
            return tasks.find_task(session, self.no)

    def people(self) -> list[str]:
        with self.authority.session() as session:
            return tasks.team_of(session, tasks.find_task(session, self.no))


def team(authority: Authority, draw: Draw | None = None, task: int = 0, course: Course | None = None) -> Team:
    """A team on site; by default of a draw with everything that goes before it."""
    if draw is None:
        authority.once("dispatched", lambda: _dispatch(authority, authority.drawn()))
    else:
        _dispatch(authority, draw)
    with authority.session() as session:
        no = tasks.all_tasks(session, draw and draw.no)[task].no
    return Team(authority, no, course or Course())


def _dispatch(authority: Authority, draw: Draw) -> None:
    with authority.session() as session:
        tasks.dispatch(session, authority.office, draw.no, actor="lead", **ON_SITE)


def two_tasks_on_one_object(authority: Authority) -> tuple[str, str]:
    """Two items, each with every object drawn: the same object twice."""
    rows = [row | {"items": "JX-02；JX-09"} for row in objects(12)]
    authority.take_in(objects=rows, inspectors=inspectors(12))
    authority.publish_list()
    everything = line_terms(expert=False, ALL="100%")
    authority.publish_plan(("JX-02", everything), ("JX-09", everything))
    by_object: dict[str, list[str]] = {}
    for line in (1, 2):
        draw = authority.draw(line=line)
        with authority.session() as session:
            for task in tasks.dispatch(session, authority.office, draw.no, actor="lead", **ON_SITE):
                by_object.setdefault(task.object_code, []).append(task.no)
    first, second = next(iter(by_object.values()))
    return first, second
