"""Three authorities, twice: once with hostile plugins, once with a decent double of each in its place.

As in production: PostgreSQL, a queue, and a worker that is a process of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, select

from authority import Authority, experts, inspectors, line_terms, objects
from console import SECRET
from databases import TENDED, Database, PostgresServer
from distributions import install
from hostility import doubled
from inspecting import ON_SITE
from openloop import Person
from queues import Queue
from serving import Server, serving, working
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.disclosure import publishing
from shuangsui.disclosure.following import press_of
from shuangsui.disclosure.service import publications
from shuangsui.draws import feasibility
from shuangsui.inspections import tasks
from shuangsui.inspections.tables import InspectionTask
from shuangsui.ledger.policy import FOLLOW
from shuangsui.outbox import ask
from shuangsui.settings import Settings

ROOT = Path(__file__).parents[2]
HERE, BESIDE, LOOSE = "chongqing", "yuzhong", "liangjiang"
"""The measured authority; one that publishes through every hostile plugin; one whose rules a plugin loosens."""
ITEM, CANARY = "JX-09", "邻机关企业（不得外见）"
STATES = {"A": "decent", "B": "hostile"}
STAYING = ("lead", "inspection", "root")
STOLEN = re.compile(r"'rows': (\d+)")


@dataclass
class Side:
    """One of the two: a server, its worker, its database, and who has signed in there."""

    state: str
    server: Server
    worker: subprocess.Popen[bytes]
    database: Database
    people: dict[str, Person]
    numbers: Iterator[str]
    root: dict[str, Person]

    def stopped(self) -> None:
        """It costs the other one nothing."""
        self._tell(signal.SIGSTOP)

    def going(self) -> None:
        self._tell(signal.SIGCONT)

    def publish_beside(self) -> None:
        """The neighbours bring their public pages up to date: a job of the worker."""
        for slug in (BESIDE, LOOSE):
            with self._session(slug) as session:
                ask(session, FOLLOW)

    def receipts(self) -> dict[str, str]:
        """Channel of a neighbour → what went wrong there at its last publication."""
        with self._session(BESIDE) as session:
            rows = [one for row in publications(session) for one in row.receipts]
        return {one["channel"]: one["problem"] for one in rows if one["problem"]}

    def _tell(self, number: signal.Signals) -> None:
        for process in (self.server.process, self.worker):
            os.killpg(process.pid, number)

    @contextmanager
    def _session(self, slug: str) -> Iterator[db.TenantSession]:
        engine = db.engine(self.database.app, simulated_clock=True)
        try:
            with db.session(engine, slug) as session:
                yield session
        finally:
            engine.dispose()


@contextmanager
def town(folder: Path, tasks_: int) -> Iterator[dict[str, Side]]:
    """Both, signed in and stopped; ``tasks_`` wait in each for being accepted."""
    with ExitStack() as stack:
        postgres = PostgresServer(folder, TENDED)
        stack.callback(postgres.stop)
        first = postgres.create()
        made = _prepared(folder, first, tasks_)
        numbers = _waiting(made)
        made.engine.dispose()
        databases = {"A": first, "B": postgres.copy(first)}
        yield {
            state: stack.enter_context(_side(folder, state, databases[state], numbers)) for state in STATES
        }  # fmt: skip


def _prepared(folder: Path, database: Database, count: int) -> Authority:
    """Everybody drawn and dispatched, the site published; the neighbours have rows that nobody else may see."""
    feasibility.TRIALS = 3
    (work := folder / "var").mkdir()
    made = Authority(db.engine(database.app, simulated_clock=True), work)
    made.take_in(objects=objects(count, ITEM), inspectors=inspectors(12 + count // 2), experts=experts(5))
    made.publish_list()
    made.publish_plan((ITEM, line_terms(expert=False, ALL="100%")))
    draw = made.draw()
    with made.session() as session:
        tasks.dispatch(session, made.office, draw.no, actor="lead", **ON_SITE)
    for neighbour in (made.beside(BESIDE), made.beside(LOOSE)):
        neighbour.take_in(objects=objects(50, ITEM, name=CANARY))
    with made.session() as session:
        access.add_user(session, "root", "root", by="sec.admin")
        for login in STAYING:
            access.give_password(session, login, by="sec.admin", own=SECRET)
    for slug in (HERE, BESIDE, LOOSE):
        with db.session(made.engine, slug) as session:
            access.grant(session, "root", Role.SYSTEM_ADMIN, by="sec.admin")
    settings = Settings(var=work, tenants=ROOT / "tenants")
    os.environ["SHUANGSUI_VAR"] = str(work)
    with made.session() as session:
        publishing.publish_site(session, made.office, press_of(made.office, settings), actor="lead")
    return made


def _waiting(made: Authority) -> list[str]:
    with made.session() as session:
        return list(session.exec(select(InspectionTask.no).order_by(col(InspectionTask.no))))


@contextmanager
def _side(folder: Path, state: str, database: Database, numbers: list[str]) -> Iterator[Side]:
    """Its server has started and signed everybody in, and is stopped until it is its turn."""
    own = folder / STATES[state]
    shutil.copytree(folder / "var", own / "var")
    (packages := own / "packages").mkdir()
    for name, sources in doubled(LOOSE).items():
        install(packages, name, sources[state == "A"])
    _configure(own / "tenants", [*doubled(LOOSE)])
    (queue := Queue("redis", own / "queue")).start()
    path = os.pathsep.join(filter(None, [str(packages), os.environ.get("PYTHONPATH", "")]))
    told = {
        "PYTHONPATH": path, "SHUANGSUI_TENANTS": str(own / "tenants"), "SHUANGSUI_DATABASE_URL": database.app,
        "SHUANGSUI_KEY_FILE": str(own / "var" / "master.key"), "SHUANGSUI_SIMULATED_CLOCK": "1",
        "SHUANGSUI_VAR": str(own / "var"), "SHUANGSUI_BROKER_URL": queue.url,
    }  # fmt: skip
    with serving(Settings(var=own / "var"), told) as server, working(told, server.log) as worker:
        people = {login: Person.of(server.url, HERE, login, SECRET) for login in STAYING}
        root = {slug: Person.of(server.url, slug, "root", SECRET) for slug in (HERE, BESIDE, LOOSE)}
        side = Side(state, server, worker, database, people, iter(numbers), root)
        side.stopped()
        try:
            yield side
        finally:
            side.going()
            queue.stop()


def _configure(tenants: Path, plugins: list[str]) -> None:
    """Every plugin is on for the three, but for the one that would leave the measured authority without rules."""
    shutil.copytree(ROOT / "tenants", tenants)
    for district in (tenants / HERE / "districts").iterdir():
        if district.name not in (BESIDE, LOOSE):
            shutil.rmtree(district)
            continue
        file = district / "tenant.toml"
        kept = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("witnesses")]
        file.write_text("\n".join(kept) + "\n", "utf-8")
    for file, switched in (
        (tenants / HERE / "tenant.toml", [one for one in plugins if one != "loosens"]),
        (tenants / HERE / "districts" / LOOSE / "tenant.toml", plugins),
    ):
        text = file.read_text("utf-8")
        listed = re.search(r"^plugins = \[(.*)\]$", text, re.MULTILINE)
        assert listed
        names = ", ".join([listed[1], *(f'"{name}"' for name in switched)])
        file.write_text(text.replace(listed[0], f"plugins = [{names}]"), "utf-8")
