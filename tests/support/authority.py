"""One authority at work in tests: users, registries, a published list and plan, and a second secret holder."""

from __future__ import annotations

import csv
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from fairdraw import seed
from fairdraw.secret import make
from fairdraw.suites import hasher
from shelf import UNTOUCHED, Place
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.catalogue import drafting
from shuangsui.catalogue import service as catalogue
from shuangsui.db import TenantSession, move_clock, now
from shuangsui.draws import events, feasibility, witnessing
from shuangsui.draws import service as draws
from shuangsui.draws.calling import Call
from shuangsui.draws.freezing import Order, legal_day
from shuangsui.draws.office import Office
from shuangsui.draws.tables import Draw
from shuangsui.errors import ShuangsuiError
from shuangsui.ledger.keys import Keyring
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Seats, Terms, parse_ratio
from shuangsui.registry.service import import_file
from shuangsui.registry.uscc import registration_check_digit
from shuangsui.rules.service import load
from shuangsui.sample.registries import items

ROOT = Path(__file__).parents[2]
SUPERVISOR = "supervision"
START = datetime(2026, 6, 15, 1, tzinfo=UTC)
"""Monday, nine o'clock in the morning in Chongqing."""
STAFF = {
    "lead": Role.LEAD_OFFICE,
    "business": Role.BUSINESS_OFFICE,
    "leader": Role.LEADER,
    "supervisor": Role.SUPERVISOR,
    "inspection": Role.INSPECTION_OFFICE,
    "checker": Role.INSPECTION_OFFICE,
}
Rows = list[dict[str, str]]


def objects(n: int, item: str = "JX-11", **columns: str) -> Rows:
    """``n`` objects of one item, classes A to D in turn; ``columns`` overrides what every row says."""
    common = {"district": "渝中区", "industry": "C2671", "items": item, "status": "存续"}
    return [
        {"code": _code(i), "name": f"企业{i}(模拟)", "risk_class": "ABCD"[i % 4], **common, **columns} for i in range(n)
    ]


def _code(i: int) -> str:
    """A registration number of 15 digits."""
    start = f"5001{i:010d}"
    return start + registration_check_digit(start)


def inspectors(n: int, **columns: str) -> Rows:
    """``n`` inspectors of two offices, every second one may lead; no name is part of another."""
    return [
        {
            "cert_no": f"ZF{i:04d}", "name": f"检查员{i:04d}", "office": f"处室{i % 2}", "quals": "节能",
            "lead": "是" if i % 2 == 0 else "否", "valid_to": "2036-12-31",
        } | columns
        for i in range(n)
    ]  # fmt: skip


def experts(n: int) -> Rows:
    """``n`` experts of one field."""
    return [{"expert_no": f"ZJ{i:04d}", "name": f"专家{i}", "quals": "节能"} for i in range(n)]


def office_of(folder: Path, today: date, slug: str = "chongqing", tenants: Path = ROOT / "tenants") -> Office:
    """An authority, by default the municipal commission, with its master key in ``folder``."""
    tree = load(tenants, today)
    return Office(tree, tree.get(slug), Keyring(folder / "master.key"))


def order_of(session: TenantSession, today: date, *, line: int = 1, round_: int = 1, digits: int = 20) -> Order:
    """A draw whose event is in an hour."""
    at = now(session) + timedelta(hours=1)
    return Order(today.year, line, round_, (SUPERVISOR,), at, at + timedelta(hours=1), digits)


def freeze_by(engine: Engine, folder: Path, today: date) -> str:
    """One operator's attempt: the number of the draw, or the code of the refusal."""
    try:
        with db.session(engine, "chongqing") as session:
            return draws.freeze(session, office_of(folder, today), order_of(session, today), actor="lead").no
    except ShuangsuiError as error:
        return error.code


def freeze_in_process(url: str, folder: Path, today: date, start: Barrier) -> str:
    """The same in a process of its own, let go together with the others."""
    feasibility.TRIALS = 3
    engine = db.engine(url, simulated_clock=True)
    start.wait()
    return freeze_by(engine, folder, today)


