"""An installation of one or many authorities on PostgreSQL and RabbitMQ: a server and a worker, each a process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from authority import Authority, objects
from console import SECRET
from databases import Database, PostgresServer
from openloop import Person
from roles import ROLES
from serving import Server, serving, working
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.catalogue import drafting
from shuangsui.sample.registries import items
from shuangsui.settings import Settings

ROOT = Path(__file__).parents[2]
HERE, ITEM = "chongqing", "JX-09"


@dataclass
class Province:
    """``people``: role → one who has signed in for each authority."""

    server: Server
    worker: subprocess.Popen[bytes]
    people: dict[str, list[Person]]

    @property
    def url(self) -> str:
        return self.server.url

    def stopped(self) -> None:
        """It costs the other one nothing."""
        self._signal(signal.SIGSTOP)

    def going(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, sign: signal.Signals) -> None:
        for process in (self.server.process, self.worker):
            os.killpg(process.pid, sign)


@contextmanager
def province(folder: Path, postgres: PostgresServer, broker: str, tenants: int, count: int) -> Iterator[Province]:
    """``count`` objects over so many authorities, everybody signed in; stopped until it is its turn."""
    database, work = postgres.create(), folder / "var"
    work.mkdir(parents=True)
    slugs = _configure(folder / "tenants", tenants)
    _fill(database, work, slugs, count)
    environment = {
        "SHUANGSUI_VAR": str(work), "SHUANGSUI_TENANTS": str(folder / "tenants"),
        "SHUANGSUI_DATABASE_URL": database.app, "SHUANGSUI_WORKER_DATABASE_URL": database.worker,
        "SHUANGSUI_KEY_FILE": str(work / "master.key"), "SHUANGSUI_BROKER_URL": broker,
        "SHUANGSUI_SIMULATED_CLOCK": "1",
    }  # fmt: skip
    with serving(Settings(var=work), environment) as server, working(environment, server.log) as worker:
        people = {role: [Person.of(server.url, slug, ROLES[role], SECRET) for slug in slugs] for role in ROLES}
        made = Province(server, worker, people)
        made.stopped()
        try:
            yield made
        finally:
            made.going()


def _configure(tenants: Path, count: int) -> list[str]:
    """The city and so many districts that it makes ``count`` authorities; who is left out is nobody's witness."""
    shutil.copytree(ROOT / "tenants", tenants)
    districts = sorted((tenants / HERE / "districts").iterdir())
    for district in districts[count - 1 :]:
        shutil.rmtree(district)
    for file in tenants.rglob("tenant.toml"):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if not line.startswith("witnesses")), "utf-8")
    found = [HERE, *(district.name for district in districts[: count - 1])]
    assert len(found) == count, f"the tree has {len(found)} authorities only"
    return found


def _fill(database: Database, work: Path, slugs: list[str], count: int) -> None:
    engine = db.engine(database.app, simulated_clock=True)
    rows = objects(count, ITEM)
    first = Authority(engine, work)
    for n, slug in enumerate(slugs):
        made = first if slug == HERE else first.beside(slug)
        made.take_in(objects=rows[n :: len(slugs)])
        with made.session() as session:
            drafting.import_items(session, made.write("items", items()), actor="lead")
    with first.session() as session:
        for login in ROLES.values():
            access.give_password(session, login, by="sec.admin", own=SECRET)
    engine.dispose()
