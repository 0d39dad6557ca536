"""Records 检查记录 (article 13): opened with a copy of the form, written, signed or refused, submitted by the leader.

A record of a written or network inspection has no visit and no signature of the object (R12.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, func, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, new_id, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections import policy, visits
from shuangsui.inspections.states import Confirmation, Mode, Party, RecordState, TaskState
from shuangsui.inspections.submission_state import waiting_in, written
from shuangsui.inspections.tables import (
    Addendum,
    Evidence,
    InspectionRecord,
    InspectionTask,
    Signature,
    SignatureContact,
    Visit,
)
from shuangsui.inspections.tasks import find_to_change_task, require_task_state, team_of
from shuangsui.ledger.service import record as note
from shuangsui.vault.policy import Place
from shuangsui.vault.service import Sealing

SIGNED = (RecordState.CONFIRMED, RecordState.REFUSED_RECORDED, RecordState.CONCLUDED)
"""States in which a record has a text that addenda may correct."""


def open_record(session: TenantSession, no: str, form: Mapping[str, Any], *, actor: str) -> InspectionRecord:
    """The task's record, opened at first use with a copy of ``form`` {code, version, title, points}."""
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    if found := record_of(session, task):
        return found
    require_task_state(task, "填写检查记录", TaskState.ACCEPTED, TaskState.UNDERWAY)
    made = InspectionRecord(task_id=task.id, form=dict(form))
    session.add(made)
    payload = {"form": form["code"], "version": form["version"]}
    note(session, "record.open", actor=actor, subject=f"task/{no}", payload=payload)
    return made


def write(
    session: TenantSession, no: str, content: Mapping[str, Any], *, base_revision: int, actor: str
) -> InspectionRecord:
    """Put answers and facts down; ``base_revision`` is what the writer had seen.

    :class:`RuleRefused` ``record_readonly`` before two officers are there (R13.1), ``record_signed`` after signing
    (R13.8), ``record_changed`` when somebody else was quicker.
    """
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    record = require_open(session, task)
    policy.check_content(record.form["points"], content)
    if base_revision != record.revision:
        raise RuleRefused("record_changed", task=no, revision=record.revision)
    record.answers = {**record.answers, **content.get("answers", {})}
    record.facts = content.get("facts", record.facts)
    record.revision += 1
    written(record, content)
    session.add(record)
    note(session, "record.write", actor=actor, subject=f"task/{no}", payload={"revision": record.revision, **content})
    return record


def sign(
    session: TenantSession,
    no: str,
    person: str,
    party: Party,
    *,
    actor: str,
    how: Confirmation = Confirmation.SIGNATURE,
    role: str = "",
    contact: Sealing | None = None,
    base_revision: int | None = None,
) -> Signature:
    """One signature or seal under the record (R13.4 to R13.6); certificates must have been shown (R13.2).

    ``contact`` is the witness's, ``office.vault.sealing(…)``. ``base_revision`` is that of the text which the signer
    read, None where no text was shown (the command line): :class:`RuleRefused` ``record_differs`` if it has changed.
    """
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    record = require_text(session, task, base_revision)
    require_certificates(session, task)
    check_signer(session, task, person, party)
    made = add_signature(session, task, record, 0, (person, party, how, role), actor)
    if contact:
        _keep_contact(session, made, contact)
    return made


def refuse(
    session: TenantSession, no: str, reason: str, *, actor: str, base_revision: int | None = None
) -> InspectionRecord:
    """The object will not sign: the reason is noted; the officers sign all the same (R13.5).

    ``base_revision`` as in :func:`sign`.
    """
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    record = require_text(session, task, base_revision)
    if not reason.strip():
        raise RuleRefused("refusal_reason", article="第十三条", task=no)
    record.refusal_reason = reason.strip()
    session.add(record)
    note(session, "record.refuse", actor=actor, subject=f"task/{no}", payload={"reason": record.refusal_reason})
    return record


def add(session: TenantSession, no: str, text: str, *, actor: str) -> Addendum:
    """A correction after signing; signed again like the record, both texts stay readable (R13.8)."""
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    record = record_of(session, task)
    if record is None or record.state not in SIGNED:
        raise RuleRefused("record_unsigned", article="第十三条", task=no)
    if not text.strip():
        raise BadInput("addendum_empty")
    n = session.exec(select(func.count()).select_from(Addendum).where(Addendum.record_id == record.id)).one() + 1
    made = Addendum(record_id=record.id, n=n, text=text.strip(), by=actor, at=now(session))
    session.add(made)
    note(session, "record.add", actor=actor, subject=f"task/{no}", payload={"n": n, "text": made.text})
    return made


