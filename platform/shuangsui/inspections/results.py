"""Results of tasks: submitted by the leader with the record, made final later, and what of them is public."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from itertools import count
from typing import Any

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.contracts import ResultCode
from shuangsui.db import TenantSession, later, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office, facts_of
from shuangsui.draws.tables import Draw, DrawnTask, DrawState
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.inspections import followup, links, policy, records
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.inspections.states import MODES, RecordState, TaskState
from shuangsui.inspections.tables import InspectionRecord, InspectionResult, InspectionTask
from shuangsui.inspections.tasks import (
    drawn_of,
    find_to_change_task,
    move,
    require_task_state,
)
from shuangsui.ledger.service import record as note
from shuangsui.planning import service as planning
from shuangsui.planning.tables import CounterState


def submit(
    session: TenantSession,
    office: Office,
    no: str,
    categories: Sequence[str],
    *,
    leader: str,
    actor: str,
    codes: Sequence[ResultCode] = (),
    remark: str = "",
) -> InspectionResult:
    """The leader submits the record with its result: the inspection has ended.

    ``codes`` are the departments' own below the categories. The once-a-year counter is consumed and, unless the list
    withholds results, the object opened in the transcript.
    The term of the object's link begins, with which it may now rate the team (R16.1).
    """
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    require_task_state(task, "提交检查记录", TaskState.ACCEPTED, TaskState.UNDERWAY)
    policy.check_categories(categories, codes)
    record = records.settle(session, office, task, leader)
    _check_fits(record, categories)
    task.ended_at = record.concluded_at
    move(session, task, "end", actor=actor, record=record.state, late=record.late)
    made = _added(session, task, record, categories, codes, remark, actor)
    followup.open_findings(session, task, record, actor=actor)
    links.begin_term(session, office, task)
    _settle_draw(session, office, task)
    return made


def finalise(
    session: TenantSession, no: str, categories: Sequence[str], *, actor: str, codes: Sequence[ResultCode] = ()
) -> InspectionResult:
    """From 发现问题待后续处理 to the final category; both stay readable and published (R15.5).

    :class:`RuleRefused` ``findings_open`` while a rectification has not passed or a receipt is missing.
    """
    require(session, actor, "dispose_finding")
    task = find_to_change_task(session, no)
    before = latest(session, task)
    if before is None or "pending" not in before.categories:
        raise RuleRefused("result_final", article="第十五条", task=no)
    policy.check_categories(categories, codes)
    if "pending" in categories:
        raise BadInput("category_conflict")
    _require_settled(session, task)
    made = InspectionResult(
        **before.model_dump(include={"task_id", "ended", "team"}), n=before.n + 1,
        categories=list(categories), codes=_kept(codes), recorded_by=actor, recorded_at=now(session),
    )  # fmt: skip
    session.add(made)
    payload = {"n": made.n, "categories": made.categories, "codes": [code.code for code in codes]}
    note(session, "result.finalise", actor=actor, subject=f"task/{no}", payload=payload)
    return made


def latest(session: TenantSession, task: InspectionTask) -> InspectionResult | None:
    """The newest result of a task."""
    query = select(InspectionResult).where(InspectionResult.task_id == task.id)
    return session.exec(query.order_by(col(InspectionResult.n).desc())).first()


def results(session: TenantSession) -> list[dict[str, Any]]:
    """The public view of every result of a drawn task, the newest first (R14.6); remarks stay inside.

    A pending result and the final one name each other: ``follows``, ``followed_by`` (R15.5).
    """
    query = (
        select(InspectionResult, InspectionTask, DrawnTask, Draw)
        .join(InspectionTask, col(InspectionTask.id) == InspectionResult.task_id)
        .join(DrawnTask, col(DrawnTask.id) == InspectionTask.drawn_id)
        .join(Draw, col(Draw.id) == DrawnTask.draw_id)
        .where(col(Draw.state).in_((DrawState.DRAWN, DrawState.VOID)))
        .order_by(col(InspectionResult.recorded_at), col(InspectionResult.id))
        .options(later(Draw.draft), later(Draw.trials))
    )
    withheld, rows = count(1), session.exec(query).all()
    newest = Counter(task.no for _, task, _, _ in rows)
    found = [_view(session, *row, newest[row[1].no], withheld) for row in rows]
    return found[::-1]


def _check_fits(record: InspectionRecord, categories: Sequence[str]) -> None:
    """What was found is what the record says; who cannot be found has one category only (R13.7)."""
    if (record.state is RecordState.UNREACHABLE) is not (list(categories) == ["cannot_contact"]):
        raise RuleRefused("category_contradicts", article="第十三条")
    if record.state is not RecordState.UNREACHABLE:
        policy.check_fits(categories, record.answers)


def _kept(codes: Sequence[ResultCode]) -> list[dict[str, str]]:
    """The codes with their words: the plugin that gave them may go."""
    return [asdict(code) for code in codes]


def _added(
    session: TenantSession,
    task: InspectionTask,
    record: InspectionRecord,
    categories: Sequence[str],
    codes: Sequence[ResultCode],
    remark: str,
    actor: str,
) -> InspectionResult:
    assert record.concluded_at is not None
    ended: date = legal_day(record.concluded_at)
    made = InspectionResult(
        task_id=task.id, ended=ended, team=record.team, categories=list(categories), codes=_kept(codes), note=remark,
        recorded_by=actor, recorded_at=record.concluded_at,
    )  # fmt: skip
    session.add(made)
    payload = {"categories": made.categories, "codes": [code.code for code in codes], "ended": ended.isoformat()}
    note(session, "task.result", actor=actor, subject=f"task/{task.no}", payload=payload)
    return made


def _require_settled(session: TenantSession, task: InspectionTask) -> None:
    if not followup.is_all_closed(session, task):
        numbers = [str(one.n) for one in followup.findings_of(session, task) if one.closed_at is None]
        raise RuleRefused("findings_open", article="第十五条", task=task.no, numbers="、".join(numbers))


def _settle_draw(session: TenantSession, office: Office, task: InspectionTask) -> None:
    """Nothing of a drawn task is replaced any more; its counter is consumed, in the year that the rules say (A3)."""
    drawn = drawn_of(session, task)
    if drawn is None or task.draw_no is None:
        return
    assert task.ended_at is not None
    drawn.settled, drawn.opened, drawn.inspected_on = True, not task.withheld, legal_day(task.ended_at)
    session.add(drawn)
    by_visit = office.rules(task.rules_on).word("frequency.year") == "visit"
    year = drawn.inspected_on.year if by_visit else None
    planning.settle(session, task.draw_no, [task.object_code], CounterState.CONSUMED, year=year)


def _view(
    session: TenantSession,
    result: InspectionResult,
    task: InspectionTask,
    drawn: DrawnTask,
    draw: Draw,
    newest: int,
    withheld: Iterator[int],
) -> dict[str, Any]:
    """An item whose list withholds results shows that there is one, numbered, and why, never whose (R14.7)."""
    common = {"draw": draw.no, "item": draw.item_code, "item_name": draw.item_name, "recorded_at": result.recorded_at}
    common["term"] = f"{task.no}/{result.n}"
    if task.withheld:
        basis = facts_of(session, draw).publication
        return {**common, "key": f"withheld-{next(withheld)}", "withheld": basis}
    keys = [f"{draw.no}-{drawn.task}", *(f"{draw.no}-{drawn.task}-{n}" for n in range(2, newest + 1))]
    return {
        **common,
        "key": keys[result.n - 1],
        "follows": keys[result.n - 2] if result.n > 1 else None,
        "followed_by": keys[result.n] if result.n < newest else None,
        "withheld": None,
        "mode": MODES[task.mode],
        "task": drawn.task,
        "object": {"code": task.object_code, "name": task.object_name},
        "team": result.team,
        "ended": result.ended,
        "categories": result.categories,
        "category_names": [CATEGORIES[c] for c in result.categories],
        "codes": result.codes,
    }
