"""Changing one's own rules at the console: proposed by one person, decided by another, taken back by a revision.

Each is one act with its ledger entry. What the rules would refuse is refused before anything is written: a
:data:`Trial` looks at the authority and every district below it as they would be. A revision never reaches back: rules
that were in force on a day stay those of that day (R18.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from shuangsui.access.policy import Role, separate
from shuangsui.access.service import require
from shuangsui.db import TenantSession, lock_tenant, next_number, now
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.ledger.alerts import clear_alert, raise_alert
from shuangsui.ledger.policy import FOLLOW
from shuangsui.ledger.service import record
from shuangsui.outbox import enqueue
from shuangsui.rules.keys import KEYS
from shuangsui.rules.revisions import Change, Revision, revision
from shuangsui.rules.tables import PublishedRevision, RevisionState, RuleRevision
from shuangsui.tenancy.tenant import TIMEZONE

Trial = Callable[[Revision], None]
"""Raises what would be wrong with the rules if the revision were in force."""
STATES = {
    RevisionState.DRAFT: "草案", RevisionState.PROPOSED: "待批准", RevisionState.APPROVED: "已批准",
    RevisionState.REFUSED: "未批准", RevisionState.WITHDRAWN: "已撤回",
}  # fmt: skip
WAITS = "rule_revision_waits"
COUNTER = "rule_revision"


def draft(session: TenantSession, changes: Sequence[Change], *, trial: Trial, today: date, actor: str) -> RuleRevision:
    """Put changes into one's own open draft, or open one; of one key the last change counts.

    :class:`BadInput` ``revision_value``; :class:`RuleRefused` ``rule_loosened`` with the article of what binds.
    """
    require(session, actor, "edit_plan")
    for change in changes:
        _check(change)
    lock_tenant(session)
    row = _open_draft(session, actor)
    named = {change.key for change in changes}
    kept = [Change.from_json(one) for one in (row.changes if row else ()) if one["key"] not in named]
    wanted = [one.as_json() for one in (*kept, *changes)]
    row = row or RuleRevision(n=next_number(session, COUNTER), changes=[], proposer=actor, drafted_at=now(session))
    row.changes = wanted
    trial(as_value(row, today))
    session.add(row)
    return _note(session, row, "rules.draft", actor)


def drop(session: TenantSession, n: int, key: str, *, actor: str) -> RuleRevision:
    """Take a key out of a draft."""
    require(session, actor, "edit_plan")
    row = find_in(session, n, RevisionState.DRAFT)
    kept = [one for one in row.changes if one["key"] != key]
    if len(kept) == len(row.changes):
        raise NotFound("revision_key", n=n, key=key)
    row.changes = kept
    session.add(row)
    return _note(session, row, "rules.draft", actor)


def propose(
    session: TenantSession, n: int, valid_from: date, reason: str, *, trial: Trial, today: date, actor: str
) -> RuleRevision:
    """Hand a draft to the leadership, with the day on which it is to take effect."""
    require(session, actor, "edit_plan")
    row = find_in(session, n, RevisionState.DRAFT)
    if not row.changes:
        raise RuleRefused("revision_empty", n=n)
    row.valid_from, row.reason, row.proposer = _ahead(valid_from, today), _reason(reason), actor
    trial(as_value(row, today))
    return _proposed(session, row, actor)


def withdraw(session: TenantSession, n: int, *, actor: str) -> RuleRevision:
    """Give up what nobody has decided; it stays readable."""
    require(session, actor, "edit_plan")
    row = find_in(session, n, RevisionState.DRAFT, RevisionState.PROPOSED)
    return _moved(session, row, RevisionState.WITHDRAWN, "rules.withdraw", actor)


def approve(session: TenantSession, n: int, *, trial: Trial, today: date, actor: str) -> RuleRevision:
    """Another person decides that it takes effect on its day, which is not over; every authority can read it then."""
    require(session, actor, "approve_plan")
    row = find_in(session, n, RevisionState.PROPOSED)
    separate(row.proposer, actor)
    assert row.valid_from is not None
    _ahead(row.valid_from, today)
    if row.rolls_back is not None:
        _check_last(session, find(session, row.rolls_back), but=row.n)
    for stored in row.changes:
        _check(Change.from_json(stored))  # what a key takes may be less than when this was proposed
    trial(as_value(row, today))
    row.decider, row.decided_at = actor, now(session)
    session.add(PublishedRevision(n=row.n, valid_from=row.valid_from, changes=row.changes, at=row.decided_at))
    if row.valid_from > today:
        begins = datetime.combine(row.valid_from, time(), ZoneInfo(TIMEZONE))
        enqueue(session, FOLLOW, key=f"rules/{row.n}", at=begins)
    return _moved(session, row, RevisionState.APPROVED, "rules.approve", actor)


def refuse(session: TenantSession, n: int, reason: str, *, actor: str) -> RuleRevision:
    """Another person decides against it, with the reason."""
    require(session, actor, "approve_plan")
    row = find_in(session, n, RevisionState.PROPOSED)
    separate(row.proposer, actor)
    row.decider, row.decided_at, row.decision = actor, now(session), _reason(reason)
    return _moved(session, row, RevisionState.REFUSED, "rules.refuse", actor)


def roll_back(
    session: TenantSession, n: int, valid_from: date, reason: str, *, trial: Trial, today: date, actor: str
) -> RuleRevision:
    """Propose that what was in force before a revision be so again, as a revision of its own.

    It begins no earlier than what it takes back. :class:`RuleRefused` ``revision_rolled_back``,
    ``revision_superseded`` while a later revision of the same key stands.
    """
    require(session, actor, "edit_plan")
    back = find_in(session, n, RevisionState.APPROVED)
    _check_last(session, back)
    assert back.valid_from is not None
    row = RuleRevision(
        n=next_number(session, COUNTER), changes=[one.as_json() for one in restoring(session, back)],
        valid_from=_ahead(max(valid_from, back.valid_from), today), reason=_reason(reason), proposer=actor,
        drafted_at=now(session), rolls_back=n,
    )  # fmt: skip
    trial(as_value(row, today))
    return _proposed(session, row, actor)


def restoring(session: TenantSession, back: RuleRevision) -> list[Change]:
    """For each key of a revision, what the newest one below it that still stands says, or what the file says."""
    below = [one for one in standing(session) if one.n < back.n]
    return [_before(one["key"], below) for one in back.changes]


def standing(session: TenantSession) -> list[RuleRevision]:
    """Approved revisions that no approved one takes back, these themselves left out, by number."""
    approved = [one for one in revisions(session) if one.state is RevisionState.APPROVED]
    gone = {one.rolls_back for one in approved}
    return [one for one in approved if one.rolls_back is None and one.n not in gone]


def revisions(session: TenantSession) -> Sequence[RuleRevision]:
    """Every one of this authority, by number."""
    return session.exec(select(RuleRevision).order_by(col(RuleRevision.n))).all()


def find(session: TenantSession, n: int) -> RuleRevision:
    """One of them; :class:`NotFound` ``revision_missing``."""
    query = select(RuleRevision).where(RuleRevision.n == n).execution_options(populate_existing=True)
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound("revision_missing", n=n)
    return found


def find_in(session: TenantSession, n: int, *states: RevisionState) -> RuleRevision:
    """The same under the tenant's lock, if it is in one of ``states``; else :class:`RuleRefused` ``revision_state``."""
    lock_tenant(session)
    row = find(session, n)
    if row.state not in states:
        raise RuleRefused("revision_state", n=n, state=STATES[row.state])
    return row