def sign_addendum(session: TenantSession, no: str, n: int, person: str, party: Party, *, actor: str) -> Signature:
    """A signature under an addendum."""
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    record = record_of(session, task)
    query = select(Addendum.id).where(Addendum.record_id == (record.id if record else None), Addendum.n == n)
    if record is None or not session.exec(query).first():
        raise NotFound("addendum_missing", task=no, n=n)
    check_signer(session, task, person, party)
    return add_signature(session, task, record, n, (person, party, Confirmation.SIGNATURE, ""), actor)


def settle(session: TenantSession, office: Office, task: InspectionTask, leader: str) -> InspectionRecord:
    """Judge and finish the record that the leader ``leader`` submits (R8.4); the caller ends the task.

    The refusals are those of R13.1 to R13.7 and R16.3.
    """
    record = record_of(session, task)
    if record is None:
        raise NotFound("record_missing", task=task.no)
    team = team_of(session, task)
    if leader != team[0]:
        raise RuleRefused("not_leader", article="第八条", person=leader, task=task.no)
    if task.mode is Mode.ONSITE:
        record.state = _judged_on_site(session, office, task, record)
        _stamp(session, task, record)
    else:
        policy.check_answers(record.form["points"], record.answers)
        if not record.facts.strip():
            raise RuleRefused("conclusion_missing", article="第十二条", task=task.no)
        record.state = RecordState.CONCLUDED
    record.team, record.submitted_by, record.concluded_at = team, leader, now(session)
    session.add(record)
    return record


def record_of(session: TenantSession, task: InspectionTask) -> InspectionRecord | None:
    """The task's record, if one was opened."""
    query = select(InspectionRecord).where(InspectionRecord.task_id == task.id)
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def require_open(session: TenantSession, task: InspectionTask) -> InspectionRecord:
    """The record as something to write into."""
    record = record_of(session, task)
    if record is None:
        raise NotFound("record_missing", task=task.no)
    if record.state is not RecordState.OPEN or signatures(session, record):
        raise RuleRefused("record_signed", article="第十三条", task=task.no)
    if not visits.is_writable(session, task):
        raise RuleRefused("record_readonly", article="第十三条", task=task.no)
    return record


def signatures(session: TenantSession, record: InspectionRecord, addendum: int = 0) -> Sequence[Signature]:
    """Signatures under the record, or under one of its addenda."""
    query = select(Signature).where(Signature.record_id == record.id, Signature.addendum == addendum)
    return session.exec(query.order_by(col(Signature.at), col(Signature.id))).all()


def is_signed_by_officers(session: TenantSession, record: InspectionRecord, visit: Visit) -> bool:
    """Whether every officer who was at the visit has signed (R13.4)."""
    signed = {row.person for row in signatures(session, record) if row.party is Party.OFFICER}
    return set(visits.officers_in(session, visit)) <= signed


def addenda(session: TenantSession, record: InspectionRecord) -> Sequence[Addendum]:
    """Every addendum in order."""
    return session.exec(select(Addendum).where(Addendum.record_id == record.id).order_by(col(Addendum.n))).all()


def check_signer(session: TenantSession, task: InspectionTask, person: str, party: Party) -> None:
    """An officer of the team signs as one, and nobody of it as a witness (R13.6)."""
    team = team_of(session, task)
    if not person.strip():
        raise BadInput("signer_missing")
    if (party is Party.OFFICER) is not (person in team):
        raise RuleRefused("signer_wrong", article="第十三条", person=person, task=task.no)


def require_text(session: TenantSession, task: InspectionTask, base_revision: int | None = None) -> InspectionRecord:
    """A complete record that is being signed, still the one that was read.

    ``record_missing``, ``record_signed``, ``record_readonly``, ``record_differs`` and others.
    """
    record = record_of(session, task)
    if record is None:
        raise NotFound("record_missing", task=task.no)
    if record.state is not RecordState.OPEN:
        raise RuleRefused("record_signed", article="第十三条", task=task.no)
    if not visits.is_writable(session, task):
        raise RuleRefused("record_readonly", article="第十三条", task=task.no)
    if base_revision not in (None, record.revision):
        raise RuleRefused("record_differs", article="第十三条", task=task.no, revision=record.revision)
    if waiting_in(record):
        raise RuleRefused("record_conflicts", article="第十三条", task=task.no)
    policy.check_answers(record.form["points"], record.answers)
    return record


