"""The installation under test: a PostgreSQL, an authority with four channels, a drawn round, and results to come."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import select

from authority import Authority, inspectors, line_terms, objects
from databases import Database, PostgresServer
from disclosing import CODE, uscc
from inspecting import ON_SITE
from shuangsui import db
from shuangsui.calendar import official
from shuangsui.db import TenantSession
from shuangsui.disclosure import rulings
from shuangsui.draws import feasibility
from shuangsui.draws.tables import DrawnTask
from shuangsui.inspections import tasks
from shuangsui.inspections.states import TaskState
from shuangsui.inspections.tables import InspectionResult, InspectionTask
from shuangsui.tenancy.tree import load
from shuangsui.testing.faults import Fault
from shuangsui.testing.sink import TOKEN, Sink

ROOT = Path(__file__).parents[2]
SLUG, ITEM, CREDIT_CODE = "chongqing", "JX-09", CODE
EXPORTERS = ("gsxt", "supervision", "credit-china")
PUBLIC = "委门户网站公示；归集至国家企业信用信息公示系统（重庆）"
WITNESSES = ("yuzhong", "liangjiang")
PORTAL = "channel-portal/portal"
DOWN, LOSSY, REPEATING = EXPORTERS
CHANNELS = (PORTAL, *(f"exporter-{name}/{name}" for name in EXPORTERS))
START = date(2026, 7, 13)
"""A Monday without holidays in the weeks around it."""
ZONE = ZoneInfo("Asia/Shanghai")
LOST = 0.1


@dataclass(frozen=True, slots=True)
class Coming:
    """A result of ``ended`` that is decided on at ``at``; ``hopeless``: due while its channel is down."""

    no: str
    ended: date
    at: datetime
    hopeless: bool


@dataclass
class Installation:
    """What the run works on; ``sinks`` by the exporter's name."""

    folder: Path
    database: Database
    engine: Engine
    authority: Authority
    sinks: dict[str, Sink]
    coming: list[Coming] = field(default_factory=list)

    def session(self, *, readonly: bool = False) -> TenantSession:
        return db.session(self.engine, SLUG, readonly=readonly)

    def environment(self, broker: str | None) -> dict[str, str]:
        """Of the worker."""
        told = {
            "VAR": str(self.folder / "var"), "TENANTS": str(self.folder / "tenants"),
            "DATABASE_URL": self.database.app, "WORKER_DATABASE_URL": self.database.worker,
            "KEY_FILE": str(self.authority.folder / "master.key"),
            "SIMULATED_CLOCK": "1", "BROKER_URL": broker or "",
        }  # fmt: skip
        tokens = {f"SHUANGSUI_{name.upper().replace('-', '_')}_TOKEN": TOKEN for name in EXPORTERS}
        return {f"SHUANGSUI_{name}": value for name, value in told.items() if value} | tokens

    def now(self) -> datetime:
        with self.session(readonly=True) as session:
            return db.now(session)

    def move_to(self, moment: datetime) -> None:
        with self.session() as session:
            db.move_clock(session, moment - db.now(session))

    def is_down(self, down: bool) -> None:
        """Whether the first exporter's system breaks every connection off."""
        self.sinks[DOWN].fail("credit", Fault(down=True) if down else None)

    def end_and_publish(self, coming: Coming) -> None:
        """The inspection has its result, and the lead office decides on it: two transactions, the second an act."""
        with self.session() as session:
            _end(session, coming)
        with self.session() as session:
            rulings.publish(session, coming.no, actor="lead")


def moment(day: int, hour: float) -> datetime:
    """So many hours after midnight of a day of the run, counted from 0."""
    return datetime.combine(START, time(), ZONE).astimezone(UTC) + timedelta(days=day, hours=hour)


@contextmanager
def installed(folder: Path, server: PostgresServer, publications: int, hopeless: int) -> Iterator[Installation]:
    """Up to the first day of the run: everybody drawn, tasks with the inspecting office."""
    database = server.create()
    engine = db.engine(database.app, simulated_clock=True)
    sinks = {name: Sink() for name in EXPORTERS}
    try:
        for sink in sinks.values():
            sink.__enter__()
        sinks[LOSSY].fail("credit", Fault(lost=True, share=LOST))
        sinks[REPEATING].fail("credit", Fault(again=True))
        _configure(folder / "tenants", sinks)
        authority = _authority(engine, folder)
        made = Installation(folder, database, engine, authority, sinks)
        made.coming = _coming(_drawn(authority, publications + hopeless), hopeless)
        made.move_to(moment(0, 0))
        yield made
    finally:
        for sink in sinks.values():
            sink.__exit__(None, None, None)
        engine.dispose()
        server.drop(database)