def as_value(row: RuleRevision, today: date) -> Revision:
    """A row as the layers take it; what has no day yet, as if it began today."""
    return revision(row.n, row.valid_from or today, row.changes)


def _check(change: Change) -> None:
    if change.op == "set":
        change.entry()
    elif change.key not in KEYS:
        raise BadInput("revision_value", key=change.key, problem="没有这个规则键")


def _check_last(session: TenantSession, back: RuleRevision, *, but: int = 0) -> None:
    """Nothing may stand on what is taken back, and it is taken back once."""
    if back.n not in {one.n for one in standing(session)}:
        raise RuleRefused("revision_rolled_back", n=back.n)
    mine = {one["key"] for one in back.changes}
    for later in (one for one in standing(session) if one.n > back.n):
        if shared := sorted(mine & {one["key"] for one in later.changes}):
            raise RuleRefused("revision_superseded", n=back.n, later=later.n, key=shared[0])
    waiting = [one for one in revisions(session) if one.state is RevisionState.PROPOSED and one.n != but]
    if any(one.rolls_back == back.n for one in waiting):
        raise RuleRefused("revision_rolling_back", n=back.n)


def _before(key: str, below: Sequence[RuleRevision]) -> Change:
    for row in reversed(below):
        for stored in row.changes:
            if stored["key"] == key:
                return Change.from_json(stored)
    return Change(key, "file")


def _open_draft(session: TenantSession, actor: str) -> RuleRevision | None:
    query = select(RuleRevision).where(RuleRevision.state == RevisionState.DRAFT, RuleRevision.proposer == actor)
    return session.exec(query.order_by(col(RuleRevision.n))).first()


def _ahead(valid_from: date, today: date) -> date:
    if valid_from < today:
        raise RuleRefused("revision_past", article="第十八条", on=valid_from.isoformat(), today=today.isoformat())
    return valid_from


def _reason(text: str) -> str:
    if not text.strip():
        raise BadInput("revision_reason")
    return text.strip()


def _proposed(session: TenantSession, row: RuleRevision, actor: str) -> RuleRevision:
    row.proposed_at = now(session)
    _moved(session, row, RevisionState.PROPOSED, "rules.propose", actor)
    facts = {"n": row.n, "valid_from": str(row.valid_from)}
    raise_alert(session, WAITS, _subject(row), due=row.valid_from, facts=facts, to=[Role.LEADER])
    return row


def _moved(session: TenantSession, row: RuleRevision, state: RevisionState, act: str, actor: str) -> RuleRevision:
    row.state = state
    session.add(row)
    if state is not RevisionState.PROPOSED:
        clear_alert(session, WAITS, _subject(row))
    return _note(session, row, act, actor)


def _note(session: TenantSession, row: RuleRevision, act: str, actor: str) -> RuleRevision:
    payload = {
        "changes": row.changes, "valid_from": row.valid_from and row.valid_from.isoformat(), "reason": row.reason,
        "rolls_back": row.rolls_back, "decision": row.decision,
    }  # fmt: skip
    record(session, act, actor=actor, subject=_subject(row), payload=payload)
    return row


def _subject(row: RuleRevision) -> str:
    return f"rule_revision/{row.n}"
