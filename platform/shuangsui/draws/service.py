"""A draw from FREEZE to RESULT; each act is one transaction with its log entry and its ledger row (DESIGN §4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from fairdraw import seed
from fairdraw.draw import conduct, draw_seed
from fairdraw.plan import read as read_plan
from fairdraw.plan import signature
from fairdraw.seed import commitment_input
from fairdraw.snapshot import read as read_snapshot
from fairdraw.suites import hasher
from shuangsui.access.policy import separate
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.draws import opening, panels, sources, tasks
from shuangsui.draws.drafting import protocol_time, seal
from shuangsui.draws.freezing import Order
from shuangsui.draws.kernels import kernel
from shuangsui.draws.office import (
    Office,
    draw_log,
    file_names,
    find,
    find_to_change,
    get_file,
    put_file,
    require_state,
)
from shuangsui.draws.preparing import prepare
from shuangsui.draws.tables import Contribution, Draw, DrawState
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.ledger import service as ledger
from shuangsui.measures import DRAW_SECONDS
from shuangsui.outbox import enqueue
from shuangsui.planning import service as planning

FETCH, CONCLUDE = "draw.event", "draw.result"
GRACE = timedelta(minutes=5)
"""So long after the last reveal the result comes by itself: nobody can hold back what everybody may compute."""
"""The work that gets the value of a public event from outside."""
_HEX64 = re.compile(r"[0-9a-f]{64}")


def freeze(session: TenantSession, office: Office, order: Order, *, actor: str) -> Draw:
    """FREEZE the pool of one round and draft its plan; the operator's own secret is made and sealed here."""
    require(session, actor, "operate_draw")
    lock_tenant(session)
    moment = now(session)
    made = prepare(session, office, order, moment, lambda: opening.number(session, order.year))
    line, item = made.s.line, made.s.item
    draw = Draw(
        no=made.no, cause_key=order.key, line_id=line.id, item_id=item.id, year=order.year, line_no=order.line,
        round=order.round, seq=made.draft["seq"], item_code=item.code, item_name=item.name, family=item.family,
        operator=actor, frozen_at=moment, draft=made.draft, trials=[t.as_json() for t in made.trials()],
    )  # fmt: skip
    opening.enter(session, office, draw, made.pool, order.holders, {"line": order.line, "round": order.round})
    planning.start(session, line, made.s.rules)
    return draw


def commit(
    session: TenantSession, office: Office, no: str, who: str, commit: str, sig: str | None, *, actor: str
) -> Draw:
    """Take a holder's commitment, once; the last one puts the PLAN into the draw log (srd-1 5.2)."""
    require(session, actor, "reveal_secret")
    draw = find_to_change(session, no)
    require_state(draw, "接收承诺", DrawState.FROZEN)
    mine = _contribution(session, draw, who)
    if mine.commit is not None:
        raise RuleRefused("commitment_given", who=who)
    if not _HEX64.fullmatch(commit):
        raise BadInput("commitment_invalid", who=who)
    if sig is not None and signature(sig) is None:
        raise BadInput("signature_invalid", who=who)
    if any(c.commit == commit and c.who != who for c in contributions(session, draw)):
        raise RuleRefused("commitment_repeated", who=who)
    mine.commit, mine.sig = commit, sig
    session.add(mine)
    ledger.record(session, "draw.commitment", actor=actor, subject=f"draw/{no}", payload={"who": who, "commit": commit})
    if all(c.commit for c in contributions(session, draw)):
        _log_plan(session, office, draw, actor)
    return draw


def reveal(session: TenantSession, office: Office, no: str, who: str, value: str, *, actor: str) -> Draw:
    """Take another holder's ``c_L``; it must open the commitment."""
    require(session, actor, "reveal_secret")
    draw = find_to_change(session, no)
    separate(draw.operator, actor)
    if draw.state is DrawState.COMMITTED:
        raise RuleRefused("event_missing", draw=no)
    require_state(draw, "揭示随机数", DrawState.REVEALING)
    mine = _contribution(session, draw, who)
    if who in _reveals(session, draw):
        raise RuleRefused("reveal_repeated", who=who)
    if not _HEX64.fullmatch(value):
        raise BadInput("reveal_invalid", who=who)
    opened = commitment_input(draw.draft["origin"], draw.seq, who, bytes.fromhex(value))
    if hasher(draw.draft["suite"])(opened).hex() != mine.commit:
        raise RuleRefused("reveal_mismatch", who=who)
    _append(session, office, "REVEAL", {"seq": draw.seq, "r": 0, "who": who, "value": value}, actor)
    if not _missing(session, draw):
        enqueue(session, CONCLUDE, key=no, at=now(session) + GRACE, no=no)
    return draw


def run(session: TenantSession, office: Office, no: str, *, actor: str) -> Draw:
    """Once everybody has revealed, log the RESULT with its tasks and counters."""
    require(session, actor, "operate_draw")
    draw = find_to_change(session, no)
    if draw.state is DrawState.COMMITTED:
        raise RuleRefused("event_missing", draw=no)
    require_state(draw, "抽取", DrawState.REVEALING)
    if missing := _missing(session, draw):
        raise RuleRefused("reveals_missing", who="、".join(missing))
    with DRAW_SECONDS.time():
        _log_result(session, office, draw, actor)
    return draw