def require_certificates(session: TenantSession, task: InspectionTask) -> None:
    """Nothing is signed on site before certificates were shown (R13.2)."""
    visit = visits.last_visit(session, task)
    if task.mode is Mode.ONSITE and (visit is None or visit.certificates_at is None):
        raise RuleRefused("certificates_not_shown", article="第十三条", task=task.no)


def add_signature(
    session: TenantSession,
    task: InspectionTask,
    record: InspectionRecord,
    addendum: int,
    signer: tuple[str, Party, Confirmation, str],
    actor: str,
) -> Signature:
    """A row of ``signer`` (name, party, how, role) under the record or an addendum, once; with its entry."""
    person, party, how, role = signer
    if any(row.person == person for row in signatures(session, record, addendum)):
        raise RuleRefused("signed_already", article="第十三条", person=person)
    made = Signature(
        record_id=record.id, addendum=addendum, party=party, person=person, how=how, role=role, by=actor,
        at=now(session),
    )  # fmt: skip
    session.add(made)
    payload = {"party": party, "how": how, "addendum": addendum, "revision": record.revision}
    note(session, "record.sign", actor=actor, subject=f"task/{task.no}", payload=payload)
    return made


def _keep_contact(session: TenantSession, signature: Signature, contact: Sealing) -> None:
    """In a row of its own, sealed; the ledger never hears of it."""
    session.flush()
    id_ = new_id()
    sealed = contact(Place(str(SignatureContact.__tablename__), "contact", id_))
    session.add(SignatureContact(id=id_, signature_id=signature.id, contact=sealed))


def _judged_on_site(
    session: TenantSession, office: Office, task: InspectionTask, record: InspectionRecord
) -> RecordState:
    """What the record of a visit has become; the first thing that is missing is refused."""
    visit = visits.last_visit(session, task)
    assert visit is not None
    if visit.ended_at is None:
        raise RuleRefused("exit_missing", article="第十六条", task=task.no)
    if not visit.met:
        _require_sought(session, office, task)
        return RecordState.UNREACHABLE
    require_certificates(session, task)
    policy.check_answers(record.form["points"], record.answers)
    if not is_signed_by_officers(session, record, visit):
        raise RuleRefused("officer_unsigned", article="第十三条", task=task.no)
    ways = office.rules(task.rules_on).names("record.confirmation")
    if any(row.party is Party.OBJECT and row.how in ways for row in signatures(session, record)):
        return RecordState.CONFIRMED
    if not record.refusal_reason:
        raise RuleRefused("object_unsigned", article="第十三条", task=task.no)
    return RecordState.REFUSED_RECORDED


def sought(session: TenantSession, office: Office, task: InspectionTask) -> tuple[int, int, int]:
    """Visits on which nobody was found, pieces of evidence, and how many of each are needed (R13.7)."""
    least = office.rules(task.rules_on).number("visit.no_contact_visits")
    found = sum(1 for visit in visits.visits_of(session, task) if not visit.met and visit.ended_at)
    proof = session.exec(select(func.count()).select_from(Evidence).where(Evidence.task_id == task.id)).one()
    return found, proof, least


def _require_sought(session: TenantSession, office: Office, task: InspectionTask) -> None:
    found, proof, least = sought(session, office, task)
    if found < least or proof < least:
        raise RuleRefused("sought_too_little", article="第十三条", visits=found, proof=proof, least=least)


def _stamp(session: TenantSession, task: InspectionTask, record: InspectionRecord) -> None:
    """补录: a record filled in after the day of the visit says so, with the delay (R13.3)."""
    visit = visits.last_visit(session, task)
    assert visit is not None
    assert visit.ended_at is not None
    moment = now(session)
    late = int((moment - visit.ended_at).total_seconds() // 60)
    record.delay_minutes = policy.delay_minutes(legal_day(visit.ended_at), legal_day(moment), late)
    record.late = record.delay_minutes > 0
