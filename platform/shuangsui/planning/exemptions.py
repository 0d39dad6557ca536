"""Inspections outside the draw 不适用情形 (article 17): asked for, approved by somebody else, or refused.

What is refused leaves its refusal in the ledger and nothing else: no case, no number, no half of either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.catalogue import versions
from shuangsui.catalogue.service import item_in_force
from shuangsui.db import TenantSession, lock_tenant, next_number, now
from shuangsui.errors import BadInput, NotFound, RuleRefused, ShuangsuiError
from shuangsui.ledger.service import record
from shuangsui.planning import exemption_policy as policy
from shuangsui.planning.exemption_policy import People, Surroundings, Wanted
from shuangsui.planning.indicator import Quarter, Share, share
from shuangsui.planning.tables import CaseState, ExemptionCase
from shuangsui.planning.visits import own_visits
from shuangsui.registry import read
from shuangsui.registry.tables import InspectorStatus, ObjectStatus, PersonKind
from shuangsui.rules.policy import Rules
from shuangsui.tenancy.annexes import ExemptionEntry
from shuangsui.tenancy.tenant import TIMEZONE, Tenant

RulesOn = Callable[[date], Rules]
STATES = {CaseState.REQUESTED: "待批准", CaseState.APPROVED: "已批准", CaseState.REFUSED: "未批准"}


def request(session: TenantSession, tenant: Tenant, wanted: Wanted, *, rules: Rules, actor: str) -> ExemptionCase:
    """Ask for an inspection without a draw. Commits when it refuses: only the refusal is kept (R17.2 to R17.4)."""
    require(session, actor, "propose_exemption")
    lock_tenant(session)
    with _refusal_recorded(session, "request", wanted.code, actor):
        entry = policy.entry_of([placed.entry for placed in tenant.exemptions], wanted)
        _check_item(session, wanted, rules)
        policy.check(wanted, entry, rules, _around(session, wanted, entry, rules.on))
    case = _made(session, wanted, entry, rules, actor)
    session.add(case)
    payload = {
        "code": case.code, "trigger": case.trigger, "evidence": case.evidence, "rules": case.rules_digest,
        "objects": [thing["code"] for thing in case.objects], "item": case.item_code, "skips": case.skips,
    }  # fmt: skip
    record(session, "exemption.request", actor=actor, subject=_subject(case), payload=payload)
    return case


def approve(session: TenantSession, no: str, *, rules: RulesOn, actor: str) -> ExemptionCase:
    """The leadership approves what somebody else asked for, judged by the rules of the day of the request (R18.2)."""
    require(session, actor, "approve_exemption")
    case = _open(session, no)
    with _refusal_recorded(session, "approve", no, actor):
        policy.check_approver(case.proposer, actor, case.basis)
        _check_item(session, _wanted(case), rules(case.rules_on))
        policy.check_papers(_wanted(case), case.mode, rules(case.rules_on))
    case.state = CaseState.APPROVED
    return _decided(session, case, "approve", actor)


def refuse(session: TenantSession, no: str, reason: str, *, actor: str) -> ExemptionCase:
    """The leadership does not approve, with the reason."""
    require(session, actor, "approve_exemption")
    if not reason.strip():
        raise BadInput("planning_reason_missing")
    case = _open(session, no)
    case.state, case.reason = CaseState.REFUSED, reason.strip()
    return _decided(session, case, "decline", actor)


def approved(session: TenantSession, no: str) -> ExemptionCase:
    """The case an inspection may rest on; ``exemption_missing``, ``exemption_not_approved``."""
    case = find(session, no)
    if case.state is not CaseState.APPROVED:
        raise RuleRefused("exemption_not_approved", article=case.basis, case=no, state=STATES[case.state])
    return case


def require_team(session: TenantSession, case: ExemptionCase, on: date) -> None:
    """The people a case names still hold their certificates and have no interest in its objects on a day."""
    policy.check_people(case.team, [thing["code"] for thing in case.objects], _people(session, on))


def find(session: TenantSession, no: str) -> ExemptionCase:
    """A case by its number in any state."""
    case = session.exec(select(ExemptionCase).where(ExemptionCase.no == no)).one_or_none()
    if case is None:
        raise NotFound("exemption_missing", case=no)
    return case


def cases(session: TenantSession, year: int | None = None) -> Sequence[ExemptionCase]:
    """Every case, or those numbered in a year, in order; their number is shown (R17.4 number control)."""
    query = select(ExemptionCase).order_by(col(ExemptionCase.no))
    if year is not None:
        query = query.where(col(ExemptionCase.no).startswith(f"LX{year}-"))
    return session.exec(query).all()


def indicator(session: TenantSession, quarter: Quarter, rules: Rules) -> Share:
    """The share of exempt visits of a quarter, amber above ``exemption.amber_percent`` (R17.3)."""
    visits = own_visits(session, quarter.first, quarter.last)
    return share(quarter, visits, rules.number("exemption.amber_percent"))


@contextmanager
def _refusal_recorded(session: TenantSession, act: str, subject: str, actor: str) -> Iterator[None]:
    try:
        yield
    except ShuangsuiError as error:
        session.rollback()
        payload = {"act": act, "code": error.code, "article": error.article}
        record(session, "exemption.refused", actor=actor, subject=f"exemption/{subject[:64]}", payload=payload)
        session.commit()
        raise


def _check_item(session: TenantSession, wanted: Wanted, rules: Rules) -> None:
    """R5.8: what is not on the published list is not inspected, drawn or not."""
    rule = rules["special.published_item"]
    if not rule.value:
        return
    if wanted.item_code is not None:
        item_in_force(session, wanted.item_code)
    else:
        raise RuleRefused("exemption_item_missing", article=rule.basis)


def _around(session: TenantSession, wanted: Wanted, entry: ExemptionEntry, on: date) -> Surroundings:
    """Earlier cases of the same item this year count together; what a superior deployed does not."""
    objects = read.objects_of(session, wanted.item_code)
    alike = [
        case
        for case in cases(session, on.year)
        if case.state is not CaseState.REFUSED and not case.evidence.get("deployment")
        and (case.item_code, case.task_type) == (wanted.item_code, policy.TASK_TYPES[entry.mode])
    ]  # fmt: skip
    return Surroundings(
        registry={thing.code for thing in objects if thing.status is ObjectStatus.ACTIVE},
        earlier={thing["code"] for case in alike for thing in case.objects},
        people=_people(session, on),
        family=_family(session, wanted.item_code),
    )


def _family(session: TenantSession, code: str | None) -> str:
    """Of an item on the published list; nothing else has one."""
    current = versions.in_force(session) if code else None
    listed = versions.items_of(session, current) if current else ()
    return next((item.family for item in listed if item.code == code), "")


def _people(session: TenantSession, on: date) -> People:
    on_duty = (one for one in read.inspectors(session) if one.status is InspectorStatus.ON_DUTY)
    lasting = (
        one
        for one in read.interests(session)
        if one.person_kind is PersonKind.INSPECTOR and (one.since or on) <= on <= (one.until or on)
    )
    return People(
        {one.cert_no for one in on_duty if (one.valid_from or on) <= on <= one.valid_to},
        {(one.person_no, one.object_code) for one in lasting},
    )


def _made(session: TenantSession, wanted: Wanted, entry: ExemptionEntry, rules: Rules, actor: str) -> ExemptionCase:
    moment = now(session)
    year = moment.astimezone(ZoneInfo(TIMEZONE)).year
    return ExemptionCase(
        no=f"LX{year}-{next_number(session, f'exemption/{year}'):04d}", code=entry.code, name=entry.name,
        trigger=entry.trigger, trigger_text=wanted.trigger_text.strip(), task_type=policy.TASK_TYPES[entry.mode],
        mode=entry.mode, item_code=wanted.item_code, objects=[dict(thing) for thing in wanted.objects],
        skips=list(entry.skips), unlimited=entry.unlimited, team=list(dict.fromkeys(wanted.team)),
        basis=entry.authority, evidence_no=wanted.evidence.get("number", "").strip(), evidence=dict(wanted.evidence),
        plan=dict(wanted.plan), filing=dict(wanted.filing), proposer=actor, requested_at=moment, rules_on=rules.on,
        rules_digest=rules.digest(),
    )  # fmt: skip


def _wanted(case: ExemptionCase) -> Wanted:
    return Wanted(
        case.code, case.trigger, case.trigger_text, case.objects, case.evidence, case.item_code, case.team, case.plan,
        case.filing,
    )  # fmt: skip


def _open(session: TenantSession, no: str) -> ExemptionCase:
    lock_tenant(session)
    query = select(ExemptionCase).where(ExemptionCase.no == no).execution_options(populate_existing=True)
    case = session.exec(query).one_or_none()
    if case is None:
        raise NotFound("exemption_missing", case=no)
    if case.state is not CaseState.REQUESTED:
        raise RuleRefused("exemption_decided", case=no, state=STATES[case.state])
    return case


def _decided(session: TenantSession, case: ExemptionCase, act: str, actor: str) -> ExemptionCase:
    case.approver, case.decided_at = actor, now(session)
    session.add(case)
    payload = {"reason": case.reason, "rules": case.rules_digest}
    record(session, f"exemption.{act}", actor=actor, subject=_subject(case), payload=payload)
    return case


def _subject(case: ExemptionCase) -> str:
    return f"exemption/{case.no}"
