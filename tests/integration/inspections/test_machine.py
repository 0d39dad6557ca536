"""Illegal moves are impossible, not hidden: random actors push tasks and records about, lawfully and otherwise.

Whatever they try, no state stands without its evidence, no closed task without its dispositions, nobody goes alone, a
refusal leaves no trace, and the once-a-year counters equal a recount from the ledger. Every state is reached, so that
what is claimed of it has been looked at.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import Engine
from sqlmodel import col, func, select

from authority import Authority
from databases import SqliteFiles
from inspecting import ON_SITE
from random_acts import chosen
from shuangsui import db
from shuangsui.db import TenantSession
from shuangsui.draws import feasibility
from shuangsui.draws.office import Office
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import codes, followup, notices, records, tasks, visits
from shuangsui.inspections.policy import MOVES
from shuangsui.inspections.states import Disposition, Party, RecordState, RectificationState, TaskState
from shuangsui.inspections.tables import (
    Finding,
    InspectionRecord,
    InspectionResult,
    InspectionTask,
    Transfer,
)
from shuangsui.ledger.service import verify
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.planning.tables import CounterState, FrequencyCounter
from thorough import times

EXAMPLES, STEPS = times(101, 26), 100
"""Together ten thousand steps in a thorough run."""
MEMORY = Path("/dev/shm")
RARE = {RecordState.UNREACHABLE}
"""Nobody there on two visits: takes a thorough run to happen by chance."""
ON_SITE_RECORDS = set(RecordState) - {RecordState.OPEN, RecordState.CONCLUDED}
"""How the record of an ended inspection on site may stand."""
STEPS_TAKEN = {f"task.{step}" for step in MOVES}


class Machine(RuleBasedStateMachine):
    """Two tasks of one draw, in a fresh copy of the database; the engine, and what it has compiled, stays."""

    template: ClassVar[Path]
    file: ClassVar[Path]
    engine: ClassVar[Engine]
    office: ClassVar[Office]
    examples: ClassVar[int] = 0
    steps: ClassVar[int] = 0
    reached: ClassVar[set[StrEnum]] = set()

    def __init__(self) -> None:
        super().__init__()
        type(self).examples += 1
        self.n = 0
        self.engine.dispose()
        for journal in self.file.parent.iterdir():
            journal.unlink()
        shutil.copy(self.template, self.file)
        with self.session() as session:
            self.numbers = [task.no for task in tasks.all_tasks(session)][:2]

    def session(self, *, readonly: bool = False) -> Any:
        return db.session(self.engine, "chongqing", readonly=readonly)

    @rule(seed=st.integers(0, 2**32 - 1))
    def step(self, seed: int) -> None:
        """Mostly the right next act, else something likely in this state, else anything by anybody.

        The example's number is in the seed, since hypothesis likes to take a sequence of an earlier example again.
        """
        self.n += 1
        chance = Random(f"{self.examples}/{self.n}/{seed}")
        no, pick = chance.choice(self.numbers), chance.random()
        type(self).steps += 1
        before = 0
        try:
            with self.session() as session:
                before = _entries(session)
                act, actor = chosen(session, no, pick, chance)
                act(session, self.office, no, actor, chance)
        except ShuangsuiError:
            with self.session(readonly=True) as session:
                assert _entries(session) == before
        else:
            with self.session(readonly=True) as session:
                self._check(session, tasks.find_task(session, no))

    def _check(self, session: TenantSession, task: InspectionTask) -> None:
        type(self).reached.add(task.state)
        team, acts = tasks.team_of(session, task), _acts(session, task)
        assert len(team) >= 2
        self._check_state(task, acts)
        record = records.record_of(session, task)
        result = session.exec(select(InspectionResult).where(InspectionResult.task_id == task.id)).first()
        ended = task.state in (TaskState.ENDED, TaskState.CLOSED)
        assert ended is (task.ended_at is not None) is (result is not None)
        if task.state is TaskState.UNDERWAY or ended:
            begun = [visit for visit in visits.visits_of(session, task) if visit.started_at]
            assert begun
            assert all(len(visits.officers_in(session, visit)) >= 2 for visit in begun)
            assert notices.notice_of(session, task) is not None
            assert notices.approval_of(session, task) is not None
            self._check_code(session, task)
        if ended:
            assert record is not None
            self._check_record(session, task, record, team[0])
        for finding in followup.findings_of(session, task):
            self._check_finding(session, task, finding)
        assert _counter(session, task) == _recount(acts)

    def _check_code(self, session: TenantSession, task: InspectionTask) -> None:
        filing = codes.filing_of(session, task)
        assert task.code is not None or (filing is not None and filing.due is not None)

    def _check_state(self, task: InspectionTask, acts: Sequence[str]) -> None:
        """What each state of a task rests on; the ledger tells of the newest step."""
        steps = {
            TaskState.DISPATCHED: (None, "task.dispatch_again"), TaskState.ACCEPTED: ("task.accept",),
            TaskState.UNDERWAY: ("task.begin",), TaskState.ENDED: ("task.end",), TaskState.CLOSED: ("task.close",),
            TaskState.HANDED_BACK: ("task.hand_back",), TaskState.CANCELLED: ("task.cancel",),
        }  # fmt: skip
        moves = [act for act in acts if act in STEPS_TAKEN]
        assert (moves[-1] if moves else None) in steps[task.state]
        if task.state in (TaskState.HANDED_BACK, TaskState.CANCELLED):
            assert task.reason
        if task.state in (TaskState.ACCEPTED, TaskState.UNDERWAY, TaskState.ENDED, TaskState.CLOSED):
            assert task.accepted_by
        assert (task.state is TaskState.CLOSED) is (task.closed_at is not None) is (task.closed_by is not None)

    def _check_finding(self, session: TenantSession, task: InspectionTask, finding: Finding) -> None:
        assert task.state is not TaskState.CLOSED or finding.disposition is not None
        if finding.disposition is not None:
            type(self).reached.add(finding.disposition)
        if finding.disposition in (Disposition.CASE, Disposition.TRANSFER):
            sent = session.exec(select(Transfer).where(Transfer.finding_id == finding.id)).one()
            assert bool(sent.receipt) is (finding.closed_at is not None)
            assert sent.receipt or task.state is not TaskState.CLOSED
        made = followup.rectification_of(session, finding)
        assert (made is not None) is (finding.disposition is Disposition.RECTIFY)
        if made is not None:
            type(self).reached.add(made.state)
            assert (made.state is RectificationState.PASSED) is (finding.closed_at is not None)
            assert made.state is RectificationState.ORDERED or made.statement
            assert made.state is not RectificationState.PASSED or made.checked_by != made.submitted_by

    def _check_record(
        self, session: TenantSession, task: InspectionTask, record: InspectionRecord, leader: str
    ) -> None:
        type(self).reached.add(record.state)
        signed = records.signatures(session, record)
        visit = visits.last_visit(session, task)
        assert visit is not None
        assert visits.minutes(visit) is not None
        assert record.submitted_by == leader
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


def _entries(session: TenantSession) -> int:
    return session.exec(select(func.count()).select_from(LedgerEntry)).one()


def _acts(session: TenantSession, task: InspectionTask) -> Sequence[str]:
    """What the ledger says was done with the task, in order."""
    query = select(LedgerEntry.act).where(LedgerEntry.subject == f"task/{task.no}")
    return session.exec(query.order_by(col(LedgerEntry.n))).all()


def _counter(session: TenantSession, task: InspectionTask) -> CounterState:
    query = select(FrequencyCounter.state).where(FrequencyCounter.object_code == task.object_code)
    return session.exec(query).one()


def _recount(acts: Sequence[str]) -> CounterState:
    """From the ledger alone: consumed by its result, released by its cancellation, else reserved."""
    ends = {"task.result": CounterState.CONSUMED, "task.cancel": CounterState.RELEASED}
    found = [ends[act] for act in acts if act in ends]
    return found[-1] if found else CounterState.RESERVED


def test_random_steps_leave_nothing_unlawful(
    sqlite_files: SqliteFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every state of task, record, finding and rectification is reached and bears its evidence."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    database = sqlite_files.create()
    authority = Authority(db.engine(database.app, simulated_clock=True), tmp_path)
    authority.ready()
    draw = authority.draw()
    with authority.session() as session:
        tasks.dispatch(session, authority.office, draw.no, actor="lead", **ON_SITE)
    authority.engine.dispose()
    Machine.examples, Machine.steps, Machine.reached = 0, 0, set()
    Machine.template, Machine.office = Path(database.app.removeprefix("sqlite:///")), authority.office
    Machine.file = Path(mkdtemp(prefix="shuangsui-machine-", dir=MEMORY if MEMORY.is_dir() else None)) / "m.db"
    Machine.engine = db.engine(f"sqlite:///{Machine.file}", simulated_clock=True)
    chosen = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    try:
        run_state_machine_as_test(Machine, settings=chosen)
    finally:
        Machine.engine.dispose()
        shutil.rmtree(Machine.file.parent)
    assert Machine.steps >= (EXAMPLES - 1) * STEPS
    every = {*TaskState, *ON_SITE_RECORDS, *RectificationState, *Disposition}
    assert every - Machine.reached <= times(set(), RARE)
    assert Machine.reached <= every
