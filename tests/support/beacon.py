"""An authority whose draws need a ceremony and a round of drand, and a relay on the loopback that has a few rounds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from authority import SUPERVISOR, Authority, objects
from plugged import plugged
from shuangsui import db
from shuangsui.db import move_clock, now
from shuangsui.draws import events, service
from shuangsui.draws import jobs as draw_jobs
from shuangsui.draws.freezing import Order, legal_day
from shuangsui.draws.office import Office
from shuangsui.draws.tables import Draw
from shuangsui.extension.handing import pool
from shuangsui.outbox import OutboxRow, work_of
from shuangsui.rules.service import load
from shuangsui.settings import Settings
from shuangsui.testing.drand import beacon
from shuangsui.testing.sink import Sink
from shuangsui.worker.process import runner_of
from shuangsui.worker.work import gathered

CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
ROUND = 32398885
MADE = datetime(2026, 9, 21, 14, 13, 39, tzinfo=UTC)
"""When this round of quicknet was made; the relay has it."""
MARGIN = timedelta(minutes=10)
VALUE = beacon(CHAIN, ROUND)["randomness"]
DIGITS = "31415926535897932384"
RULE = """
[[rule]]
key = "draw.entropy"
value = ["ceremony", "drand"]
article = "第八条"
"""


def tenants_of(folder: Path, relay: str, *, rule: str = RULE) -> Path:
    """The tenants of this repository, the city with the beacon switched on and required."""
    options = f'relays = ["{relay}"]\nmargin_seconds = {int(MARGIN.total_seconds())}\ntimeout_seconds = 2'
    tenants = plugged(folder, "entropy-drand", options)
    (tenants / "chongqing" / "rules.toml").write_text(rule, "utf-8")
    return tenants


@dataclass
class Beacon:
    """The authority on the day of the round, the relay, and what the worker needs."""

    authority: Authority
    sink: Sink
    settings: Settings

    def freeze(self) -> Draw:
        """A draw whose ceremony is ten minutes before the round."""
        at = MADE - MARGIN
        order = Order(2026, 1, 1, (SUPERVISOR,), at, MADE + timedelta(hours=2))
        with self.authority.session() as session:
            return service.freeze(session, self.authority.office, order, actor="lead")

    def committed(self) -> Draw:
        """Its plan is in the log and cosigned."""
        return self.authority.commit(self.freeze())

    def until(self, moment: datetime) -> None:
        """The simulated clock shows this moment."""
        with self.authority.session() as session:
            move_clock(session, moment - now(session))

    def enter(self, draw: Draw, digits: str = DIGITS, name: str | None = None) -> Draw:
        """The supervisor types the digits."""
        with self.authority.session() as session:
            return events.enter_event(session, self.authority.office, draw.no, digits, actor="supervisor", name=name)

    def fetch(self, draw: Draw, name: str | None = None, *, actor: str = "supervisor") -> Draw:
        """Somebody has the value fetched."""
        return events.fetch_event(self.authority.engine, self.authority.office, draw.no, actor=actor, name=name)

    def happened(self, draw: Draw) -> Draw:
        """Both events."""
        self.until(MADE - MARGIN + timedelta(seconds=5))
        self.enter(draw)
        self.until(MADE + timedelta(seconds=1))
        return self.fetch(draw)

    def work(self, draw: Draw) -> OutboxRow | None:
        """The work that was asked for, if any."""
        with self.authority.session() as session:
            return work_of(session, service.FETCH, f"drand/{draw.no}")

    def run(self, draw: Draw) -> bool:
        """A worker takes it if it is due."""
        row = self.work(draw)
        runner = runner_of(self.authority.engine, self.settings, gathered([draw_jobs]))
        return row is not None and runner.run("chongqing", row.id)


@contextmanager
def beaconed(authority: Authority, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Beacon]:
    """Everything is ready for a freeze on the day of the round; children and relay end with the block."""
    authority.ready()
    with Sink() as sink:
        tenants = tenants_of(folder, sink.url("drand"))
        settings = Settings(
            var=folder, tenants=tenants, database_url=str(authority.engine.url.render_as_string(hide_password=False)),
            key_file=folder / "master.key", simulated_clock=True,
        )  # fmt: skip
        for name in ("var", "tenants", "key_file"):
            patch.setenv(f"SHUANGSUI_{name.upper()}", str(getattr(settings, name)))
        one = Beacon(authority, sink, settings)
        one.until(MADE - timedelta(hours=3))
        with db.session(authority.engine, "chongqing") as session:
            authority.today = legal_day(now(session))
        tree = load(tenants, authority.today)
        authority.office = Office(tree, tree.get("chongqing"), authority.office.keyring)
        authority.take_in(objects=objects(200))
        yield one
        pool.close()
