"""Visits 现场检查 (article 13): who was there and when, certificates shown, nobody found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from shuangsui.access.service import require
from shuangsui.db import TenantSession, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.inspections import codes, frequencies
from shuangsui.inspections.notices import notice_of
from shuangsui.inspections.states import Direction, Mode, Party, TaskState
from shuangsui.inspections.tables import InspectionTask, Presence, Visit
from shuangsui.inspections.tasks import experts_of, find_to_change_task, move, require_task_state, team_of
from shuangsui.ledger.service import record
from shuangsui.planning.policy import officers
from shuangsui.rules import calendars


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who is where: a certificate number, an expert's number or a witness's name; the place; the device's own time."""

    person: str
    place: str
    party: Party = Party.OFFICER
    device_at: datetime | None = None
    counter: int | None = None


def check_in(session: TenantSession, office: Office, no: str, arrival: Arrival, *, actor: str) -> Visit:
    """A person arrives; with the second officer the visit begins and the record may be written (R13.1).

    :class:`RuleRefused` ``notice_missing``, ``not_of_team``, ``checked_in``, ``code_missing``, ``visit_cap``.
    """
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    require_task_state(task, "签到", TaskState.ACCEPTED, TaskState.UNDERWAY)
    if task.mode is not Mode.ONSITE:
        raise RuleRefused("not_onsite", article="第十二条", task=no)
    if notice_of(session, task) is None:
        raise RuleRefused("notice_missing", article="第十一条", task=no)
    if not arrival.place.strip():
        raise BadInput("place_missing")
    _require_member(session, task, arrival)
    if (visit := _current(session, task)) is None:
        visit = _opened(session, office, task)
    if any(row.person == arrival.person for row in presences(session, visit)):
        raise RuleRefused("checked_in", article="第十三条", person=arrival.person)
    _noted(session, visit, arrival, Direction.IN)
    payload = {"visit": visit.n, "person": arrival.person, "party": arrival.party, "place": arrival.place}
    record(session, "visit.check_in", actor=actor, subject=f"task/{no}", payload=payload)
    if visit.started_at is None and len(officers_in(session, visit)) >= _least(office, task):
        _begun(session, office, task, visit, actor)
    return visit


def show_certificates(session: TenantSession, no: str, certificates: Sequence[str], *, actor: str) -> Visit:
    """The step of showing certificates, with the numbers (R13.2); those of everybody who checked in as an officer."""
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    visit = require_started(session, task)
    if set(certificates) != set(officers_in(session, visit)):
        raise RuleRefused("certificates_incomplete", article="第十三条", task=no)
    visit.certificates, visit.certificates_at = sorted(certificates), now(session)
    session.add(visit)
    payload = {"visit": visit.n, "certificates": visit.certificates}
    record(session, "visit.certificates", actor=actor, subject=f"task/{no}", payload=payload)
    return visit


def leave(session: TenantSession, no: str, person: str, *, actor: str) -> Visit:
    """A person leaves; when the last officer has left, the visit has ended (R16.3)."""
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    visit = _current(session, task)
    there = {row.person: row for row in presences(session, visit)} if visit else {}
    if visit is None or person not in there:
        raise RuleRefused("not_checked_in", article="第十三条", person=person)
    if person in gone(session, visit):
        raise RuleRefused("left_already", article="第十六条", person=person)
    _noted(session, visit, Arrival(person, there[person].place, there[person].party), Direction.OUT)
    record(session, "visit.leave", actor=actor, subject=f"task/{no}", payload={"visit": visit.n, "person": person})
    if set(officers_in(session, visit)) <= gone(session, visit):
        visit.ended_at = now(session)
        session.add(visit)
    return visit


def nobody_found(session: TenantSession, no: str, *, actor: str) -> Visit:
    """Nobody of the object is to be found at its registered address (R13.7); said before the team leaves."""
    require(session, actor, "inspect")
    task = find_to_change_task(session, no)
    visit = require_started(session, task)
    visit.met = False
    session.add(visit)
    record(session, "visit.nobody_found", actor=actor, subject=f"task/{no}", payload={"visit": visit.n})
    return visit


def require_started(session: TenantSession, task: InspectionTask) -> Visit:
    """The visit going on with enough officers; ``one_officer`` (R13.1)."""
    visit = _current(session, task)
    if visit is None or visit.started_at is None:
        raise RuleRefused("one_officer", article="第十三条", task=task.no)
    return visit


def is_writable(session: TenantSession, task: InspectionTask) -> bool:
    """Whether the record form takes entries: on site only once enough officers have checked in (R13.1)."""
    if task.mode is not Mode.ONSITE:
        return task.state in (TaskState.ACCEPTED, TaskState.UNDERWAY)
    return task.state is TaskState.UNDERWAY and any(visit.started_at for visit in visits_of(session, task))


