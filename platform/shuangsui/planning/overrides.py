"""Overrides 突破年度次数 of 原则上 once a year (R10.6): one object, one item family, one plan year, one more draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from shuangsui.access.policy import separate
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, next_number, now
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger.service import record
from shuangsui.planning.service import drawn_in_year
from shuangsui.planning.tables import FrequencyOverride, ProposalState
from shuangsui.rules.policy import Rules


def propose(
    session: TenantSession, year: int, family: str, object_code: str, reason: str, *, rules: Rules, actor: str
) -> FrequencyOverride:
    """Ask that an object already drawn be eligible once more; without ``frequency.override_requires_leader`` it is.

    :class:`RuleRefused` ``override_needless`` for an object that was not drawn this year.
    """
    require(session, actor, "propose_override")
    if not reason.strip():
        raise BadInput("planning_reason_missing")
    lock_tenant(session)
    if object_code not in drawn_in_year(session, year, family):
        raise RuleRefused("override_needless", article="第十条", object=object_code, year=year, family=family)
    override = FrequencyOverride(
        year=year, n=next_number(session, f"override/{year}"), family=family, object_code=object_code,
        reason=reason.strip(), proposer=actor,
    )  # fmt: skip
    session.add(override)
    payload = {"family": family, "object": object_code, "reason": override.reason}
    record(session, "override.propose", actor=actor, subject=_subject(override), payload=payload)
    if not rules.switch("frequency.override_requires_leader"):
        _decide(session, override, ProposalState.APPROVED, actor)
    return override


def approve(session: TenantSession, year: int, n: int, *, actor: str) -> FrequencyOverride:
    """The leader approves what somebody else proposed; the public count of the year rises by one."""
    require(session, actor, "approve_override")
    override = _open(session, year, n)
    separate(override.proposer, actor)
    return _decide(session, override, ProposalState.APPROVED, actor)


def refuse(session: TenantSession, year: int, n: int, reason: str, *, actor: str) -> FrequencyOverride:
    """The leader does not approve, with the reason."""
    require(session, actor, "approve_override")
    if not reason.strip():
        raise BadInput("planning_reason_missing")
    override = _open(session, year, n)
    override.decision = reason.strip()
    return _decide(session, override, ProposalState.REFUSED, actor)


def overrides(session: TenantSession, year: int) -> Sequence[FrequencyOverride]:
    """Every proposal of a year in its order."""
    query = select(FrequencyOverride).where(FrequencyOverride.year == year)
    return session.exec(query.order_by(col(FrequencyOverride.n))).all()


def approved_count(session: TenantSession, year: int) -> int:
    """The public figure."""
    return sum(one.state is ProposalState.APPROVED for one in overrides(session, year))


def allowances(session: TenantSession, year: int, family: str) -> Mapping[str, int]:
    """Object code → draws that overrides allow above the yearly limit."""
    approved = [one for one in overrides(session, year) if one.state is ProposalState.APPROVED]
    return Counter(one.object_code for one in approved if one.family == family)


def _open(session: TenantSession, year: int, n: int) -> FrequencyOverride:
    lock_tenant(session)
    query = select(FrequencyOverride).where(FrequencyOverride.year == year, FrequencyOverride.n == n)
    override = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if override is None:
        raise NotFound("override_missing", year=year, n=n)
    if override.state is not ProposalState.PROPOSED:
        raise RuleRefused("override_decided", year=year, n=n)
    return override


def _decide(session: TenantSession, override: FrequencyOverride, state: ProposalState, actor: str) -> FrequencyOverride:
    override.state, override.decider, override.decided_at = state, actor, now(session)
    session.add(override)
    payload = {"state": state, "reason": override.decision}
    record(session, "override.decide", actor=actor, subject=_subject(override), payload=payload)
    return override


def _subject(override: FrequencyOverride) -> str:
    return f"override/{override.year}/{override.n}"