def _configure(tenants: Path, sinks: dict[str, Sink]) -> None:
    """The city with its witnesses, and nobody else: every authority more would have a daily sweep of its own."""
    shutil.copytree(ROOT / "tenants", tenants)
    for district in (tenants / SLUG / "districts").iterdir():
        if district.name not in WITNESSES:
            shutil.rmtree(district)
            continue
        lines = (district / "tenant.toml").read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("witnesses")]
        (district / "tenant.toml").write_text("".join(kept), "utf-8")
    file = tenants / SLUG / "tenant.toml"
    listed = ", ".join(f'"exporter-{name}"' for name in EXPORTERS)
    text = file.read_text("utf-8").replace('"channel-portal"', f'"channel-portal", {listed}')
    text = text.replace("[[areas]]", f'credit_code = "{CREDIT_CODE}"\n\n[[areas]]', 1)
    own = {LOSSY: f'department = "JXW"\nitems = ["{ITEM}=50012345678901={CREDIT_CODE}2A0001"]\n'}
    for name, sink in sinks.items():
        address = f'address = "{sink.url("credit")}/{name}"\ntimeout_seconds = 20\n'
        text += f"\n[options.exporter-{name}]\n{address}{own.get(name, '')}"
    file.write_text(text, "utf-8")


def _authority(engine: Engine, folder: Path) -> Authority:
    work = folder / "authority"
    work.mkdir()
    made = Authority(engine, work)
    tree = load(folder / "tenants")
    made.office = type(made.office)(tree, tree.get(SLUG), made.office.keyring)
    return made


def _drawn(authority: Authority, count: int) -> Sequence[str]:
    """Numbers of the tasks of one draw in which every object was drawn."""
    feasibility.TRIALS = 3
    rows = objects(count, ITEM)
    for number, row in enumerate(rows, 1):
        row["code"] = uscc(number)
    authority.take_in(objects=rows, inspectors=inspectors(12 + count // 2))
    authority.publish_list((ITEM, "publication", PUBLIC))
    authority.publish_plan((ITEM, line_terms(expert=False, ALL="100%")))
    draw = authority.draw()
    with authority.session() as session:
        made = tasks.dispatch(session, authority.office, draw.no, actor="lead", **ON_SITE)
        return [task.no for task in made]


def _coming(numbers: Sequence[str], hopeless: int) -> list[Coming]:
    """Results of the run's first five days, in working hours; the hopeless ones had ended before."""
    found = [_old(no, n) for n, no in enumerate(numbers[:hopeless])]
    rest = numbers[hopeless:]
    for n, no in enumerate(rest):
        day, share = divmod(n * 5 / len(rest), 1)
        found.append(Coming(no, START + timedelta(days=int(day)), moment(int(day), 9 + 8 * share), hopeless=False))
    return sorted(found, key=lambda one: one.at)


def _old(no: str, n: int) -> Coming:
    """Ended 15 to 6 working days before the run, hence due on its fifth to fourteenth."""
    calendar, ended = official(), START
    while calendar.count(ended, START) < 6 + n % 10:
        ended -= timedelta(days=1)
    return Coming(no, ended, moment(0, 9 + n % 8), hopeless=True)


def _end(session: TenantSession, coming: Coming) -> None:
    """The rows that an inspection leaves when it has ended: the visits of a thousand would take all day."""
    task = session.exec(select(InspectionTask).where(InspectionTask.no == coming.no)).one()
    drawn = session.find(DrawnTask, task.drawn_id) if task.drawn_id else None
    assert drawn is not None
    at = min(datetime.combine(coming.ended, time(8, 30), ZONE).astimezone(UTC), db.now(session))
    task.state, task.accepted_by, task.accepted_at, task.ended_at = TaskState.CLOSED, "inspection", at, at
    task.closed_by, task.closed_at = "inspection", at
    drawn.settled = drawn.opened = True
    team = [one for one in drawn.teams if one]
    session.add_all([task, drawn, InspectionResult(
        task_id=task.id, ended=coming.ended, team=team, categories=["no_problem"], recorded_by="inspection",
        recorded_at=at,
    )])  # fmt: skip
