"""The sending side: drawn objects go to the districts where they lie, or to partners that inspect beside (R17.1).

The sender's rows are one transaction; each receiver's row is one of its own, written once however often this runs, so
an interruption between them is mended by running it again. Nothing else crosses tenants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from fairdraw.plan import read as read_plan
from fairdraw.snapshot import salt_of
from fairdraw.suites import hasher
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, next_number, now
from shuangsui.db import session as open_session
from shuangsui.draws import tasks
from shuangsui.draws.areas import district_of
from shuangsui.draws.dispatch_tables import HandoverKind, HandoverState
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office, draw_log, facts_of, find_to_change, get_file, require_state
from shuangsui.draws.service import key_of
from shuangsui.draws.tables import Assignment, Dispatch, Draw, DrawnTask, DrawState
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Terms
from shuangsui.registry.read import objects_of
from shuangsui.said import named

LIVE = (HandoverState.SENT, HandoverState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One assignment on its way: who gets it, and its row's values."""

    receiver: str
    values: Mapping[str, Any]


def dispatch(engine: Engine, office: Office, no: str, *, actor: str) -> list[Dispatch]:
    """Send every object of a draw made for the districts to the one where it lies."""
    with open_session(engine, office.tenant.slug) as session:
        draw, terms = _sendable(session, no, actor)
        if not terms.dispatch:
            raise RuleRefused("not_for_districts", article="第十七条", draw=no)
        for receiver, numbers in _by_district(session, office, _unsent(session, draw)).items():
            _send(session, draw, HandoverKind.DISPATCH, receiver, numbers, actor)
    return _deliver(engine, office, no)


def dispatch_joint(engine: Engine, office: Office, no: str, visit_day: date, *, actor: str) -> list[Dispatch]:
    """Tell every partner of the line the same objects and the common day of the visit (部门联合)."""
    with open_session(engine, office.tenant.slug) as session:
        draw, terms = _sendable(session, no, actor)
        if not terms.partners:
            raise RuleRefused("no_partners", draw=no)
        if visit_day < legal_day(now(session)):
            raise BadInput("visit_day_past", day=visit_day)
        sent = {row.receiver for row in dispatches(session, draw)}
        numbers = [task.task for task in tasks.tasks_of(session, draw) if not task.cancelled]
        for partner in terms.partners:
            if office.tree.get(partner).slug not in sent:
                _send(session, draw, HandoverKind.JOINT, partner, numbers, actor, visit_day=visit_day)
    return _deliver(engine, office, no)


def redirect(
    engine: Engine, office: Office, no: str, receiver: str, to: str, reason: str, *, actor: str
) -> list[Dispatch]:
    """Send again, there or elsewhere, what a receiver handed back; the reason stays on record."""
    if not reason.strip():
        raise BadInput("redirect_reason", draw=no)
    office.tree.get(to)
    with open_session(engine, office.tenant.slug) as session:
        draw, _ = _sendable(session, no, actor)
        rows = [r for r in dispatches(session, draw) if r.receiver == receiver and r.state is HandoverState.HANDED_BACK]
        if not rows:
            raise NotFound("nothing_handed_back", draw=no, receiver=receiver)
        for row in rows:
            row.state = HandoverState.REDIRECTED
            session.add(row)
            _send(session, draw, row.kind, to, row.tasks, actor, visit_day=row.visit_day, reason=reason)
    return _deliver(engine, office, no)


def dispatches(session: TenantSession, draw: Draw) -> Sequence[Dispatch]:
    """What was sent out of a draw, in order."""
    query = select(Dispatch).where(Dispatch.draw_id == draw.id)
    return session.exec(query.order_by(col(Dispatch.receiver), col(Dispatch.attempt))).all()


def is_sent(session: TenantSession, draw: Draw, task: int) -> bool:
    """Whether somebody else holds a task's object now."""
    return task in sent(session, draw)


def sent(session: TenantSession, draw: Draw) -> set[int]:
    """The tasks whose objects somebody else holds now."""
    return {task for row in dispatches(session, draw) if row.state in LIVE for task in row.tasks}


def _sendable(session: TenantSession, no: str, actor: str) -> tuple[Draw, Terms]:
    require(session, actor, "operate_draw")
    draw = find_to_change(session, no)
    require_state(draw, "分派", DrawState.DRAWN)
    if draw.line_id is None:
        raise RuleRefused("not_for_districts", article="第十七条", draw=no)
    return draw, Terms.from_json(planning.line_by_id(session, draw.line_id).terms)


def _unsent(session: TenantSession, draw: Draw) -> list[DrawnTask]:
    sent = {task for row in dispatches(session, draw) for task in row.tasks}
    return [task for task in tasks.tasks_of(session, draw) if not task.cancelled and task.task not in sent]