def visits_of(session: TenantSession, task: InspectionTask) -> Sequence[Visit]:
    """Every visit, re-checks included, in order."""
    return session.exec(select(Visit).where(Visit.task_id == task.id).order_by(col(Visit.n))).all()


def last_visit(session: TenantSession, task: InspectionTask) -> Visit | None:
    """The newest visit of the inspection itself."""
    return next((visit for visit in reversed(visits_of(session, task)) if not visit.recheck), None)


def unsubmitted(session: TenantSession) -> Iterator[tuple[InspectionTask, datetime]]:
    """Drawn tasks whose team has left and whose record is not submitted, with when it left."""
    query = (
        select(InspectionTask, Visit)
        .join(Visit, col(Visit.task_id) == InspectionTask.id)
        .where(InspectionTask.state == TaskState.UNDERWAY, col(InspectionTask.drawn_id).is_not(None))
        .where(col(Visit.recheck).is_(False))
    )
    newest = {task.no: (task, visit.ended_at) for task, visit in session.exec(query.order_by(col(Visit.n)))}
    return ((task, left) for task, left in newest.values() if left)


def nobody_met(session: TenantSession, task: InspectionTask) -> bool:
    """Whether the newest visit of the inspection found nobody (R13.7): such a record takes no signature."""
    visit = last_visit(session, task)
    return visit is not None and not visit.met


def presences(session: TenantSession, visit: Visit) -> Sequence[Presence]:
    """Arrivals at a visit, in order."""
    query = select(Presence).where(Presence.visit_id == visit.id, Presence.direction == Direction.IN)
    return session.exec(query.order_by(col(Presence.at), col(Presence.id))).all()


def officers_in(session: TenantSession, visit: Visit) -> list[str]:
    """Officers of the team who checked in; experts and witnesses do not count (R13.1)."""
    return [row.person for row in presences(session, visit) if row.party is Party.OFFICER]


def minutes(visit: Visit) -> int | None:
    """Length of a visit that has begun and ended (R16.3)."""
    if visit.started_at is None or visit.ended_at is None:
        return None
    return int((visit.ended_at - visit.started_at).total_seconds() // 60)


def _require_member(session: TenantSession, task: InspectionTask, arrival: Arrival) -> None:
    """A member of the team is no witness, and nobody else is an officer (R13.6)."""
    team, experts = team_of(session, task), experts_of(session, task)
    fits = {
        Party.OFFICER: arrival.person in team,
        Party.EXPERT: arrival.person in experts,
        Party.WITNESS: arrival.person not in (*team, *experts) and bool(arrival.person.strip()),
        Party.OBJECT: False,
    }
    if not fits[arrival.party]:
        raise RuleRefused("not_of_team", article="第十三条", person=arrival.person, task=task.no)


def _least(office: Office, task: InspectionTask) -> int:
    return officers(office.rules(task.rules_on), task.family).least


def _current(session: TenantSession, task: InspectionTask) -> Visit | None:
    return next((visit for visit in visits_of(session, task) if visit.ended_at is None), None)


def _opened(session: TenantSession, office: Office, task: InspectionTask) -> Visit:
    codes.require_code(session, office, task)
    visit = Visit(task_id=task.id, n=len(visits_of(session, task)) + 1)
    frequencies.require_room(session, office, task, visit, legal_day(now(session)))
    session.add(visit)
    session.flush()
    return visit


def _begun(session: TenantSession, office: Office, task: InspectionTask, visit: Visit, actor: str) -> None:
    """Two are there: what the visit counts for begins now."""
    visit.started_at = now(session)
    session.add(visit)
    today = legal_day(visit.started_at)
    frequencies.enter(session, office, task, visit, today)
    codes.visit_begun(session, office, calendars.in_force(session, office.tenant), task, today)
    move(session, task, "begin", actor=actor, visit=visit.n)


def gone(session: TenantSession, visit: Visit) -> set[str]:
    """Everybody who has left a visit."""
    query = select(Presence.person).where(Presence.visit_id == visit.id, Presence.direction == Direction.OUT)
    return set(session.exec(query))


def _noted(session: TenantSession, visit: Visit, arrival: Arrival, direction: Direction) -> None:
    earlier = session.exec(
        select(Presence).where(Presence.visit_id == visit.id, col(Presence.counter).is_not(None))
    ).all()
    session.add(
        Presence(
            visit_id=visit.id, person=arrival.person, party=arrival.party, direction=direction, at=now(session),
            device_at=arrival.device_at, counter=arrival.counter, place=arrival.place.strip(),
            clock_jump=_jumps(earlier, arrival),
        )
    )  # fmt: skip
    session.flush()


def _jumps(earlier: Sequence[Presence], arrival: Arrival) -> bool:
    """Whether the device's clock ran backwards while its counter went on (R13.9)."""
    if arrival.counter is None or arrival.device_at is None:
        return False
    before = [row.device_at for row in earlier if row.device_at and (row.counter or 0) < arrival.counter]
    return bool(before) and max(before) > arrival.device_at
