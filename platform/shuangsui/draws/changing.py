"""What may follow a plan besides its result: replacement (article 9), abandonment, and voiding a round (R8.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from fairdraw.failures import Failure
from fairdraw.log import ABANDON_REASONS, REPLACE_REASONS, Entry
from fairdraw.seed import next_link
from fairdraw.suites import hasher
from shuangsui.access.policy import separate
from shuangsui.access.service import require
from shuangsui.db import TenantSession, now
from shuangsui.draws import tasks
from shuangsui.draws.dispatching import is_sent
from shuangsui.draws.drafting import protocol_time
from shuangsui.draws.office import Office, draw_log, find, find_to_change, require_state
from shuangsui.draws.service import contributions, own_link
from shuangsui.draws.standing import state_of
from shuangsui.draws.tables import Cause, Draw, DrawState
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.ledger import service as ledger
from shuangsui.planning import service as planning
from shuangsui.planning.tables import CounterState
from shuangsui.privacy.writing import require_public
from shuangsui.registry.tables import InspectionObject, ObjectStatus
from shuangsui.said import say

AFTER_EVENT = ("reveal-missing", "legal-order")
"""Reasons that still hold once the result can be foreseen."""
_HEX64 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Seat:
    """The seat a person leaves: pool ``teams`` or ``experts``, task and slot from 0, scope ``task`` or ``draw``."""

    pool: str
    task: int
    slot: int
    scope: str = "task"


def replace_object(session: TenantSession, office: Office, no: str, task: int, *, actor: str) -> Draw:
    """An object that turns out invalid is replaced by the next alternate in ticket order (srd-1 11.1)."""
    draw = _replaceable(session, no, actor)
    _refuse_settled(session, draw, task)
    if is_sent(session, draw, task):
        raise RuleRefused("task_dispatched", article="第十七条", draw=no, task=task)
    state = state_of(session, draw)
    if not 0 <= task < len(state.tasks):
        raise BadInput("replace_refused", draw=no, detail=say("没有第 {task} 项任务", task=task))
    _refuse_valid(session, draw, tasks.frame(session, draw)[state.tasks[task].b.hex()])
    body = {"what": "object", "task": task, "out": state.tasks[task].b.hex(), "reason": "object-invalid"}
    request = _request(session, office, draw, body, actor)
    with _refusing(draw):
        state.request_object(request)
        placed = state.replace_object(task)
    _append(session, office, "RESULT", {"seq": draw.seq, "r": request["r"], "in": placed}, actor)
    tasks.follow(session, draw, state_of(session, draw))
    return draw


def replace_person(session: TenantSession, office: Office, no: str, seat: Seat, reason: str, *, actor: str) -> Draw:
    """Log the request first; who comes in is drawn from links that nobody has opened yet (srd-1 11.2)."""
    require(session, actor, "operate_draw")
    substitute(session, office, no, seat, reason, actor=actor)
    return find(session, no)


def substitute(session: TenantSession, office: Office, no: str, seat: Seat, reason: str, *, actor: str) -> int:
    """The same for an act that allowed it already, as a decision to recuse; the number of the replacement."""
    draw = _open_to_change(session, no)
    if reason not in REPLACE_REASONS or reason == "object-invalid":
        raise BadInput("replace_reason", reason=reason, reasons="recusal、unavailable、unfilled")
    _refuse_settled(session, draw, seat.task)
    state = state_of(session, draw)
    if state.people >= draw.draft["replacements"]:
        raise RuleRefused("replacements_used", article="第九条", draw=no, most=draw.draft["replacements"])
    out = _sitting(draw, state, seat)
    place = {"pool": seat.pool, "task": seat.task, "slot": seat.slot, "scope": seat.scope}
    body = {"what": "person", **place, "out": out, "reason": reason}
    _refuse_settled_elsewhere(session, draw, seat, out)
    with _refusing(draw):
        state.request_person(body)
    request = _request(session, office, draw, body, actor)
    link = own_link(session, office, draw, state.people).hex()
    _append(
        session, office, "REVEAL", {"seq": draw.seq, "r": request["r"], "who": office.operator, "value": link}, actor
    )
    tasks.follow(session, draw, state)
    return int(request["r"])


def reveal_link(session: TenantSession, office: Office, no: str, who: str, value: str, *, actor: str) -> Draw:
    """Take a holder's next chain link for the open replacement."""
    require(session, actor, "reveal_secret")
    draw = find_to_change(session, no)
    separate(draw.operator, actor)
    request = _open_request(session, draw)
    if request is None:
        raise RuleRefused("draw_state", draw=no, state="没有等待揭示的替换", act="揭示")
    if not _HEX64.fullmatch(value):
        raise BadInput("reveal_invalid", who=who)
    before = state_of(session, draw).revealed
    if who in _revealed(session, draw, request.r):
        raise RuleRefused("reveal_repeated", who=who)
    if who not in before or next_link(bytes.fromhex(value), hasher(draw.draft["suite"])) != before[who]:
        raise RuleRefused("reveal_mismatch", who=who)
    body = {"seq": draw.seq, "r": request.r, "who": who, "value": value}
    _append(session, office, "REVEAL", body, actor)
    return draw


