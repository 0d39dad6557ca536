"""What random actors do to a task and its record, lawfully and otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from inspecting import FORM
from shuangsui.db import TenantSession, new_id, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import codes, followup, notices, records, results, tasks, visits
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import Disposition, Party, RectificationState, TaskState
from shuangsui.inspections.tables import Evidence, InspectionTask, Visit
from shuangsui.inspections.visits import Arrival

ACTORS = ("lead", "inspection", "leader", "supervisor", "checker", "nobody")
Act = Callable[[TenantSession, Office, str, str, Random], object]

WORDS = ("", "理由")
CATEGORIES = ("no_problem", "corrected", "pending", "cannot_contact", "no_activity", "fine")


def _person(session: TenantSession, no: str, chance: Random) -> str:
    team = tasks.team_of(session, tasks.find_task(session, no))
    return chance.choice([*team, *team, "ZF9999", "王某"])


def _check_in(s: TenantSession, office: Office, no: str, actor: str, chance: Random) -> object:
    party = chance.choice([Party.OFFICER, Party.OFFICER, Party.OFFICER, Party.WITNESS, Party.OBJECT])
    return visits.check_in(s, office, no, Arrival(_person(s, no, chance), "厂区", party), actor=actor)


def _show(s: TenantSession, _: Office, no: str, actor: str, chance: Random) -> object:
    team = tasks.team_of(s, tasks.find_task(s, no))
    return visits.show_certificates(s, no, chance.choice([team, team[:1]]), actor=actor)


def _write(s: TenantSession, _: Office, no: str, actor: str, chance: Random) -> object:
    record = records.open_record(s, no, FORM, actor=actor)
    answer = chance.choice([{"answer": "yes"}, {"answer": "no", "facts": "查明的情况"}, {"answer": "no"}])
    base = record.revision - chance.choice([0, 0, 0, 1])
    return records.write(s, no, {"answers": {"1": answer}, "facts": "检查情况"}, base_revision=base, actor=actor)


def _sign(s: TenantSession, _: Office, no: str, actor: str, chance: Random) -> object:
    party = chance.choice([Party.OFFICER, Party.OFFICER, Party.OBJECT, Party.WITNESS])
    person = "负责人" if party is Party.OBJECT else _person(s, no, chance)
    return records.sign(s, no, person, party, actor=actor)


def _submit(s: TenantSession, office: Office, no: str, actor: str, chance: Random) -> object:
    categories = (chance.choice(CATEGORIES),)
    return results.submit(s, office, no, categories, leader=_person(s, no, chance), actor=actor)


def _photo(s: TenantSession, _: Office, no: str, _actor: str, chance: Random) -> object:
    task = tasks.find_task(s, no)
    if task.state is not TaskState.UNDERWAY:
        return None
    s.add(_photograph(s, task))
    return None


def _dispose(s: TenantSession, office: Office, no: str, actor: str, chance: Random) -> object:
    due = chance.choice([None, legal_day(now(s)), legal_day(now(s)) + timedelta(days=20)])
    order = Order(chance.choice(list(Disposition)), chance.choice(WORDS), "限期整改", due, chance.choice(WORDS))
    return followup.dispose(s, office, no, 1, order, actor=actor)


def _recheck(s: TenantSession, office: Office, no: str, actor: str, chance: Random) -> object:
    term = legal_day(now(s)) + timedelta(days=chance.choice([0, 20]))
    passed = chance.random() < 0.6
    return followup.check_rectification(s, office, no, 1, passed=passed, remark="复查情况", actor=actor, new_term=term)


def work(s: TenantSession, office: Office, no: str, actor: str, chance: Random) -> object:
    """The right next act of a task, with everything that it needs."""
    task = tasks.find_task(s, no)
    if task.state is TaskState.DISPATCHED:
        return _take(s, no, actor, chance)
    if task.state is TaskState.HANDED_BACK:
        return tasks.dispatch_again(s, no, actor="lead")
    if task.state is TaskState.ACCEPTED:
        return _prepare(s, office, task, actor)
    if task.state is TaskState.UNDERWAY:
        return _carry_out(s, office, task, actor, chance)
    return _follow_up(s, office, task, chance) if task.state is TaskState.ENDED else None


def _take(s: TenantSession, no: str, actor: str, chance: Random) -> object:
    """Mostly accepted; now and then handed back, or given up for good."""
    pick = chance.random()
    if pick < 0.2:
        return tasks.hand_back(s, no, "不属本处室职责", actor=actor)
    if pick < 0.25:
        return tasks.cancel(s, no, "检查对象已注销", actor="lead")
    return tasks.accept(s, no, actor=actor)


def _prepare(s: TenantSession, office: Office, task: InspectionTask, actor: str) -> object:
    if notices.approval_of(s, task) is None:
        return notices.propose_visit(s, task.no, "计划", actor=actor, urgent=True)
    if notices.notice_of(s, task) is None:
        return notices.issue(s, office, task.no, actor=actor)
    if task.code is None and codes.filing_of(s, task) is None:
        return codes.enter(s, task.no, f"ZFM-{task.no}", actor=actor)
    return _arrive(s, office, task, actor)


def _arrive(s: TenantSession, office: Office, task: InspectionTask, actor: str) -> object:
    for person in tasks.team_of(s, task):
        try:
            with s.begin_nested():
                return visits.check_in(s, office, task.no, Arrival(person, "厂区"), actor=actor)
        except ShuangsuiError:
            continue
    return None


def _carry_out(s: TenantSession, office: Office, task: InspectionTask, actor: str, chance: Random) -> object:
    visit, record, team = visits.last_visit(s, task), records.record_of(s, task), tasks.team_of(s, task)
    assert visit is not None
    if not visit.met:
        return _seek(s, office, task, visit, actor)
    signed = [row.person for row in records.signatures(s, record)] if record else []
    unsigned = [person for person in visits.officers_in(s, visit) if person not in signed]
    if visit.ended_at is None and visit.started_at and not signed and chance.random() < _absence(s, task):
        return visits.nobody_found(s, task.no, actor=actor)
    if visit.ended_at is None and visit.started_at and visit.certificates_at is None:
        return visits.show_certificates(s, task.no, visits.officers_in(s, visit), actor=actor)
    if record is None or not record.answers:
        record = records.open_record(s, task.no, FORM, actor=actor)
        answer = chance.choice([{"answer": "yes"}, *[{"answer": "no", "facts": "查明的情况"}] * 3])
        return records.write(s, task.no, {"answers": {"1": answer}}, base_revision=record.revision, actor=actor)
    if unsigned:
        return records.sign(s, task.no, unsigned[0], Party.OFFICER, actor=actor)
    if "负责人" not in signed and not record.refusal_reason:
        if chance.random() < 0.4:
            return records.refuse(s, task.no, "负责人外出", actor=actor)
        return records.sign(s, task.no, "负责人", Party.OBJECT, actor=actor)
    if visit.ended_at is None:
        there = {row.person for row in visits.presences(s, visit)} - visits.gone(s, visit)
        return visits.leave(s, task.no, min(there), actor=actor)
    wrong = record.answers["1"].get("answer") == "no"
    category = "pending" if wrong else "no_problem"
    return results.submit(s, office, task.no, (category,), leader=team[0], actor=actor)


def _absence(s: TenantSession, task: InspectionTask) -> float:
    """How likely nobody of the object is found; most likely where nobody was before."""
    return 0.7 if any(not one.met for one in visits.visits_of(s, task)) else 0.2


def _seek(s: TenantSession, office: Office, task: InspectionTask, visit: Visit, actor: str) -> object:
    """Nobody was found: everybody leaves, the team comes again, and the second time is the last (R13.7)."""
    if visit.ended_at is None:
        there = {row.person for row in visits.presences(s, visit)} - visits.gone(s, visit)
        return visits.leave(s, task.no, min(there), actor=actor)
    if sum(not one.met for one in visits.visits_of(s, task)) < 2:
        return _arrive(s, office, task, actor)
    records.open_record(s, task.no, FORM, actor=actor)
    for _ in range(2):
        s.add(_photograph(s, task))
    leader = tasks.team_of(s, task)[0]
    return results.submit(s, office, task.no, ("cannot_contact",), leader=leader, actor=actor)


def _photograph(s: TenantSession, task: InspectionTask) -> Evidence:
    return Evidence(
        task_id=task.id, sha256=new_id().hex * 2, media_type="image/jpeg", size=1, name="a", by="x", at=now(s)
    )


def _follow_up(s: TenantSession, office: Office, task: InspectionTask, chance: Random) -> object:
    for finding in followup.findings_of(s, task):
        made = followup.rectification_of(s, finding)
        if finding.disposition is None:
            due = legal_day(now(s)) + timedelta(days=20)
            order = Order(chance.choice(list(Disposition)), "理由", "限期整改", due, "有关部门")
            return followup.dispose(s, office, task.no, finding.n, order, actor="lead")
        if made and made.state is RectificationState.ORDERED:
            return followup.submit_proof(s, task.no, finding.n, "已整改", actor="inspection")
        if made and made.state is RectificationState.SUBMITTED:
            return followup.check_rectification(s, office, task.no, finding.n, passed=True, remark="", actor="checker")
        if not made and finding.closed_at is None:
            return followup.receive_receipt(s, task.no, finding.n, "收件", actor="lead")
    return followup.close(s, task.no, actor="inspection")


ACTS: dict[str, Act] = {
    "accept": lambda s, _, no, actor, __: tasks.accept(s, no, actor=actor),
    "hand_back": lambda s, _, no, actor, c: tasks.hand_back(s, no, c.choice(WORDS), actor=actor),
    "again": lambda s, _, no, actor, __: tasks.dispatch_again(s, no, actor=actor),
    "cancel": lambda s, _, no, actor, c: tasks.cancel(s, no, c.choice(WORDS), actor=actor),
    "propose": lambda s, _, no, actor, c: notices.propose_visit(
        s, no, c.choice(WORDS), actor=actor, urgent=c.random() < 0.5
    ),
    "approve": lambda s, _, no, actor, __: notices.approve_visit(s, no, actor=actor),
    "issue": lambda s, office, no, actor, c: notices.issue(
        s, office, no, actor=actor, unannounced=c.random() < 0.3, ground=c.choice(WORDS)
    ),
    "deliver": lambda s, _, no, actor, c: notices.deliver(s, no, "直接送达", c.choice(WORDS), actor=actor),
    "code": lambda s, _, no, actor, c: codes.enter(s, no, c.choice(("", "ZFM1", "ZFM2")), actor=actor),
    "no_code": lambda s, _, no, actor, c: codes.go_without(s, no, c.choice(WORDS), actor=actor),
    "file_code": lambda s, _, no, actor, c: codes.file(s, no, c.choice(WORDS), actor=actor),
    "check_in": _check_in,
    "certificates": _show,
    "nobody": lambda s, _, no, actor, __: visits.nobody_found(s, no, actor=actor),
    "leave": lambda s, _, no, actor, c: visits.leave(s, no, _person(s, no, c), actor=actor),
    "write": _write,
    "sign": _sign,
    "refuse": lambda s, _, no, actor, c: records.refuse(s, no, c.choice(WORDS), actor=actor),
    "submit": _submit,
    "photo": _photo,
    "add": lambda s, _, no, actor, c: records.add(s, no, c.choice(WORDS), actor=actor),
    "dispose": _dispose,
    "proof": lambda s, _, no, actor, c: followup.submit_proof(s, no, 1, c.choice(WORDS), actor=actor),
    "recheck": _recheck,
    "receipt": lambda s, _, no, actor, c: followup.receive_receipt(s, no, 1, c.choice(WORDS), actor=actor),
    "close": lambda s, _, no, actor, __: followup.close(s, no, actor=actor),
    "finalise": lambda s, _, no, actor, c: results.finalise(s, no, (c.choice(CATEGORIES),), actor=actor),
}
LIKELY: dict[TaskState, tuple[str, ...]] = {
    TaskState.DISPATCHED: ("accept", "hand_back"),
    TaskState.ACCEPTED: (
        "propose", "issue", "deliver", "code", "no_code", "check_in", "check_in", "check_in", "hand_back",
    ),
    TaskState.UNDERWAY: (
        "check_in", "certificates", "write", "sign", "sign", "sign", "refuse", "leave", "leave", "submit", "submit",
        "nobody", "nobody", "photo",
    ),
    TaskState.ENDED: ("add", "finalise", "dispose", "dispose", "proof", "recheck", "receipt", "close"),
    TaskState.CLOSED: ("add", "proof", "recheck", "close"),
    TaskState.HANDED_BACK: ("again", "cancel"),
    TaskState.CANCELLED: ("accept",),
}  # fmt: skip
RIGHT = {
    "again": "lead", "cancel": "lead", "approve": "leader", "finalise": "lead", "dispose": "lead", "recheck": "checker",
    "receipt": "lead",
}  # fmt: skip


def chosen(session: TenantSession, no: str, pick: float, chance: Random) -> tuple[Act, str]:
    """Mostly the right next act, else something likely in this state, else anything by anybody."""
    if pick < 0.7:
        return work, "inspection"
    if pick < 0.87:
        name = chance.choice(LIKELY[tasks.find_task(session, no).state])
        return ACTS[name], RIGHT.get(name, "inspection")
    return chance.choice(list(ACTS.values())), chance.choice(ACTORS)