@dataclass
class Authority:
    """An authority, by default the municipal commission; every method is one or more official acts."""

    engine: Engine
    folder: Path
    slug: str = "chongqing"
    place: Place | None = None
    """Where states that many tests begin with are kept; None builds them anew."""
    tenants: Path = ROOT / "tenants"
    start: datetime = START
    office: Office = field(init=False)
    today: date = field(init=False)
    states: tuple[Hashable, ...] = ()
    """Those that led to where the database is, and what the place looked like after the last."""
    stood: Hashable = UNTOUCHED

    def __post_init__(self) -> None:
        """A working day in June, and users with one role each."""
        self._stand(("staff", self.start), self._staff)
        with self.session() as session:
            self.today = legal_day(now(session))
        self.office = office_of(self.folder, self.today, self.slug, self.tenants)

    def _staff(self) -> None:
        with self.session() as session:
            if access.members(session):
                return
            if self.slug == "chongqing":
                move_clock(session, self.start - now(session))
            access.bootstrap(session, "sec.admin", "安全管理员", account="os:test")
            for login, role in STAFF.items():
                if self.slug == "chongqing":
                    access.add_user(session, login, login, by="sec.admin")
                access.grant(session, login, role, by="sec.admin")

    def session(self) -> Any:
        """A unit of work."""
        return db.session(self.engine, self.slug)

    def beside(self, slug: str) -> Authority:
        """Another authority in the same database, with the same people as its staff."""
        return Authority(self.engine, self.folder, slug, tenants=self.tenants)

    def call(self) -> Call:
        """Secret holders and an event in an hour, for a draw of people only."""
        with self.session() as session:
            at = now(session) + timedelta(hours=1)
        return Call((SUPERVISOR,), at, at + timedelta(hours=1))

    def write(self, name: str, rows: Iterable[dict[str, str]]) -> Path:
        """A CSV file with English headers."""
        rows, file = list(rows), self.folder / f"{name}.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(dict.fromkeys(key for row in rows for key in row)))
            writer.writeheader()
            writer.writerows(rows)
        return file

    def take_in(self, **registries: Rows) -> None:
        """Import registries given as rows."""
        for kind, rows in registries.items():
            with self.session() as session:
                import_file(session, kind, self.write(kind, rows), actor="lead")

    def publish_list(self, *edits: tuple[str, str, str]) -> None:
        """The sample list, but for the item without a cap; ``edits`` are (code, field, value)."""
        rules, level = self.office.rules(self.today), self.office.level
        with self.session() as session:
            drafting.import_items(session, self.write("items", items()), actor="lead")
            drafting.hold(session, "JX-15", "待定", actor="lead")
            for code, name, value in edits:
                drafting.set_field(session, code, name, value, actor="lead")
            drafting.confirm(session, actor="business")
            catalogue.submit(session, actor="lead", rules=rules, level=level)
            catalogue.approve(session, actor="leader", rules=rules)
            catalogue.publish(session, actor="lead", rules=rules)

    def publish_plan(self, *lines: tuple[str, Terms]) -> None:
        """A plan of this year with these lines."""
        year = self.today.year
        with self.session() as session:
            planning.new_plan(session, year, actor="lead")
            for item, terms in lines:
                line = planning.Line(item, terms, date(year, 1, 1), date(year, 12, 31))
                rules = self.office.rules(self.today)
                planning.add_line(session, year, line, rules=rules, level=self.office.level, actor="lead")
            planning.submit(session, year, actor="lead")
            planning.approve(session, year, actor="leader")
            planning.publish(session, year, actor="lead")

    def ready(self, n: int = 200, *, expert: bool = True) -> None:
        """Registries, list and a plan with one line: everything up to the freeze."""
        self.once(("ready", n, expert), lambda: self._ready(n, expert=expert))

    def drawn(self) -> Draw:
        """All that, and a draw up to its result; the one there is, if there is one."""
        with self.session() as session:
            if made := session.exec(select(Draw)).first():
                return made
        self.once("drawn", lambda: (self._ready(), self.draw()))
        with self.session() as session:
            return session.exec(select(Draw)).one()

    def once(self, state: Hashable, build: Callable[[], object]) -> None:
        """From the shelf, if nothing has been done since the last such state that would be lost."""
        if self._stand(state, build):
            self.office = office_of(self.folder, self.today, self.slug)

    def _stand(self, state: Hashable, build: Callable[[], object]) -> bool:
        """Whether the shelf was used: keys and files may be others now."""
        if self.place is None or self.place.looks() != self.stood or self.slug != "chongqing":
            build()
            return False
        states = (*self.states, state)
        self.place.shelf.once(self.place, (*states, feasibility.TRIALS), build)
        self.states, self.stood = states, self.place.looks()
        return True

    def _ready(self, n: int = 200, *, expert: bool = True) -> None:
        self.take_in(objects=objects(n), inspectors=inspectors(12), experts=experts(5))
        self.publish_list()
        self.publish_plan(("JX-11", line_terms(expert=expert)))

    def freeze(self, **what: int) -> Draw:
        """FREEZE."""
        with self.session() as session:
            return draws.freeze(session, self.office, order_of(session, self.today, **what), actor="lead")

    def c0(self, draw: Draw) -> bytes:
        """The second holder's secret; a new one for every plan."""
        return bytes([draw.seq]) * 32

    def commit(self, draw: Draw) -> Draw:
        """The second holder's commitment, hence PLAN."""
        commitment = make(draw.draft, SUPERVISOR, self.c0(draw), None)["commit"]
        with self.session() as session:
            draw = draws.commit(session, self.office, draw.no, SUPERVISOR, commitment, None, actor="lead")
        witnessing.collect(self.engine, self.office, actor="lead")
        return draw

    def enter_event(self, draw: Draw, digits: str = "31415926535897932384") -> Draw:
        """Let the event's time come and type the digits."""
        self.wait(hours=1, seconds=5)
        with self.session() as session:
            return events.enter_event(session, self.office, draw.no, digits, actor="supervisor")

    def reveal(self, draw: Draw, j: int = 0) -> str:
        """The second holder's link ``c_{L-j}`` as hex."""
        return seed.chain(self.c0(draw), draw.draft["replacements"], hasher("sha256"))[-1 - j].hex()

    def draw(self, **what: int) -> Draw:
        """A whole draw up to its RESULT."""
        return self.finish(self.freeze(**what))

    def finish(self, draw: Draw) -> Draw:
        """From a frozen draw to its RESULT."""
        return self.finish_committed(self.commit(draw))

    def finish_committed(self, draw: Draw) -> Draw:
        """From a committed draw to its RESULT."""
        self.enter_event(draw)
        with self.session() as session:
            draws.reveal(session, self.office, draw.no, SUPERVISOR, self.reveal(draw), actor="supervisor")
            return draws.run(session, self.office, draw.no, actor="lead")

    def retire(self, code: str, n: int = 200) -> None:
        """The registry learns that an object is gone."""
        self.take_in(objects=[row | {"status": "注销"} if row["code"] == code else row for row in objects(n)])

    def wait(self, **time: float) -> None:
        """Move the simulated clock."""
        with self.session() as session:
            move_clock(session, timedelta(**time))


def line_terms(*, expert: bool = True, **ratios: str) -> Terms:
    """A line's terms; by default risk classes and the flagged stratum, within the cap of 5 %."""
    chosen = ratios or {"A": "2%", "B": "3%", "C": "4%", "D": "5%", "FLAG": "10%", "ALL": "1%"}
    parsed = {name: parse_ratio(ratio) for name, ratio in chosen.items()}
    return Terms(parsed, team=Seats(2, "节能"), experts=Seats(1, "节能") if expert else None, per_day=5)
