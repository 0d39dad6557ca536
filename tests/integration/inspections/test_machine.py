"""Illegal moves are impossible, not hidden: random actors push tasks and records about, lawfully and otherwise.

Whatever they try, no state stands without its evidence, nobody goes alone, a refusal leaves no trace, and the
once-a-year counters equal a recount from the ledger.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlmodel import col, func, select

from authority import Authority
from databases import SqliteFiles
from inspecting import FORM, ON_SITE
from shuangsui import db
from shuangsui.db import TenantSession, new_id, now
from shuangsui.draws import feasibility
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import codes, followup, notices, records, results, tasks, visits
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import Disposition, Party, RecordState, RectificationState, TaskState
from shuangsui.inspections.tables import Evidence, Finding, InspectionRecord, InspectionResult, InspectionTask
from shuangsui.inspections.visits import Arrival
from shuangsui.ledger.service import verify
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.planning.tables import CounterState, FrequencyCounter

HALVES, EXAMPLES, STEPS = 2, 39, 130
"""Together ten thousand steps, in two halves that may run beside each other."""
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
    row = Evidence(
        task_id=task.id, sha256=new_id().hex * 2, media_type="image/jpeg", size=1, name="a", by="x", at=now(s)
    )
    s.add(row)
    return None


def _dispose(s: TenantSession, office: Office, no: str, actor: str, chance: Random) -> object:
    due = chance.choice([None, legal_day(now(s)), legal_day(now(s)) + timedelta(days=30)])
    order = Order(chance.choice(list(Disposition)), chance.choice(WORDS), "限期整改", due, chance.choice(WORDS))
    return followup.dispose(s, office, no, 1, order, actor=actor)


def _recheck(s: TenantSession, office: Office, no: str, actor: str, chance: Random) -> object:
    term = legal_day(now(s)) + timedelta(days=chance.choice([0, 20]))
    passed = chance.random() < 0.6
    return followup.check_rectification(s, office, no, 1, passed=passed, remark="复查情况", actor=actor, new_term=term)


def _work(s: TenantSession, office: Office, no: str, actor: str, chance: Random) -> object:
    """The right next act of a task, with everything that it needs."""
    task = tasks.find_task(s, no)
    if task.state in (TaskState.DISPATCHED, TaskState.HANDED_BACK):
        return tasks.accept(s, no, actor=actor) if task.state is TaskState.DISPATCHED else None
    if task.state is TaskState.ACCEPTED:
        return _prepare(s, office, task, actor)
    if task.state is TaskState.UNDERWAY:
        return _carry_out(s, office, task, actor, chance)
    return _follow_up(s, office, task, chance) if task.state is TaskState.ENDED else None


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
    signed = [row.person for row in records.signatures(s, record)] if record else []
    unsigned = [person for person in visits.officers_in(s, visit) if person not in signed]
    if visit.ended_at is None and visit.started_at and visit.certificates_at is None:
        return visits.show_certificates(s, task.no, visits.officers_in(s, visit), actor=actor)
    if record is None or not record.answers:
        record = records.open_record(s, task.no, FORM, actor=actor)
        answer = chance.choice([{"answer": "yes"}, {"answer": "no", "facts": "查明的情况"}])
        return records.write(s, task.no, {"answers": {"1": answer}}, base_revision=record.revision, actor=actor)
    if unsigned:
        return records.sign(s, task.no, unsigned[0], Party.OFFICER, actor=actor)
    if "负责人" not in signed and not record.refusal_reason:
        if chance.random() < 0.3:
            return records.refuse(s, task.no, "负责人外出", actor=actor)
        return records.sign(s, task.no, "负责人", Party.OBJECT, actor=actor)
    if visit.ended_at is None:
        there = {row.person for row in visits.presences(s, visit)} - visits.gone(s, visit)
        return visits.leave(s, task.no, min(there), actor=actor)
    wrong = record.answers["1"].get("answer") == "no"
    category = "cannot_contact" if not visit.met else "pending" if wrong else "no_problem"
    return results.submit(s, office, task.no, (category,), leader=team[0], actor=actor)


def _follow_up(s: TenantSession, office: Office, task: InspectionTask, chance: Random) -> object:
    for finding in followup.findings_of(s, task):
        made = followup.rectification_of(s, finding)
        if finding.disposition is None:
            due = legal_day(now(s)) + timedelta(days=30)
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
    TaskState.DISPATCHED: ("accept", "hand_back", "cancel"),
    TaskState.ACCEPTED: ("propose", "issue", "deliver", "code", "no_code", "check_in", "check_in", "check_in"),
    TaskState.UNDERWAY: (
        "check_in", "certificates", "write", "sign", "sign", "sign", "refuse", "leave", "leave", "submit", "submit",
        "nobody", "photo",
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


class Machine(RuleBasedStateMachine):
    """Two tasks of one draw, in a copy of the database of its own."""

    template: ClassVar[Path]
    office: ClassVar[Office]
    half: ClassVar[int] = 0
    steps: ClassVar[int] = 0
    reached: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")
        self.folder = Path(mkdtemp(prefix="shuangsui-machine-", dir=memory if memory.is_dir() else None))
        shutil.copy(self.template, self.folder / "m.db")
        self.engine = db.engine(f"sqlite:///{self.folder / 'm.db'}", simulated_clock=True)
        with self.session() as session:
            self.numbers = [task.no for task in tasks.all_tasks(session)][:2]

    def session(self, *, readonly: bool = False) -> Any:
        return db.session(self.engine, "chongqing", readonly=readonly)

    @rule(seed=st.integers(0, 2**32 - 1))
    def step(self, seed: int) -> None:
        """Half of the time the right next act, else something likely in this state, else anything by anybody."""
        chance = Random(f"{self.half}/{seed}")
        no = chance.choice(self.numbers)
        with self.session(readonly=True) as session:
            state = tasks.find_task(session, no).state
        pick = chance.random()
        if pick < 0.5:
            self._try(_work, no, "inspection", chance)
        elif pick < 0.75:
            name = chance.choice(LIKELY[state])
            self._try(ACTS[name], no, RIGHT.get(name, "inspection"), chance)
        else:
            self._try(chance.choice(list(ACTS.values())), no, chance.choice(ACTORS), chance)

    def _try(self, act: Act, no: str, actor: str, chance: Random) -> None:
        type(self).steps += 1
        with self.session(readonly=True) as session:
            before = session.exec(select(func.count()).select_from(LedgerEntry)).one()
        try:
            with self.session() as session:
                act(session, self.office, no, actor, chance)
        except ShuangsuiError:
            with self.session(readonly=True) as session:
                assert session.exec(select(func.count()).select_from(LedgerEntry)).one() == before
        with self.session(readonly=True) as session:
            self._check(session, tasks.find_task(session, no))

    def _check(self, session: TenantSession, task: InspectionTask) -> None:
        type(self).reached.add(task.state)
        assert len(tasks.team_of(session, task)) >= 2
        record = records.record_of(session, task)
        result = session.exec(select(InspectionResult).where(InspectionResult.task_id == task.id)).first()
        ended = task.state in (TaskState.ENDED, TaskState.CLOSED)
        assert ended is (task.ended_at is not None) is (result is not None)
        if task.state is TaskState.UNDERWAY or ended:
            begun = [visit for visit in visits.visits_of(session, task) if visit.started_at]
            assert begun
            assert all(len(visits.officers_in(session, visit)) >= 2 for visit in begun)
            self._check_code(session, task)
        if ended:
            assert record is not None
            self._check_record(session, task, record)
        for finding in followup.findings_of(session, task):
            self._check_finding(session, task, finding)
        assert _counter(session, task) == _recount(session, task)

    def _check_code(self, session: TenantSession, task: InspectionTask) -> None:
        filing = codes.filing_of(session, task)
        assert task.code is not None or (filing is not None and filing.due is not None)

    def _check_finding(self, session: TenantSession, task: InspectionTask, finding: Finding) -> None:
        assert task.state is not TaskState.CLOSED or finding.disposition is not None
        made = followup.rectification_of(session, finding)
        assert (made is not None) is (finding.disposition is Disposition.RECTIFY)
        if made is not None:
            type(self).reached.add(made.state)
            assert (made.state is RectificationState.PASSED) is (finding.closed_at is not None)
            assert made.state is RectificationState.ORDERED or made.statement
            assert made.state is not RectificationState.PASSED or made.checked_by != made.submitted_by

    def _check_record(self, session: TenantSession, task: InspectionTask, record: InspectionRecord) -> None:
        type(self).reached.add(record.state)
        signed = records.signatures(session, record)
        visit = visits.last_visit(session, task)
        assert visit is not None
        assert visits.minutes(visit) is not None
        assert record.submitted_by == tasks.team_of(session, task)[0]
        if record.state is RecordState.UNREACHABLE:
            assert sum(not one.met for one in visits.visits_of(session, task)) >= 2
            return
        officers = {row.person for row in signed if row.party is Party.OFFICER}
        assert officers >= set(visits.officers_in(session, visit))
        assert visit.certificates_at is not None
        confirmed = any(row.party is Party.OBJECT for row in signed)
        assert (record.state is RecordState.CONFIRMED) is confirmed
        assert confirmed or record.refusal_reason

    def teardown(self) -> None:
        with self.session() as session:
            assert verify(session).faults == ()
        self.engine.dispose()
        shutil.rmtree(self.folder)


def _counter(session: TenantSession, task: InspectionTask) -> CounterState:
    query = select(FrequencyCounter.state).where(FrequencyCounter.object_code == task.object_code)
    return session.exec(query).one()


def _recount(session: TenantSession, task: InspectionTask) -> CounterState:
    """From the ledger alone: consumed by its result, released by its cancellation, else reserved."""
    query = select(LedgerEntry.act).where(LedgerEntry.subject == f"task/{task.no}")
    acts = session.exec(query.where(col(LedgerEntry.act).in_(("task.result", "task.cancel")))).all()
    ends = {"task.result": CounterState.CONSUMED, "task.cancel": CounterState.RELEASED}
    return ends[acts[-1]] if acts else CounterState.RESERVED


@pytest.mark.parametrize("half", range(HALVES))
def test_ten_thousand_steps_leave_nothing_unlawful(
    half: int, sqlite_files: SqliteFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way to a closed task is walked, so that what is claimed of it has been looked at."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    database = sqlite_files.create()
    authority = Authority(db.engine(database.app, simulated_clock=True), tmp_path)
    authority.ready()
    draw = authority.draw()
    with authority.session() as session:
        tasks.dispatch(session, authority.office, draw.no, actor="lead", **ON_SITE)
    authority.engine.dispose()
    Machine.half, Machine.steps, Machine.reached = half, 0, set()
    Machine.template, Machine.office = Path(database.app.removeprefix("sqlite:///")), authority.office
    chosen = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Machine, settings=chosen)
    assert Machine.steps >= 10_000 // HALVES
    assert Machine.reached >= {TaskState.UNDERWAY, TaskState.ENDED, TaskState.CLOSED, RecordState.CONFIRMED}