def finish_replacement(session: TenantSession, office: Office, no: str, *, actor: str) -> Draw:
    """Once everybody's link is there, log who was drawn."""
    require(session, actor, "operate_draw")
    draw = find_to_change(session, no)
    request = _open_request(session, draw)
    if request is None:
        raise RuleRefused("draw_state", draw=no, state="没有未办完的替换", act="继续")
    there = _revealed(session, draw, request.r)
    if missing := [c.who for c in contributions(session, draw) if c.who not in there]:
        raise RuleRefused("reveals_missing", who="、".join(missing))
    state = state_of(session, draw)
    placed, _ = state.replace_person(request.body["pool"], state.emptied, request.r)
    _append(session, office, "RESULT", {"seq": draw.seq, "r": request.r, "in": placed}, actor)
    tasks.follow(session, draw, state_of(session, draw))
    return draw


def has_open_replacement(session: TenantSession, draw: Draw) -> bool:
    """Whether a person replacement waits for links."""
    return draw.state is DrawState.DRAWN and _open_request(session, draw) is not None


def abandon(session: TenantSession, office: Office, no: str, reason: str, *, actor: str, second: str) -> Draw:
    """ABANDON before RESULT, or an open replacement after it; two roles answer for it (srd-1 7.2)."""
    roles = _two_roles(session, actor, second)
    if reason not in ABANDON_REASONS:
        raise BadInput("abandon_reason", reason=reason, reasons="、".join(ABANDON_REASONS))
    draw = find_to_change(session, no)
    if draw.state is DrawState.FROZEN:
        return _withdraw(session, draw, {"reason": reason, "by": roles, "second": second}, actor)
    request = _open_request(session, draw) if draw.state is DrawState.DRAWN else None
    if request is None:
        require_state(draw, "作废", DrawState.COMMITTED, DrawState.REVEALING)
        if reason not in (allowed := _reasons(session, draw)):
            raise RuleRefused("abandon_after_event", reason=reason, reasons="、".join(allowed))
        if reason == "reveal-missing" and protocol_time(now(session)) <= draw.draft["reveal_by"]:
            raise RuleRefused("abandon_early", reveal_by=draw.draft["reveal_by"])
        draw.state, draw.live = DrawState.ABANDONED, None
    body = {"seq": draw.seq, "r": request.r if request else 0, "reason": reason, "by": roles}
    _append(session, office, "ABANDON", body, actor)
    session.add(draw)
    if request:
        tasks.follow(session, draw, state_of(session, draw))
    return draw


def void(session: TenantSession, no: str, reason: str, *, actor: str) -> Draw:
    """The leadership voids a round with a result: its transcript stays valid, counters not consumed are released."""
    require(session, actor, "void_draw")
    if not reason.strip():
        raise BadInput("void_reason")
    require_public(session, {"作废的理由": reason})
    draw = find_to_change(session, no)
    separate(draw.operator, actor)
    require_state(draw, "作废已有结果的抽取", DrawState.DRAWN)
    if request := _open_request(session, draw):
        raise RuleRefused("replace_open", draw=no, r=request.r)
    draw.state, draw.live, draw.void_reason = DrawState.VOID, None, reason
    session.add(draw)
    codes = [task.object_code for task in tasks.tasks_of(session, draw) if not task.settled]
    planning.settle(session, draw.no, codes, CounterState.RELEASED)
    ledger.record(session, "draw.void", actor=actor, subject=f"draw/{no}", payload={"reason": reason})
    return draw


# inside


def _replaceable(session: TenantSession, no: str, actor: str) -> Draw:
    require(session, actor, "operate_draw")
    return _open_to_change(session, no)


def _open_to_change(session: TenantSession, no: str) -> Draw:
    draw = find_to_change(session, no)
    require_state(draw, "替换", DrawState.DRAWN)
    if request := _open_request(session, draw):
        raise RuleRefused("replace_open", draw=no, r=request.r)
    return draw


