"""Public events happen: each value enters the log on its own, in the plan's order; the last opens the first secret.

What people saw is typed in by the supervisor. What a source gets from outside is fetched without a transaction, and
verified here before it is believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from fairdraw.canonical import canon
from fairdraw.failures import Failure
from fairdraw.plan import is_event_value
from shuangsui.access.policy import separate
from shuangsui.access.service import require
from shuangsui.db import TenantSession, now
from shuangsui.db import session as open_session
from shuangsui.draws.drafting import protocol_time
from shuangsui.draws.office import Office, draw_log, find, find_to_change, put_file, require_state
from shuangsui.draws.service import ask_for_event, own_link
from shuangsui.draws.sources import as_event, source_name, source_of
from shuangsui.draws.standing import proof_name
from shuangsui.draws.tables import Draw, DrawState
from shuangsui.entropy import EntropyValue
from shuangsui.errors import BadInput, NotFound, OutsideFailed, RuleRefused
from shuangsui.ledger import service as ledger
from shuangsui.ledger.tables import Checkpoint

Event = Mapping[str, Any]
"""An event as the plan has it."""


def enter_event(
    session: TenantSession, office: Office, no: str, value: str, *, actor: str, name: str | None = None
) -> Draw:
    """The supervisor types what fell in the witnessed ceremony (srd-1 5.3); ``name``: which event or source, if asked.

    With the last event the operator's secret opens, so the operator is never the last to reveal: it cannot look at a
    result and withhold.
    """
    draw = _held(session, no, actor)
    event = whose_turn(session, draw, name)
    source = source_of(office, event)
    if source.network:
        raise RuleRefused("event_fetched", name=event["name"])
    _require_form(event, value)
    _require_time(session, event)
    _require_witnessed(session, office, draw)
    given = EntropyValue(value)
    source.verify(as_event(event), given)
    return _log(session, office, draw, event, given, actor)


def fetch_event(engine: Engine, office: Office, no: str, *, actor: str, name: str | None = None) -> Draw:
    """The same for an event whose value its source gets from outside, by whoever may enter events."""
    with open_session(engine, office.tenant.slug, readonly=True) as session:
        require(session, actor, "enter_event")
        draw = find(session, no)
        separate(draw.operator, actor)
        require_state(draw, "获取公开随机事件", DrawState.COMMITTED)
        event = whose_turn(session, draw, name)
    return fetch(engine, office, no, event, actor=actor)


def fetch(engine: Engine, office: Office, no: str, event: Event, *, actor: str) -> Draw:
    """What nobody needs to be trusted for: the value is verified, whoever asks for it.

    If somebody was faster, or the draw is over, nothing is done.
    """
    with open_session(engine, office.tenant.slug, readonly=True) as session:
        _require_time(session, event)
        _require_witnessed(session, office, find(session, no))
    source = source_of(office, event)
    if not source.network:
        raise RuleRefused("event_typed", name=event["name"])
    given = source.fetch(as_event(event))
    source.verify(as_event(event), given)
    if not is_event_value(event, given.value):
        raise OutsideFailed("event_value_refused", plugin=source.plugin, name=event["name"])
    with open_session(engine, office.tenant.slug) as session:
        draw = find_to_change(session, no)
        if awaited(session, draw, event["name"]) is None:
            return draw
        return _log(session, office, draw, event, given, actor)


def whose_turn(session: TenantSession, draw: Draw, name: str | None = None) -> Event:
    """The next event to be entered; ``name`` of an event or a source must mean this one."""
    found = pending(session, draw)
    assert found is not None
    if name is None or name in (found["name"], source_name(found)):
        return found
    named = [one for one in draw.draft["events"] if name in (one["name"], source_name(one))]
    if not named:
        known = "、".join(one["name"] for one in draw.draft["events"])
        raise NotFound("event_unknown", draw=draw.no, name=name, known=known)
    events = draw.draft["events"]
    code = "event_entered" if events.index(named[0]) < events.index(found) else "event_not_its_turn"
    raise RuleRefused(code, name=named[0]["name"], next=found["name"])


def pending(session: TenantSession, draw: Draw) -> Event | None:
    """The first event of the plan that has no value in the log."""
    entered = {entry.body["name"] for entry in draw_log(session).of(draw.seq) if entry.kind == "EVENT"}
    return next((event for event in draw.draft["events"] if event["name"] not in entered), None)


def awaited(session: TenantSession, draw: Draw, name: str) -> Event | None:
    """The event, if the draw waits for its value now."""
    event = pending(session, draw) if draw.state is DrawState.COMMITTED else None
    return event if event and event["name"] == name else None


def _held(session: TenantSession, no: str, actor: str) -> Draw:
    """Whoever operates the draw does not report its event."""
    require(session, actor, "enter_event")
    draw = find_to_change(session, no)
    separate(draw.operator, actor)
    require_state(draw, "登记公开随机事件", DrawState.COMMITTED)
    return draw


def _require_form(event: Event, value: str) -> None:
    if not is_event_value(event, value):
        if event["kind"] == "ceremony":
            raise BadInput("digits_wrong", digits=event["digits"], found=len(value))
        raise BadInput("event_value_wrong", name=event["name"])


def _require_time(session: TenantSession, event: Event) -> None:
    if protocol_time(now(session)) < event["at"]:
        raise RuleRefused("event_early", at=event["at"])


def _require_witnessed(session: TenantSession, office: Office, draw: Draw) -> None:
    """No event before a quorum of the tenant's witnesses has cosigned a checkpoint over the plan (srd-1 12.1)."""
    plan = draw_log(session).of(draw.seq)[0].i
    notes = session.exec(select(Checkpoint.text).where(Checkpoint.size > plan)).all()
    if office.quorum and not any(note.count("\n— ") > office.quorum for note in notes):
        raise RuleRefused("plan_unwitnessed", draw=draw.no)


def _log(session: TenantSession, office: Office, draw: Draw, event: Event, given: EntropyValue, actor: str) -> Draw:
    """The value into the log, its proof beside the draw; then the next event's turn, or the operator's secret."""
    origin = office.tenant.log_origin
    body = {"seq": draw.seq, "name": event["name"], "value": given.value}
    ledger.append(session, "EVENT", body, actor=actor, origin=origin)
    if given.proof:
        put_file(session, draw, proof_name(draw.draft["events"].index(event)), _proof(event, given))
    if pending(session, draw):
        ask_for_event(session, office, draw)
        return draw
    own = own_link(session, office, draw, 0).hex()
    body = {"seq": draw.seq, "r": 0, "who": office.operator, "value": own}
    ledger.append(session, "REVEAL", body, actor=actor, origin=origin)
    draw.state = DrawState.REVEALING
    session.add(draw)
    return draw


def _proof(event: Event, given: EntropyValue) -> bytes:
    """Canonical JSON, so that the file has one form; a source that proves with anything else is refused."""
    try:
        return canon({"event": dict(event), "value": given.value, "proof": dict(given.proof)})
    except Failure as failure:
        raise OutsideFailed(
            "event_proof_refused", permanent=True, name=event["name"], detail=failure.detail
        ) from failure
