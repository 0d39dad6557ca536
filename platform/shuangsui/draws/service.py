"""A draw from FREEZE to RESULT; each act is one transaction with its log entry and its ledger row (DESIGN §4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
from shuangsui.catalogue.basis import require_reviewed
from shuangsui.catalogue.service import item_in_force
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.draws import freezing, opening, panels, sources, surroundings, tasks
from shuangsui.draws.calling import check_call, check_nothing_pending
from shuangsui.draws.drafting import protocol_time, seal
from shuangsui.draws.freezing import Order, Situation, legal_day
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
from shuangsui.draws.tables import Cause, Contribution, Draw, DrawState
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.ledger import service as ledger
from shuangsui.measures import DRAW_SECONDS
from shuangsui.outbox import enqueue
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Terms, check_line

UNDER_WAY = (DrawState.FROZEN, DrawState.COMMITTED, DrawState.REVEALING)

FETCH = "draw.event"
"""The work that gets the value of a public event from outside."""
_HEX64 = re.compile(r"[0-9a-f]{64}")


def freeze(session: TenantSession, office: Office, order: Order, *, actor: str) -> Draw:
    """FREEZE the pool of one round and draft its plan; the operator's own secret is made and sealed here."""
    require(session, actor, "operate_draw")
    lock_tenant(session)
    moment = now(session)
    s = _situation(session, office, order)
    _check_order(order, s)
    check_call(order.call, office, s.rules, moment)
    _check_unique(session, order)
    _check_family(session, order, s)
    freezing.require_fresh(session, s.rules, moment)
    no = opening.number(session, order.year)
    timing = sources.timing(order.call, office, s.rules, no)
    pool = freezing.gather(session, office, s)
    heading = opening.heading(session, office, s.rules, s.item.code)
    ext = surroundings.ext(session, no, Cause.LINE, pool.staff, s.rules, moment, demo=order.demo)
    ext |= {"unplanned": {"reason": s.line.unplanned_reason}} if s.line.unplanned_reason else {}
    made = freezing.draft_of(s, pool, order, timing, heading, (office.operator, *order.holders), ext)
    draw = Draw(
        no=no, cause_key=order.key, line_id=s.line.id, item_id=s.item.id, year=order.year, line_no=order.line,
        round=order.round, seq=made["seq"], item_code=s.item.code, item_name=s.item.name, family=s.item.family,
        operator=actor, frozen_at=moment, draft=made, trials=[t.as_json() for t in opening.trial(made, pool)],
    )  # fmt: skip
    opening.enter(session, office, draw, pool, order.holders, {"line": order.line, "round": order.round})
    planning.start(session, s.line, s.rules)
    return draw


def commit(
    session: TenantSession, office: Office, no: str, who: str, commit: str, sig: str | None, *, actor: str
) -> Draw:
    """Take a holder's commitment, once; the last one puts the PLAN into the draw log (srd-1 5.2)."""
    require(session, actor, "operate_draw")
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
    return draw


def run(session: TenantSession, office: Office, no: str, *, actor: str) -> Draw:
    """Once everybody has revealed, log the RESULT with its tasks and counters."""
    require(session, actor, "operate_draw")
    draw = find_to_change(session, no)
    if draw.state is DrawState.COMMITTED:
        raise RuleRefused("event_missing", draw=no)
    require_state(draw, "抽取", DrawState.REVEALING)
    revealed = _reveals(session, draw)
    if missing := [c.who for c in contributions(session, draw) if c.who not in revealed]:
        raise RuleRefused("reveals_missing", who="、".join(missing))
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


# freeze


def _situation(session: TenantSession, office: Office, order: Order) -> Situation:
    line = planning.drawable_line(session, order.year, order.line)
    item = item_in_force(session, planning.item_of(session, line).code)
    on = legal_day(now(session))
    rules, terms = office.rules(on), Terms.from_json(line.terms)
    item_terms = planning.item_terms(item, office.level, rules)
    require_reviewed(session, item.code, rules, on)
    check_line(terms, item_terms, rules)
    return Situation(line, item, item_terms, terms, rules, office.level, on)


def _check_order(order: Order, s: Situation) -> None:
    if not 1 <= order.round <= s.terms.rounds:
        raise BadInput("round_invalid", line=order.line, rounds=s.terms.rounds, round=order.round)
    if s.on > s.line.ends:
        raise RuleRefused("window_over", article="第七条", line=order.line, ends=s.line.ends)
    if s.item.draw_mode == "public" and s.item.withheld:
        raise RuleRefused("public_withheld", article="第十四条", item=s.item.code)


def _check_unique(session: TenantSession, order: Order) -> None:
    """R8.7 as a sentence; the database's own constraints say it too."""
    same = select(Draw).where(
        Draw.year == order.year, Draw.line_no == order.line, Draw.round == order.round, col(Draw.live).is_(True)
    )
    if twin := session.exec(same).first():
        raise RuleRefused("round_drawn", article="第八条", line=order.line, round=order.round, draw=twin.no)
    check_nothing_pending(session)


def _check_family(session: TenantSession, order: Order, s: Situation) -> None:
    """Cap and once-a-year rule are settled at the freeze, so no other draw of the same item may be under way."""
    same = select(Draw).where(Draw.year == order.year, Draw.family == s.item.family, Draw.cause == Cause.LINE)
    if other := session.exec(same.where(col(Draw.state).in_(UNDER_WAY))).first():
        raise RuleRefused("family_under_way", article="第十条", item=s.item.code, draw=other.no)


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
    result = conduct(plan, rows, found)
    put_file(session, draw, "result.json", result.result_bytes())
    _append(session, office, "RESULT", result.body(), actor)
    draw.state = DrawState.DRAWN
    session.add(draw)
    tasks.open_tasks(session, draw, result)


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