def _refuse_settled(session: TenantSession, draw: Draw, task: int) -> None:
    if any(row.task == task and row.settled for row in tasks.tasks_of(session, draw)):
        raise RuleRefused("task_settled", draw=draw.no, task=task)


def _refuse_settled_elsewhere(session: TenantSession, draw: Draw, seat: Seat, out: str | None) -> None:
    """Scope ``draw`` would change who made inspections that have their result already."""
    rows = tasks.tasks_of(session, draw) if seat.scope == "draw" else ()
    if any(row.settled and out in (*row.teams, *row.experts) for row in rows):
        raise RuleRefused("scope_settled", who=out)


def _refuse_valid(session: TenantSession, draw: Draw, thing: tasks.Named) -> None:
    """Only an object that the registry no longer has as active is invalid; nobody is swapped out at will.

    Objects that were given need not stand in the own registry: there, silence proves nothing.
    """
    query = select(InspectionObject.status).where(InspectionObject.code == thing.code)
    status = session.exec(query).one_or_none()
    if status == ObjectStatus.ACTIVE or (status is None and draw.cause is not Cause.LINE):
        raise RuleRefused("object_valid", article="第八条", name=thing.name)


def _sitting(draw: Draw, state: Any, seat: Seat) -> str | None:
    board = state.boards.get(seat.pool)
    if board is None or not 0 <= seat.task < len(board.seats) or not 0 <= seat.slot < board.size:
        raise BadInput("seat_missing", draw=draw.no, task=seat.task, slot=seat.slot)
    i = board.seats[seat.task][seat.slot]
    return None if i is None else board.pool.ids[i]


def _request(session: TenantSession, office: Office, draw: Draw, body: Mapping[str, Any], actor: str) -> dict[str, Any]:
    requests = [e for e in draw_log(session).of(draw.seq) if e.kind == "REPLACE"]
    full = {"seq": draw.seq, "r": len(requests) + 1, **body}
    _append(session, office, "REPLACE", full, actor)
    return full


def _open_request(session: TenantSession, draw: Draw) -> Entry | None:
    entries = draw_log(session).of(draw.seq)
    requests = [e for e in entries if e.kind == "REPLACE"]
    closed = {e.r for e in entries if e.kind in ("RESULT", "ABANDON")}
    return requests[-1] if requests and requests[-1].r not in closed else None


def _revealed(session: TenantSession, draw: Draw, r: int) -> set[str]:
    entries = draw_log(session).of(draw.seq)
    return {e.body["who"] for e in entries if e.kind == "REVEAL" and e.r == r}


def _append(session: TenantSession, office: Office, kind: str, body: Mapping[str, Any], actor: str) -> None:
    ledger.append(session, kind, body, actor=actor, origin=office.tenant.log_origin)


def _reasons(session: TenantSession, draw: Draw) -> tuple[str, ...]:
    """Why a draw may end at this point: with one event known, all that can still go wrong is another event."""
    if draw.state is DrawState.REVEALING:
        return AFTER_EVENT
    happened = any(entry.kind == "EVENT" for entry in draw_log(session).of(draw.seq))
    return ("event-failed", *AFTER_EVENT) if happened else tuple(ABANDON_REASONS)


def _withdraw(session: TenantSession, draw: Draw, payload: dict[str, Any], actor: str) -> Draw:
    """Before PLAN nothing is in the public log; the ledger keeps that the pool was frozen and let go."""
    draw.state, draw.live, draw.pending = DrawState.WITHDRAWN, None, None
    session.add(draw)
    ledger.record(session, "draw.withdraw", actor=actor, subject=f"draw/{draw.no}", payload=payload)
    return draw


def _two_roles(session: TenantSession, first: str, second: str) -> list[str]:
    """The two different roles in which two people abandon."""
    if first == second:
        raise RuleRefused("abandon_second")
    held = [require(session, login, "abandon_draw") for login in (first, second)]
    names = [sorted(role.value for role in actor.roles) for actor in held]
    pairs = [[a, b] for a in names[0] for b in names[1] if a != b]
    if not pairs:
        raise RuleRefused("abandon_second")
    return pairs[0]


@contextmanager
def _refusing(draw: Draw) -> Iterator[None]:
    """Turn what the kernel refuses into our error."""
    try:
        yield
    except Failure as failure:
        raise RuleRefused("replace_refused", draw=draw.no, detail=failure.detail) from failure
