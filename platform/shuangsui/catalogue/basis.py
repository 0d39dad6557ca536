"""Bases that were amended 依据修改 (R5.7): every item resting on one is reviewed within a term, or no longer drawn.

Draws that are under way keep the item version they began with: only a new one asks here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import col, select

from shuangsui.access.policy import Role
from shuangsui.access.service import require
from shuangsui.catalogue import versions
from shuangsui.catalogue.tables import BasisAmendment, BasisReview, Item
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.errors import BadInput, NotAllowed, NotFound, RuleRefused
from shuangsui.ledger.alerts import Wanted, raise_wanted
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import AlertLevel
from shuangsui.rules.policy import Rules

REVIEW = "basis_review"
"""Kind of the alert that asks for a review."""


def mark_amended(session: TenantSession, law: str, amended_on: date, *, actor: str) -> BasisAmendment:
    """Note that a law or document was amended on a day; ``basis_unused`` where no item in force rests on it."""
    require(session, actor, "edit_catalogue")
    lock_tenant(session)
    name = law.strip()
    if not name or not _resting(session, name):
        raise BadInput("basis_unused", law=law)
    known = select(BasisAmendment).where(BasisAmendment.law == name, BasisAmendment.amended_on == amended_on)
    if session.exec(known).first():
        raise BadInput("basis_marked", law=name, day=amended_on)
    amendment = BasisAmendment(law=name, amended_on=amended_on, noted_by=actor, noted_at=now(session))
    session.add(amendment)
    payload = {"amended_on": amended_on.isoformat(), "items": [item.code for item in _resting(session, name)]}
    record(session, "catalogue.basis_amended", actor=actor, subject=name, payload=payload)
    return amendment


def review(session: TenantSession, code: str, law: str, outcome: str, *, actor: str) -> list[BasisReview]:
    """The lead office has looked at an item after its basis was amended; ``outcome`` says what became of it."""
    if Role.LEAD_OFFICE not in require(session, actor, "edit_catalogue").roles:
        raise NotAllowed("basis_lead_office_only", article="第五条", login=actor)
    if not outcome.strip():
        raise BadInput("reason_required")
    lock_tenant(session)
    open_ones = [one for item, one in pending(session) if item.code == code and one.law == law.strip()]
    if not open_ones:
        raise NotFound("review_missing", item=code, law=law)
    fresh = [
        BasisReview(amendment_id=one.id, item_code=code, outcome=outcome.strip(), by=actor, at=now(session))
        for one in open_ones
    ]
    session.add_all(fresh)
    record(session, "catalogue.review", actor=actor, subject=code, payload={"law": law, "outcome": outcome.strip()})
    return fresh


def pending(session: TenantSession) -> list[tuple[Item, BasisAmendment]]:
    """Items of the list in force with an amended basis that nobody has reviewed yet, the oldest amendment first."""
    done = {(row.amendment_id, row.item_code) for row in session.exec(select(BasisReview))}
    amendments = session.exec(select(BasisAmendment).order_by(col(BasisAmendment.amended_on))).all()
    return [(item, one) for one in amendments for item in _resting(session, one.law) if (one.id, item.code) not in done]


def due(amendment: BasisAmendment, rules: Rules) -> date:
    """The last day on which a draw is still only warned of."""
    return amendment.amended_on + timedelta(days=rules.number("item.review_grace_days"))


def require_reviewed(session: TenantSession, code: str, rules: Rules, today: date) -> None:
    """A new draw of an item with an amended basis raises the task; after the term it is refused.

    :class:`RuleRefused` ``basis_review_overdue``.
    """
    for item, amendment in pending(session):
        if item.code != code or today < amendment.amended_on:
            continue
        if today > due(amendment, rules):
            raise RuleRefused(
                "basis_review_overdue", article="第五条", item=code, law=amendment.law, day=amendment.amended_on
            )
        raise_wanted(session, REVIEW, task_of(item, amendment, rules, today))


def task_of(item: Item, amendment: BasisAmendment, rules: Rules, today: date) -> Wanted:
    """The task 依据复核 of one item, a breach once its term has passed."""
    until = due(amendment, rules)
    level = AlertLevel.BREACH if today > until else AlertLevel.WARN
    return Wanted(f"item/{item.code}", level, article="第五条", due=until, facts={"law": amendment.law})


def _resting(session: TenantSession, law: str) -> Sequence[Item]:
    current = versions.in_force(session)
    found = versions.items_of(session, current) if current else []
    return [item for item in found if item.held is None and law in (item.basis or "")]
