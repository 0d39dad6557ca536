"""Records written away from the network: sent once or many times, in any order, never lost (R13.9).

Every submission is kept as it came. What two devices wrote differently waits for a person, and until then the record
says what came first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, now
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections import access_log, policy
from shuangsui.inspections.records import record_of, require_open
from shuangsui.inspections.submission_policy import Merged, Sending, flat, is_jump, merge, stamped
from shuangsui.inspections.submission_state import fields_of, pasts_of, put, waiting_in
from shuangsui.inspections.tables import InspectionRecord, InspectionTask, Submission
from shuangsui.inspections.tasks import find_task, find_to_change_task
from shuangsui.ledger.service import record as note
from shuangsui.registry.policy import canonical

Keep = Literal["mine", "theirs"]
"""``mine``: what the submission says; ``theirs``: what the record says."""
_LARGEST = 1 << 18
_COUNTERS = 1 << 31


@dataclass(frozen=True, slots=True)
class Sent:
    """What a device sends: its name for itself, its step, the revision it had seen, its own time, the content."""

    device: str
    counter: int
    base_revision: int
    device_at: datetime
    content: Mapping[str, Any]


def submit(session: TenantSession, no: str, sent: Sent, *, actor: str) -> Submission:
    """Keep a submission and put into the record what nobody else has written since; again answers the first row.

    Fields that others changed stay as they are, the row says ``conflict``. :class:`RuleRefused` ``submission_reused``
    for a counter that came before with other content, and what :func:`records.require_open` refuses.
    """
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    record = record_of(session, task)
    if record is None:
        raise NotFound("record_missing", task=no)
    _check(sent)
    digest = _digest(sent.content)
    if first := _first(session, record, sent):
        if first.sha256 != digest:
            raise RuleRefused("submission_reused", device=sent.device, counter=sent.counter)
        return first
    require_open(session, task)
    policy.check_content(record.form["points"], sent.content)
    if sent.base_revision > record.revision:
        raise BadInput("submission_malformed", what="base_revision")
    return _taken(session, task, record, sent, digest, actor)


def received(session: TenantSession, no: str, *, actor: str) -> list[dict[str, Any]]:
    """Everything sent for a task, in the order of arrival; ``waiting``: fields that a person must decide."""
    require(session, actor, "inspect")
    task = find_task(session, no)
    access_log.opened(session, task.object_code, actor=actor)
    record = record_of(session, task)
    if record is None:
        return []
    waiting = waiting_in(record)
    query = select(Submission).where(Submission.record_id == record.id).order_by(col(Submission.id))
    return [
        {**row.model_dump(exclude={"tenant_id", "id", "record_id"}), "id": str(row.id),
         "waiting": waiting.get(str(row.id), [])}
        for row in session.exec(query)
    ]  # fmt: skip


def conflicts(session: TenantSession, no: str) -> list[dict[str, Any]]:
    """Submissions that wait for a person, in the order of their arrival, each with both values of every field."""
    record = record_of(session, find_task(session, no))
    if record is None:
        return []
    waiting, present = waiting_in(record), fields_of(record)
    query = select(Submission).where(Submission.record_id == record.id).order_by(col(Submission.id))
    return [
        {
            "id": str(row.id), "device": row.device, "counter": row.counter, "by": row.by,
            "device_at": row.device_at, "received_at": row.received_at, "clock_jump": row.clock_jump,
            "fields": [
                {"field": name, "mine": flat(row.content)[name], "theirs": present.get(name)}
                for name in waiting[str(row.id)]
            ],
        }
        for row in session.exec(query)
        if str(row.id) in waiting
    ]  # fmt: skip


def resolve(session: TenantSession, no: str, submission: UUID, keep: Keep, *, actor: str) -> InspectionRecord:
    """Decide a conflict: take what the submission says, or leave the record; :class:`NotFound` ``conflict_missing``."""
    require(session, actor, "inspect")
    if keep not in ("mine", "theirs"):
        raise BadInput("submission_malformed", what="keep")
    task = find_to_change_task(session, no)
    record = require_open(session, task)
    waiting = waiting_in(record)
    names = waiting.pop(str(submission), None)
    row = session.find(Submission, submission)
    if names is None or row is None:
        raise NotFound("conflict_missing", task=no)
    fields, pasts = fields_of(record), pasts_of(record)
    if keep == "mine":
        said = flat(row.content)
        record.revision += 1
        fields.update({name: said[name] for name in names})
        pasts = stamped(pasts, dict.fromkeys(names), record.revision)
    put(record, fields, pasts, waiting)
    session.add(record)
    payload = {"submission": str(submission), "keep": keep, "fields": names, "revision": record.revision}
    note(session, "record.resolve", actor=actor, subject=f"task/{no}", payload=payload)
    return record


def _taken(
    session: TenantSession, task: InspectionTask, record: InspectionRecord, sent: Sent, digest: str, actor: str
) -> Submission:
    sending = Sending(sent.device, sent.counter, sent.base_revision)
    merged = merge(fields_of(record), pasts_of(record), record.revision, flat(sent.content), sending)
    row = Submission(
        record_id=record.id, device=sent.device, counter=sent.counter, base_revision=sent.base_revision,
        device_at=sent.device_at, received_at=now(session), by=actor, content=dict(sent.content), sha256=digest,
        conflict=bool(merged.conflicts), clock_jump=_clock_jump(session, record, sent),
    )  # fmt: skip
    session.add(row)
    _apply(record, merged, row)
    session.add(record)
    payload = {
        "device": row.device, "counter": row.counter, "sha256": digest, "revision": record.revision,
        "conflicts": list(merged.conflicts), "clock_jump": row.clock_jump,
    }  # fmt: skip
    note(session, "record.submit", actor=actor, subject=f"task/{task.no}", payload=payload)
    return row


def _apply(record: InspectionRecord, merged: Merged, row: Submission) -> None:
    waiting = waiting_in(record)
    if merged.conflicts:
        waiting[str(row.id)] = list(merged.conflicts)
    record.revision = merged.revision
    put(record, merged.fields, merged.pasts, waiting)


def _first(session: TenantSession, record: InspectionRecord, sent: Sent) -> Submission | None:
    query = select(Submission).where(Submission.record_id == record.id, Submission.device == sent.device)
    return session.exec(query.where(Submission.counter == sent.counter)).one_or_none()


def _clock_jump(session: TenantSession, record: InspectionRecord, sent: Sent) -> bool:
    """Compared with the device's steps of this record before and after, as far as they have come."""
    own = select(Submission.device_at).where(Submission.record_id == record.id, Submission.device == sent.device)
    counter = col(Submission.counter)
    before = session.exec(own.where(counter < sent.counter).order_by(counter.desc())).first()
    after = session.exec(own.where(counter > sent.counter).order_by(counter)).first()
    return is_jump(sent.device_at, before, after)


def _check(sent: Sent) -> None:
    """``submission_malformed`` names the first member that no device of ours would send."""
    good = {
        "device": 0 < len(sent.device) <= 64 and sent.device.isprintable(),
        "counter": 0 <= sent.counter < _COUNTERS,
        "base_revision": sent.base_revision >= 0,
        "device_at": sent.device_at.tzinfo is not None,
    }
    if wrong := [name for name, fits in good.items() if not fits]:
        raise BadInput("submission_malformed", what=wrong[0])


def _digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content; a text that a database could not keep is refused here."""
    try:
        body = canonical(content)
    except (TypeError, ValueError):
        body = b""
    if not 0 < len(body) <= _LARGEST or b"\\u0000" in body:
        raise BadInput("submission_malformed", what="content")
    return sha256(body).hexdigest()
