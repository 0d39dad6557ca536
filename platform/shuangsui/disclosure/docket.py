"""Which tasks have results, and what has become of the decision on each (R14.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import col, select

from shuangsui.db import TenantSession
from shuangsui.disclosure.policy import Choice, RulingState
from shuangsui.disclosure.tables import Ruling, Term
from shuangsui.inspections.tables import InspectionResult, InspectionTask


class Stage(StrEnum):
    """How far the decision on a task's results has come, in the order in which somebody must act."""

    WAITING = "waiting"
    """Nobody has decided, or what was proposed has been refused."""
    PROPOSED = "proposed"
    PUBLISHED = "published"
    WITHHELD = "withheld"
    LISTED = "listed"
    """The item's list keeps the results back; there is nothing to decide."""


@dataclass(frozen=True, slots=True)
class Case:
    """A task that was drawn and has results, the newest of them last, with its newest ruling."""

    task: InspectionTask
    results: tuple[InspectionResult, ...]
    ruling: Ruling | None

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        if self.task.withheld:
            return Stage.LISTED
        if self.ruling is None or self.ruling.state is RulingState.REFUSED:
            return Stage.WAITING
        if self.ruling.state is RulingState.PROPOSED:
            return Stage.PROPOSED
        return Stage.WITHHELD if self.ruling.decision is Choice.WITHHELD else Stage.PUBLISHED


FIRST = (Stage.WAITING, Stage.PROPOSED)
"""Somebody must act on these, in this order."""


def cases(session: TenantSession) -> list[Case]:
    """Every one of the authority, by the number of its task."""
    query = (
        select(InspectionTask, InspectionResult)
        .join(InspectionResult, col(InspectionResult.task_id) == InspectionTask.id)
        .where(col(InspectionTask.drawn_id).is_not(None))
        .order_by(col(InspectionTask.no), col(InspectionResult.n))
    )
    found: dict[str, tuple[InspectionTask, list[InspectionResult]]] = {}
    for task, result in session.exec(query):
        found.setdefault(task.no, (task, []))[1].append(result)
    newest = {ruling.task_no: ruling for ruling in session.exec(select(Ruling).order_by(col(Ruling.n)))}
    return [Case(task, tuple(results), newest.get(no)) for no, (task, results) in found.items()]


def history(session: TenantSession, task: InspectionTask) -> list[Ruling]:
    """What was decided or proposed, the first one first."""
    return list(session.exec(select(Ruling).where(Ruling.task_no == task.no).order_by(col(Ruling.n))))


def case_of(session: TenantSession, task: InspectionTask) -> Case:
    """One task, which may have no result yet."""
    query = select(InspectionResult).where(InspectionResult.task_id == task.id).order_by(col(InspectionResult.n))
    rulings = history(session, task)
    return Case(task, tuple(session.exec(query)), rulings[-1] if rulings else None)


def in_turn(found: Iterable[Case], due: Mapping[str, Term]) -> list[Case]:
    """What somebody must act on first stands first: by stage, then by the last day, then the newest task."""
    latest_first = sorted(found, key=lambda case: case.task.no, reverse=True)
    return sorted(latest_first, key=lambda case: (_rank(case.stage), _last_day(due.get(case.task.no))))


def _rank(stage: Stage) -> int:
    return FIRST.index(stage) if stage in FIRST else len(FIRST)


def _last_day(term: Term | None) -> date:
    """Those without one come last."""
    return term.due if term and term.due else date.max
