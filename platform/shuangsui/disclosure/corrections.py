"""更正和撤下 (R14.10): what was wrong is put right by a new revision that says so; what was annulled is taken down.

A correction that was accepted has a term of its own; what is taken down leaves its explanation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from sqlmodel import col, select

from shuangsui.access.policy import Role
from shuangsui.access.service import require
from shuangsui.calendar import Calendar, Deadline
from shuangsui.db import TenantSession, lock_tenant, now
from shuangsui.disclosed import Content, DisclosedFinding, ResultContent, RoundContent
from shuangsui.disclosure import contents, disclosures, shown
from shuangsui.disclosure.messages import FIELDS, NOTE
from shuangsui.disclosure.policy import Action
from shuangsui.disclosure.tables import Correction, Disclosure
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections.policy import CATEGORIES
from shuangsui.ledger.alerts import Wanted, keep_open
from shuangsui.ledger.service import record
from shuangsui.ledger.tables import AlertLevel
from shuangsui.privacy import scanning
from shuangsui.privacy.dwellings import HOME
from shuangsui.privacy.writing import require_public
from shuangsui.rules.policy import Rules

ARTICLE = "第十四条"
DUE = "correction_due"
RESULT_FIELDS = ("object_name", "address", "task_name", "follow_up", "categories")
ROUND_FIELDS = ("ratio", "method", "eligible", "drawn", "inspected")


def accept(session: TenantSession, kind: str, key: str, wrong: str, *, actor: str) -> Correction:
    """Somebody says that it is wrong and is right: from now on the term for the correction runs."""
    require(session, actor, "publish")
    lock_tenant(session)
    _live(session, kind, key)
    if not wrong.strip():
        raise BadInput("correction_empty")
    if open_on(session, kind, key):
        raise RuleRefused("correction_open", article=ARTICLE, subject=f"{kind}/{key}")
    query = select(Correction).where(Correction.kind == kind, Correction.key == key)
    made = Correction(
        kind=kind, key=key, n=len(session.exec(query).all()) + 1, wrong=wrong.strip(), accepted_by=actor,
        accepted_at=now(session),
    )  # fmt: skip
    session.add(made)
    record(session, "correction.accept", actor=actor, subject=f"{kind}/{key}", payload={"wrong": made.wrong})
    return made


def correct(
    session: TenantSession,
    kind: str,
    key: str,
    changes: Mapping[str, Any],
    note: str,
    *,
    actor: str,
) -> Disclosure:
    """A new revision on every channel, with ``note`` for everybody to read.

    ``changes``: :data:`RESULT_FIELDS` of a result, :data:`ROUND_FIELDS` of a round. :class:`BadInput`
    ``correction_empty``, ``correction_field``, ``correction_same``; :class:`RuleRefused` ``personal_data`` with the
    name of the field.
    """
    require(session, actor, "publish")
    lock_tenant(session)
    before = _live(session, kind, key)
    if not note.strip():
        raise BadInput("correction_empty")
    content = contents.content_of(before)
    corrected = changed(content, changes)
    if corrected == content:
        raise BadInput("correction_same", subject=f"{kind}/{key}")
    require_public(session, {**{FIELDS[name]: str(value) for name, value in changes.items()}, NOTE: note})
    scanning.refuse(_added_homes(content, corrected))
    made = disclosures.make(
        session, kind, key, corrected, actor=actor, action=Action.CORRECT, note=note.strip(), until=before.until,
        draw_no=before.draw_no, task_no=before.task_no, part=before.part,
    )  # fmt: skip
    if promised := open_on(session, kind, key):
        promised.revision = made.revision
        session.add(promised)
    return made


def withdraw(session: TenantSession, kind: str, key: str, note: str, *, actor: str) -> Disclosure:
    """Take it down everywhere, with the explanation in its place; for who may withhold."""
    require(session, actor, "approve_withholding")
    lock_tenant(session)
    before = _live(session, kind, key)
    if not note.strip():
        raise BadInput("correction_empty")
    require_public(session, {NOTE: note})
    return disclosures.make(
        session, kind, key, contents.content_of(before), actor=actor, action=Action.WITHDRAW, note=note.strip(),
        until=before.until, draw_no=before.draw_no, task_no=before.task_no, part=before.part,
    )  # fmt: skip


def changed(content: Any, changes: Mapping[str, Any]) -> Any:
    """The content with other values; pure."""
    allowed = {ResultContent: RESULT_FIELDS, RoundContent: ROUND_FIELDS}.get(type(content), ())
    if wrong := set(changes) - set(allowed):
        raise BadInput("correction_field", field="、".join(sorted(wrong)), known="、".join(allowed))
    plain = {name: value for name, value in changes.items() if name in {one.name for one in fields(content)}}
    found = replace(content, **plain)
    if "object_name" in changes:
        found = replace(found, object=replace(found.object, name=str(changes["object_name"]).strip()))
    if "address" in changes:
        found = replace(found, object=replace(found.object, address=str(changes["address"]).strip()))
    if "categories" in changes:
        found = replace(found, findings=_findings(changes["categories"]))
    return found


def _added_homes(before: Content, after: Content) -> list[scanning.Finding]:
    """House numbers of a sole owner that a change brings in."""
    known = {(one.kind, one.where) for one in scanning.lint_content(before)}
    added = [one for one in scanning.lint_content(after) if (one.kind, one.where) not in known]
    return [
        replace(one, where=FIELDS.get(one.where.rpartition(".")[2], one.where)) for one in added if one.kind == HOME
    ]


def open_on(session: TenantSession, kind: str, key: str) -> Correction | None:
    """The promise that the public cannot see kept yet."""
    query = select(Correction).where(
        Correction.kind == kind, Correction.key == key, col(Correction.closed_on).is_(None)
    )
    return session.exec(query).first()


def due_of(correction: Correction, calendar: Calendar, rules: Rules) -> Deadline:
    """Five working days from the day on which it was accepted."""
    return calendar.add(legal_day(correction.accepted_at), rules.number("publication.correction_days"))


def sweep(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> None:
    """Close what every receiver shows now; warn of what is late."""
    open_ = session.exec(select(Correction).where(col(Correction.closed_on).is_(None))).all()
    standing = _standing(session) if open_ else {}
    late: list[Wanted] = []
    for one in open_:
        subject = f"{one.kind}/{one.key}"
        revision, state = standing.get((one.kind, one.key), (0, None))
        if one.revision and revision >= one.revision and state in (shown.Standing.PUBLISHED, shown.Standing.WITHDRAWN):
            one.closed_on = today
            session.add(one)
        elif today > (due := due_of(one, calendar, rules).due):
            to = (Role.LEAD_OFFICE, Role.LEADER, Role.SUPERVISOR)
            late.append(Wanted(subject, AlertLevel.BREACH, ARTICLE, due, to=to))
    keep_open(session, DUE, late)


def _standing(session: TenantSession) -> dict[shown.Named, tuple[int, shown.Standing]]:
    newest = {(row.kind, row.key): row for row in disclosures.current(session)}
    by_row = shown.by_revision(session)
    return {named: (row.revision, shown.standing(row, by_row.get(row.id, []))) for named, row in newest.items()}


def _live(session: TenantSession, kind: str, key: str) -> Disclosure:
    row = disclosures.newest(session, kind, key)
    if row is None:
        raise NotFound("disclosure_missing", subject=f"{kind}/{key}")
    if row.action is Action.WITHDRAW:
        raise RuleRefused("disclosure_withdrawn", article=ARTICLE, subject=f"{kind}/{key}")
    return row


def _findings(categories: Sequence[str]) -> tuple[DisclosedFinding, ...]:
    if unknown := [one for one in categories if one not in CATEGORIES]:
        raise BadInput("category_unknown", category="、".join(unknown), known="、".join(CATEGORIES))
    if not categories:
        raise BadInput("category_conflict")
    return tuple(DisclosedFinding(one, CATEGORIES[one]) for one in categories)