def conclude(session: TenantSession, office: Office, no: str, *, actor: str) -> Draw:
    """The same with nobody pressing; a draw that has its result, was abandoned or lacks something is left alone."""
    draw = find_to_change(session, no)
    if draw.state is DrawState.REVEALING and not _missing(session, draw):
        with DRAW_SECONDS.time():
            _log_result(session, office, draw, actor)
    return draw


def contributions(session: TenantSession, draw: Draw) -> Sequence[Contribution]:
    """Holders in plan order."""
    query = select(Contribution).where(Contribution.draw_id == draw.id).order_by(col(Contribution.position))
    return session.exec(query).all()


def own_link(session: TenantSession, office: Office, draw: Draw, j: int) -> bytes:
    """The operator's ``c_{L−j}``, out of the sealed ``c_0``."""
    mine = _contribution(session, draw, office.operator)
    assert mine.sealed is not None
    c0 = office.open(mine.sealed, draw, "c0")
    links = seed.chain(c0, draw.draft["replacements"], hasher(draw.draft["suite"]))
    return links[-1 - j]


def ask_for_event(session: TenantSession, office: Office, draw: Draw) -> None:
    """Have the next event fetched when its time comes, unless people type it.

    A source that is missing at this moment is asked for as well: what keeps it away then stands in the work's row.
    """
    entered = [e for e in draw_log(session).of(draw.seq) if e.kind == "EVENT"]
    event = draw.draft["events"][len(entered)]
    if not sources.is_typed(office, event):
        name, at = event["name"], max(sources.time_of(event), now(session))
        enqueue(session, FETCH, key=name, at=at, no=draw.no, name=name)


def key_of(office: Office, draw: Draw) -> bytes | None:
    """K of a salted draw, None in public mode."""
    return office.open(draw.sealed_key, draw, "K") if draw.sealed_key else None


def hand_over(session: TenantSession, office: Office, no: str, *, actor: str) -> dict[str, bytes]:
    """``registry.csv`` as frozen, K as ``key.hex`` and whom the expert pools answered, for the supervisor's private
    audit (srd-1 14); the act is recorded."""
    require(session, actor, "audit_draw")
    draw = find(session, no)
    ledger.record(session, "draw.hand_over", actor=actor, subject=f"draw/{no}", payload={})
    key = key_of(office, draw)
    files = {"registry.csv": get_file(session, draw, "frame.csv"), "key.hex": key.hex().encode() if key else b""}
    asked = {panels.FILE} & file_names(session, draw)
    return files | {name: get_file(session, draw, name) for name in asked}


# the log


def _append(session: TenantSession, office: Office, kind: str, body: dict[str, Any], actor: str) -> None:
    ledger.append(session, kind, body, actor=actor, origin=office.tenant.log_origin)


def _log_plan(session: TenantSession, office: Office, draw: Draw, actor: str) -> None:
    first = min(event["at"] for event in draw.draft["events"])
    if protocol_time(now(session)) >= first:
        raise RuleRefused("event_passed", at=first)
    plan = seal(draw.draft, {c.who: (str(c.commit), c.sig) for c in contributions(session, draw)})
    put_file(session, draw, "plan.json", plan.data)
    body = {"seq": draw.seq, "plan_hash": plan.hash.hex(), "item": plan["item"], "reveal_by": plan["reveal_by"]}
    _append(session, office, "PLAN", body, actor)
    draw.state, draw.pending = DrawState.COMMITTED, None
    session.add(draw)
    ask_for_event(session, office, draw)


def _log_result(session: TenantSession, office: Office, draw: Draw, actor: str) -> None:
    plan = read_plan(get_file(session, draw, "plan.json"))
    entries = draw_log(session).of(draw.seq)
    values = [e.body["value"] for e in entries if e.kind == "EVENT"]
    found = draw_seed(plan, entries[0].hash, _reveals(session, draw), values)
    rows = read_snapshot(get_file(session, draw, "rows.txt"), plan.members)
    result = conduct(plan, rows, found, kernel=kernel)
    put_file(session, draw, "result.json", result.result_bytes())
    _append(session, office, "RESULT", result.body(), actor)
    draw.state = DrawState.DRAWN
    session.add(draw)
    tasks.open_tasks(session, draw, result)


def _missing(session: TenantSession, draw: Draw) -> list[str]:
    """Holders who have not revealed."""
    revealed = _reveals(session, draw)
    return [one.who for one in contributions(session, draw) if one.who not in revealed]


def _reveals(session: TenantSession, draw: Draw) -> dict[str, bytes]:
    entries = draw_log(session).of(draw.seq)
    return {e.body["who"]: bytes.fromhex(e.body["value"]) for e in entries if e.kind == "REVEAL" and e.r == 0}


def _contribution(session: TenantSession, draw: Draw, who: str) -> Contribution:
    query = select(Contribution).where(Contribution.draw_id == draw.id, Contribution.who == who)
    found = session.exec(query).one_or_none()
    if found is None:
        holders = "、".join(c.who for c in contributions(session, draw))
        raise BadInput("holder_unknown", who=who, draw=draw.no, holders=holders)
    return found
