"""FREEZE of people only: for objects that a superior, a partner or an approved special inspection fixed (art. 8, 17).

Everything from the commitments on is that of any draw. Such a draw has one stratum, ratio 1/1, and counts nobody's
year: whoever drew the objects has counted them, and a special inspection is not random (R17.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Protocol
from uuid import UUID

from fairdraw.snapshot import Record
from shuangsui.access.service import require
from shuangsui.catalogue.service import item_in_force
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.draws import handing, opening, surroundings
from shuangsui.draws.calling import Call, check_call, check_unused
from shuangsui.draws.drafting import SUITE, Reserve, Staff, draft
from shuangsui.draws.frame import ELIGIBLE, RECUSED
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.kernels import freeze
from shuangsui.draws.office import ItemFacts, Office, item_facts
from shuangsui.draws.opening import Pool
from shuangsui.draws.people import unmannable
from shuangsui.draws.sources import timing
from shuangsui.draws.staffing import need, staff_of
from shuangsui.draws.tables import Cause, Draw
from shuangsui.errors import RuleRefused
from shuangsui.ledger.keys import Keyring
from shuangsui.planning.policy import ALL, Seats, Terms, officers
from shuangsui.rules.policy import Rules


class Case(Protocol):
    """An approved exemption as a draw of people needs it (R17.2)."""

    no: str
    item_code: str | None
    objects: list[dict[str, Any]]
    skips: list[str]
    basis: str


@dataclass(frozen=True, slots=True)
class Given:
    """Objects (code, name) that are fixed, and for what they need people; ``ext``: what the plan says of it."""

    cause: Cause
    key: str
    item: ItemFacts
    objects: Sequence[tuple[str, str]]
    terms: Terms
    item_id: UUID | None = None
    ext: Mapping[str, Any] = field(default_factory=dict)


def everything(team: Seats, experts: Seats | None = None, per_day: int = 10) -> Terms:
    """Terms that select every object."""
    return Terms({ALL: Fraction(1)}, team=team, experts=experts, per_day=per_day)


def freeze_assignment(session: TenantSession, office: Office, no: str, call: Call, *, actor: str) -> Draw:
    """Freeze an accepted assignment: its objects become this authority's own snapshot (two-level draw)."""
    assignment = handing.accepted(session, no)
    terms = assignment.terms
    experts = Seats(**terms["experts"]) if terms["experts"] else None
    parent = {"origin": assignment.origin, "plan_hash": assignment.plan_hash, "result_hash": assignment.result_hash}
    item = {name: assignment.item[name] for name in ItemFacts.__dataclass_fields__ if name in assignment.item}
    given = Given(
        cause=Cause(assignment.kind.value),
        key=handing.cause_key(assignment),
        item=ItemFacts(**item),
        objects=[(thing["code"], thing["name"]) for thing in assignment.objects],
        terms=everything(Seats(**terms["team"]), experts, terms["per_day"]),
        ext={"parent": parent, "assignment": assignment.no},
    )
    return freeze_given(session, office, given, call, actor=actor)


def freeze_case(
    session: TenantSession, office: Office, case: Case, call: Call, *, actor: str, team: Seats | None = None
) -> Draw:
    """Draw people for an approved special inspection whose exemption does not skip it; never labelled 双随机 (R2.1)."""
    if "inspector_draw" in case.skips:
        raise RuleRefused("people_not_drawn", article="第十七条", case=case.no)
    on = legal_day(now(session))
    item = item_in_force(session, case.item_code) if case.item_code else None
    facts = item_facts(item) if item else ItemFacts(case.no, case.basis[:200], "", [], "", "", withheld=False)
    given = Given(
        cause=Cause.SPECIAL,
        key=f"special/{case.no}",
        item=facts,
        objects=[(thing["code"], thing["name"]) for thing in case.objects],
        terms=everything(team or Seats(officers(office.rules(on), facts.family).least)),
        item_id=item.id if item else None,
        ext={"case": case.no},
    )
    return freeze_given(session, office, given, call, actor=actor)


def freeze_given(session: TenantSession, office: Office, given: Given, call: Call, *, actor: str) -> Draw:
    """FREEZE of given objects."""
    require(session, actor, "operate_draw")
    lock_tenant(session)
    moment = now(session)
    on = legal_day(moment)
    rules = office.rules(on)
    check_call(call, office, rules, moment)
    check_unused(session, given.key)
    given = replace(given, terms=_manned(given, rules))
    staff = staff_of(session, office, need(given.terms.team, given.terms.experts, given.item.family, rules))
    pool, no = _pool(given, staff, office.keyring), opening.number(session, on.year)
    heading = opening.heading(session, office, rules, given.item.code)
    ext = {**given.ext, **surroundings.ext(session, no, given.cause, staff, rules, moment, demo=call.demo)}
    made = draft(
        heading, pool.frozen, pool.key, given.terms, timing(call, office, rules, no), staff, _reserve(rules),
        (office.operator, *call.holders), left=None, ext=ext,
    )  # fmt: skip
    draw = Draw(
        no=no, cause=given.cause, cause_key=given.key, item_id=given.item_id, year=on.year, seq=made["seq"],
        item_code=given.item.code, item_name=given.item.name, family=given.item.family, operator=actor,
        frozen_at=moment, draft=made, trials=[t.as_json() for t in opening.trial(made, pool)],
        item_facts=None if given.item_id else given.item.as_json(),
    )  # fmt: skip
    opening.enter(session, office, draw, pool, call.holders, {"cause": given.key})
    return draw


def _manned(given: Given, rules: Rules) -> Terms:
    """The terms with a team as large as this authority's own rules ask, whoever wrote them (R13.1)."""
    least = officers(rules, given.item.family).least
    return replace(given.terms, team=replace(given.terms.team, size=max(given.terms.team.size, least)))


def _reserve(rules: Rules) -> Reserve:
    """Every object is taken, so none is left to take another's place."""
    return Reserve(0, rules.number("draw.person_replacements"))


def _pool(given: Given, staff: Staff, keyring: Keyring) -> Pool:
    """An object for which no team of this authority can be formed stays in with code X9 (R9.4)."""
    assert staff.teams is not None
    barred = unmannable(staff.teams, staff.recused["teams"], given.terms.team)
    names = dict(given.objects)
    records = [Record(code, ALL, 1, RECUSED if code in barred else ELIGIBLE) for code in names]
    if not any(record.status == ELIGIBLE for record in records):
        raise RuleRefused("all_recused", article="第九条", item=given.item.code)
    key = keyring.fresh()
    return Pool(freeze(records, key, SUITE, [ALL]), key, records, names, staff, None)
