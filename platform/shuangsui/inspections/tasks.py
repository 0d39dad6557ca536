"""Tasks 检查任务: dispatched after a draw, accepted or handed back by the inspecting office, cancelled, closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, next_number, now
from shuangsui.draws import changing, joint, readiness
from shuangsui.draws.changing import has_open_replacement
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import ItemFacts, Office, facts_of, find_to_change, require_state
from shuangsui.draws.people import leader_of
from shuangsui.draws.tables import Cause, Draw, DrawnTask, DrawState
from shuangsui.draws.tasks import tasks_of
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections import policy
from shuangsui.inspections.states import TASK_STATES, Mode, TaskState, TaskType
from shuangsui.inspections.tables import InspectionTask
from shuangsui.ledger.service import record
from shuangsui.planning import exemptions
from shuangsui.planning import service as planning
from shuangsui.planning.policy import officers
from shuangsui.planning.tables import CounterState


def dispatch(
    session: TenantSession, office: Office, draw_no: str, *, actor: str, mode: Mode | None = None, reason: str = ""
) -> list[InspectionTask]:
    """Hand every task of a drawn draw that has none yet to the inspecting office; again changes nothing.

    :class:`RuleRefused` ``team_below_two`` and the like (R9.4): nobody goes alone; a postponed task waits.
    """
    require(session, actor, "dispatch_task")
    draw = find_to_change(session, draw_no)
    require_state(draw, "派发任务", DrawState.DRAWN)
    if has_open_replacement(session, draw):
        raise RuleRefused("replacement_open", draw=draw_no)
    known = set(session.exec(select(InspectionTask.drawn_id).where(InspectionTask.draw_no == draw_no)))
    drawn = [row for row in tasks_of(session, draw) if not row.cancelled and row.id not in known]
    drawn = [row for row in drawn if not readiness.is_postponed(session, draw, row.task)]
    rules = office.rules(legal_day(now(session)))
    least = officers(rules, draw.family).least
    for row in drawn:
        if not row.teams:
            raise RuleRefused("team_incomplete", article="第十三条", draw=draw_no, task=row.task)
        readiness.require_ready(session, draw, row, least=least)
    item = facts_of(session, draw)
    chosen = policy.choose_mode(item.modes, mode, reason, justify=rules.switch("inspection.onsite_reason"))
    made = [_made(session, draw, row, item, chosen, reason, rules.digest(), actor) for row in drawn]
    payload = {"tasks": [task.no for task in made], "mode": chosen, "reason": reason}
    record(session, "task.dispatch", actor=actor, subject=f"draw/{draw_no}", payload=payload)
    return made


def accept(session: TenantSession, no: str, *, actor: str) -> InspectionTask:
    """The inspecting office takes the task."""
    require(session, actor, "accept_task")
    task = find_to_change_task(session, no)
    task.accepted_by, task.accepted_at = actor, now(session)
    return move(session, task, "accept", actor=actor)


def hand_back(session: TenantSession, no: str, reason: str, *, actor: str) -> InspectionTask:
    """Back to the lead office, with the reason."""
    require(session, actor, "accept_task")
    return _with_reason(session, no, "hand_back", reason, actor)


def dispatch_again(session: TenantSession, no: str, *, actor: str) -> InspectionTask:
    """The lead office sends a handed-back task out once more."""
    require(session, actor, "dispatch_task")
    return move(session, find_to_change_task(session, no), "dispatch_again", actor=actor)


def cancel(session: TenantSession, no: str, reason: str, *, actor: str) -> InspectionTask:
    """No inspection takes place; the once-a-year counter is released (R10.2)."""
    require(session, actor, "dispatch_task")
    task = _with_reason(session, no, "cancel", reason, actor)
    if task.draw_no:
        planning.settle(session, task.draw_no, [task.object_code], CounterState.RELEASED)
    return task


def void(session: TenantSession, draw_no: str, reason: str, *, actor: str) -> Draw:
    """Void a round with a result, with the tasks that have not begun (R8.7); what was inspected stays."""
    draw = changing.void(session, draw_no, reason, actor=actor)
    for task in all_tasks(session, draw_no):
        if task.state in policy.MOVES["cancel"][0]:
            task.reason = reason
            move(session, task, "cancel", actor=actor, reason=reason)
    return draw


def plan_on(session: TenantSession, no: str, day: date, *, actor: str) -> InspectionTask:
    """Set the day of the visit, not in the past; a joint one is on the day that the lead told its partners."""
    require(session, actor, "accept_task")
    task = find_to_change_task(session, no)
    if day < legal_day(now(session)):
        raise BadInput("day_past", day=day)
    require_task_state(task, "安排日期", TaskState.DISPATCHED, TaskState.ACCEPTED)
    require_common_day(session, task, day)
    task.planned_on = day
    record(session, "task.plan", actor=actor, subject=f"task/{no}", payload={"day": day.isoformat()})
    return task


def require_common_day(session: TenantSession, task: InspectionTask, day: date) -> None:
    """Refuse a joint task any other day than the one its lead told (第三条); ``joint_day``."""
    drawn = drawn_of(session, task)
    draw = session.find(Draw, drawn.draw_id) if drawn else None
    common = joint.common_day(session, draw) if draw else None
    if common and day != common:
        raise RuleRefused("joint_day", article="第三条", task=task.no, day=common)


def move(session: TenantSession, task: InspectionTask, step: str, *, actor: str, **facts: object) -> InspectionTask:
    """Take one step of :data:`policy.MOVES` and record it; ``task_state`` where it may not be taken."""
    allowed, to = policy.MOVES[step]
    require_task_state(task, STEPS[step], *allowed)
    task.state = to
    session.add(task)
    record(session, f"task.{step}", actor=actor, subject=f"task/{task.no}", payload=facts)
    return task


def require_task_state(task: InspectionTask, act: str, *states: TaskState) -> None:
    """Refuse ``act`` unless the task is in one of ``states``."""
    if task.state not in states:
        raise RuleRefused("task_state", task=task.no, state=TASK_STATES[task.state], act=act)


def find_task(session: TenantSession, no: str) -> InspectionTask:
    """A task by its number; :class:`NotFound` ``task_missing``."""
    found = session.exec(select(InspectionTask).where(InspectionTask.no == no)).one_or_none()
    if found is None:
        raise NotFound("task_missing", task=no)
    return found


def find_to_change_task(session: TenantSession, no: str) -> InspectionTask:
    """The same, read under the tenant's lock."""
    lock_tenant(session)
    query = select(InspectionTask).where(InspectionTask.no == no).execution_options(populate_existing=True)
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound("task_missing", task=no)
    return found