def _by_district(session: TenantSession, office: Office, found: Sequence[DrawnTask]) -> dict[str, list[int]]:
    """District → task numbers; every object without a known district is named in one refusal."""
    codes = {task.object_code for task in found}
    places = {entry.code: entry.district for entry in objects_of(session) if entry.code in codes}
    children = office.tree.children(office.tenant.slug)
    slugs = {task.task: district_of(places.get(task.object_code), children) for task in found}
    if unknown := [named(t.object_name, places.get(t.object_code) or "未填") for t in found if not slugs[t.task]]:
        raise RuleRefused("district_unknown", article="第十七条", objects="、".join(unknown))
    groups: dict[str, list[int]] = {}
    for task, slug in slugs.items():
        groups.setdefault(str(slug), []).append(task)
    return groups


def _send(
    session: TenantSession,
    draw: Draw,
    kind: HandoverKind,
    receiver: str,
    numbers: Sequence[int],
    actor: str,
    *,
    visit_day: date | None = None,
    reason: str = "",
) -> None:
    attempts = [row.attempt for row in dispatches(session, draw) if row.receiver == receiver]
    row = Dispatch(
        draw_id=draw.id, receiver=receiver, attempt=max(attempts, default=0) + 1, kind=kind, tasks=list(numbers),
        visit_day=visit_day, sent_by=actor, sent_at=now(session), reason=reason,
    )  # fmt: skip
    session.add(row)
    session.flush()
    payload = {"receiver": receiver, "attempt": row.attempt, "tasks": row.tasks, "reason": reason}
    record(session, "dispatch.sent", actor=actor, subject=f"draw/{draw.no}", payload=payload)


def _deliver(engine: Engine, office: Office, no: str) -> list[Dispatch]:
    with open_session(engine, office.tenant.slug) as session:
        draw = find_to_change(session, no)
        rows = list(dispatches(session, draw))
        parcels = list(_parcels(session, office, draw, [row for row in rows if row.state is HandoverState.SENT]))
    for parcel in parcels:
        with open_session(engine, parcel.receiver) as session:
            _receive(session, parcel.values)
    return rows


def _parcels(session: TenantSession, office: Office, draw: Draw, rows: Sequence[Dispatch]) -> Iterator[Parcel]:
    plan = read_plan(get_file(session, draw, "plan.json"))
    result = next(e for e in draw_log(session).of(draw.seq) if e.kind == "RESULT" and e.r == 0)
    terms = Terms.from_json(planning.line_by_id(session, draw.line_id).terms) if draw.line_id else None
    assert terms is not None
    stored = terms.as_json()
    for row in rows:
        yield Parcel(row.receiver, {
            "kind": row.kind, "sender": office.tenant.slug, "origin": plan["origin"], "plan_hash": plan.hash.hex(),
            "result_hash": result.body["hash"], "attempt": row.attempt, "draw_no": draw.no,
            "item": {**facts_of(session, draw).as_json(), "basis": plan["basis"]},
            "terms": {name: stored[name] for name in ("team", "experts", "per_day")},
            "objects": _openings(session, office, draw, row), "visit_day": row.visit_day,
        })  # fmt: skip


def _openings(session: TenantSession, office: Office, draw: Draw, row: Dispatch) -> list[dict[str, Any]]:
    """Objects with the salt that opens their blinded id in the parent's transcript."""
    key, h = key_of(office, draw), hasher(draw.draft["suite"])
    return [
        {
            "task": task.task, "code": task.object_code, "name": task.object_name, "b": task.b,
            "salt": salt_of(key, task.object_code, h).hex() if key else "",
        }
        for task in tasks.tasks_of(session, draw)
        if task.task in row.tasks
    ]  # fmt: skip


def _receive(session: TenantSession, values: Mapping[str, Any]) -> None:
    """Once, whoever asks again."""
    lock_tenant(session)
    same = (Assignment.origin == values["origin"], Assignment.result_hash == values["result_hash"])
    if session.exec(select(Assignment.id).where(*same, Assignment.attempt == values["attempt"])).first():
        return
    moment = now(session)
    year = legal_day(moment).year
    number = f"FP{year}-{next_number(session, f'assignment/{year}'):04d}"
    session.add(Assignment(no=number, received_at=moment, **values))
    payload = {"origin": values["origin"], "result_hash": values["result_hash"], "objects": len(values["objects"])}
    subject, actor = f"assignment/{number}", f"tenant:{values['sender']}"
    record(session, "assignment.received", actor=actor, subject=subject, payload=payload)
