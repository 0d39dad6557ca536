"""The object's own word on the record of its inspection, through its link: it reads, and signs or objects (article 13).

The record is presented once every officer who was there has signed: from then on its text stays as it is, so what the
object signs is what it has read.
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import category, normalize

from sqlmodel import col, select

from shuangsui.db import TenantSession, now
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections import records, visits
from shuangsui.inspections.links import HOLDER
from shuangsui.inspections.states import Confirmation, Mode, Party, RecordState, TaskState
from shuangsui.inspections.tables import InspectionRecord, InspectionTask, Objection, Signature
from shuangsui.ledger.service import record as note

ARTICLE = "第十三条"
NAME_LENGTH = 100
UNSEEN = ("Cc", "Cf", "Cs")
LONGEST = 2000
MOST = 10
"""Objections to one record."""


def presented(session: TenantSession, task: InspectionTask) -> InspectionRecord | None:
    """The record as far as the object may read it: signed by every officer who was there, or submitted."""
    record = records.record_of(session, task)
    if record is None or (record.state is RecordState.OPEN and not _is_signed(session, task, record)):
        return None
    return record


def can_sign(session: TenantSession, office: Office, task: InspectionTask, record: InspectionRecord) -> bool:
    """Whether the object may sign a presented record by its link, as the rules of the task allow."""
    to_be_signed = record.state is RecordState.OPEN and task.state is TaskState.UNDERWAY
    return to_be_signed and _is_way(office, task) and _own(session, record) is None


def sign(session: TenantSession, office: Office, task: InspectionTask, person: str, role: str) -> Signature:
    """The object's signature (R13.4), one entry.

    :class:`RuleRefused` ``record_unpresented``, ``record_seal_only`` where the rules want a seal, ``record_confirmed``.
    """
    person, role = plain(person, NAME_LENGTH), plain(role, NAME_LENGTH)
    record = records.require_text(session, task)
    records.require_certificates(session, task)
    if not _is_signed(session, task, record):
        raise RuleRefused("record_unpresented", article=ARTICLE, task=task.no)
    if not _is_way(office, task):
        raise RuleRefused("record_seal_only", article=ARTICLE, task=task.no)
    if _own(session, record) is not None:
        raise RuleRefused("record_confirmed", article=ARTICLE, task=task.no)
    records.check_signer(session, task, person, Party.OBJECT)
    signer = (person, Party.OBJECT, Confirmation.SIGNATURE, role)
    return records.add_signature(session, task, record, 0, signer, HOLDER)


def sign_addendum(session: TenantSession, office: Office, task: InspectionTask, n: int, person: str) -> Signature:
    """The object's signature under what was corrected afterwards (R13.8), one entry.

    :class:`NotFound` ``addendum_missing``; :class:`RuleRefused` ``record_seal_only``, ``signed_already``.
    """
    person = plain(person, NAME_LENGTH)
    record = presented(session, task) if task.mode is Mode.ONSITE else None
    if record is None or n not in [one.n for one in records.addenda(session, record)]:
        raise NotFound("addendum_missing", task=task.no, n=n)
    if not _is_way(office, task):
        raise RuleRefused("record_seal_only", article=ARTICLE, task=task.no)
    if _own(session, record, n) is not None:
        raise RuleRefused("signed_already", article=ARTICLE, person="检查对象")
    records.check_signer(session, task, person, Party.OBJECT)
    signer = (person, Party.OBJECT, Confirmation.SIGNATURE, "")
    return records.add_signature(session, task, record, n, signer, HOLDER)


def unsigned_addenda(
    session: TenantSession, office: Office, task: InspectionTask, record: InspectionRecord
) -> list[int]:
    """Numbers of the addenda that the object may still sign by its link."""
    if task.mode is not Mode.ONSITE or not _is_way(office, task):
        return []
    return [one.n for one in records.addenda(session, record) if _own(session, record, one.n) is None]


def raise_objection(session: TenantSession, task: InspectionTask, person: str, text: str) -> Objection:
    """What the object says against a presented record, signed or not, one entry; the same words again change nothing.

    :class:`RuleRefused` ``record_unpresented``, ``record_objections_full``; :class:`BadInput` ``signer_missing``,
    ``record_objection_empty``, ``holder_words``.
    """
    person, text = plain(person, NAME_LENGTH), plain(text, LONGEST)
    record = presented(session, task)
    if record is None:
        raise RuleRefused("record_unpresented", article=ARTICLE, task=task.no)
    if not person:
        raise BadInput("signer_missing")
    if not text:
        raise BadInput("record_objection_empty")
    said = objections(session, record)
    if said and (said[-1].person, said[-1].text) == (person, text):
        return said[-1]
    if len(said) >= MOST:
        raise RuleRefused("record_objections_full", article=ARTICLE, task=task.no, most=MOST)
    made = Objection(record_id=record.id, n=len(said) + 1, person=person, text=text, at=now(session))
    session.add(made)
    payload = {"n": made.n, "text": text, "revision": record.revision}
    note(session, "record.object", actor=HOLDER, subject=f"task/{task.no}", payload=payload)
    return made


def objections(session: TenantSession, record: InspectionRecord) -> Sequence[Objection]:
    """Every objection in order."""
    return session.exec(select(Objection).where(Objection.record_id == record.id).order_by(col(Objection.n))).all()


def plain(text: str, longest: int) -> str:
    """What was typed, without spaces around it, lines ended as the field counts them; :class:`BadInput`
    ``holder_words`` for signs that nobody sees or that turn what stands beside them."""
    text = normalize("NFC", text.replace("\r\n", "\n").strip())
    if len(text) > longest or any(category(sign) in UNSEEN and sign not in "\n\t" for sign in text):
        raise BadInput("holder_words", longest=longest)
    return text


def _is_signed(session: TenantSession, task: InspectionTask, record: InspectionRecord) -> bool:
    """Of a visit on which somebody was met; a record of another mode has no signatures (R12.1)."""
    visit = visits.last_visit(session, task) if task.mode is Mode.ONSITE else None
    if visit is None or not visit.met or visit.started_at is None:
        return False
    return records.is_signed_by_officers(session, record, visit)


def _is_way(office: Office, task: InspectionTask) -> bool:
    return Confirmation.SIGNATURE in office.rules(task.rules_on).names("record.confirmation")


def _own(session: TenantSession, record: InspectionRecord, addendum: int = 0) -> Signature | None:
    return next((row for row in records.signatures(session, record, addendum) if row.party is Party.OBJECT), None)