def all_tasks(session: TenantSession, draw_no: str | None = None) -> Sequence[InspectionTask]:
    """Tasks of one draw, or every task, in the order of their numbers."""
    query = select(InspectionTask).order_by(col(InspectionTask.no))
    return session.exec(query.where(InspectionTask.draw_no == draw_no) if draw_no else query).all()


def team_of(session: TenantSession, task: InspectionTask) -> list[str]:
    """Certificate numbers, the leader first; of a drawn task as replacements and appointments left it.

    Officers called in from another authority come last (R9.4).
    """
    drawn = drawn_of(session, task)
    if drawn is None:
        return list(task.team)
    draw = session.find(Draw, drawn.draw_id)
    assert draw is not None
    return _seated(drawn) + readiness.helpers(session, draw, drawn.task)


def teams_of(session: TenantSession, found: Sequence[InspectionTask]) -> dict[UUID, list[str]]:
    """:func:`team_of` of each by the task's id; three statements, however many tasks there are."""
    numbers = {task.draw_no for task in found if task.drawn_id}
    draws = session.exec(select(Draw.id).where(col(Draw.no).in_(numbers))).all()
    rows = {row.id: row for row in session.exec(select(DrawnTask).where(col(DrawnTask.draw_id).in_(draws)))}
    called = readiness.all_helpers(session, draws)

    def team(task: InspectionTask) -> list[str]:
        drawn = rows[task.drawn_id] if task.drawn_id else None
        return list(task.team) if drawn is None else _seated(drawn) + called.get((drawn.draw_id, drawn.task), [])

    return {task.id: team(task) for task in found}


def _seated(drawn: DrawnTask) -> list[str]:
    """The officers who sit in it, the leader first."""
    leader = leader_of(drawn)
    return sorted((person for person in drawn.teams if person), key=lambda person: person != leader)


def experts_of(session: TenantSession, task: InspectionTask) -> list[str]:
    """Neutral numbers of the drawn experts."""
    drawn = drawn_of(session, task)
    return [person for person in drawn.experts if person] if drawn else []


def drawn_of(session: TenantSession, task: InspectionTask) -> DrawnTask | None:
    """The row of the draw behind the task."""
    return session.find(DrawnTask, task.drawn_id) if task.drawn_id else None


STEPS = {
    "accept": "接收", "hand_back": "退回", "dispatch_again": "重新派发", "cancel": "取消", "begin": "开始检查",
    "end": "结束检查", "close": "办结",
}  # fmt: skip


def _made(
    session: TenantSession,
    draw: Draw,
    row: DrawnTask,
    item: ItemFacts,
    mode: Mode,
    reason: str,
    digest: str,
    actor: str,
) -> InspectionTask:
    moment = now(session)
    year = legal_day(moment).year
    case = exemptions.approved(session, draw.draft["ext"]["case"]) if draw.cause is Cause.SPECIAL else None
    task = InspectionTask(
        no=f"RW{year}-{next_number(session, f'task/{year}'):04d}", drawn_id=row.id, draw_no=draw.no,
        type=TaskType(case.task_type) if case else _drawn_type(session, draw), exemption=case.no if case else None,
        planned_on=joint.common_day(session, draw),
        item_code=draw.item_code, item_name=draw.item_name, family=draw.family,
        withheld=item.withheld, object_code=row.object_code, object_name=row.object_name, mode=mode,
        mode_reason=reason, team=[], rules_on=legal_day(moment), rules_digest=digest,
        dispatched_by=actor, dispatched_at=moment,
    )  # fmt: skip
    session.add(task)
    return task


def _drawn_type(session: TenantSession, draw: Draw) -> TaskType:
    return TaskType.JOINT if joint.is_joint(session, draw) else TaskType.RANDOM


def _with_reason(session: TenantSession, no: str, step: str, reason: str, actor: str) -> InspectionTask:
    if not reason.strip():
        raise BadInput("reason_missing", act=STEPS[step])
    task = find_to_change_task(session, no)
    task.reason = reason.strip()
    return move(session, task, step, actor=actor, reason=task.reason)
