"""An installation of a test's own, in which one authority has a vendor's plugin switched on.

Everything is real: the database, the console, the draw. Only the authority and its people are invented.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from litestar.testing import TestClient
from sqlalchemy import Engine

from fairdraw.secret import make
from fairdraw.seed import chain
from fairdraw.suites import hasher
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.catalogue import drafting
from shuangsui.contracts import Bundle, DisclosureChannel, PublicFile, Receipt
from shuangsui.db import move_clock, now
from shuangsui.disclosure import publishing
from shuangsui.disclosure.following import press_of
from shuangsui.draws import events
from shuangsui.draws import service as draws
from shuangsui.draws.freezing import Order
from shuangsui.draws.office import Office
from shuangsui.draws.tables import Draw
from shuangsui.extension import checking, pools, service
from shuangsui.extension.checking import Examined
from shuangsui.extension.isolation import Absent, LoadedExporter, LoadedNotifier, LoadedPool
from shuangsui.extension.loading import host
from shuangsui.ledger.keys import Keyring
from shuangsui.migrations import migrate
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Seats, Terms, parse_ratio
from shuangsui.registry.service import import_file
from shuangsui.rules.policy import Rules
from shuangsui.sample.registries import registries
from shuangsui.sample.scene import District, Scene
from shuangsui.sample.write import write_csv
from shuangsui.settings import Settings
from shuangsui.tenancy import tree
from shuangsui.tenancy.tenant import Tenant
from shuangsui.tenancy.tree import Tree
from shuangsui.testing import staging
from shuangsui.web.app import create_app

SLUG, CITY, AREA = "moushi", "某市", "500000"
PASSWORD = "Correct horse battery 1"  # noqa: S105 - of nobody real
DAY = datetime.fromisoformat("2026-06-15T09:00:00+08:00")
"""When every trial begins: a working day."""
SITE = "https://console.example"
PACKS = ["miit-2018-45", "cq-mietc-2021-6"]
CEREMONY = "entropy-ceremony"
"""The plugin from which every draw has its public event."""
ITEM, OBJECTS = "JX-11", 60
RATIOS = {"FLAG": "10%", "A": "5%", "B": "5%", "C": "5%", "D": "5%", "ALL": "5%"}
HOLDER, SECRET, DIGITS = "supervision.example", bytes(32), "31415926535897932384"
BUNDLE = Bundle(SLUG, "draw", "2026-0001", (
    PublicFile("draws/2026-0001/index.html", "<title>抽取</title>".encode(), "text/html"),
    PublicFile("draws/2026-0001/files/rows.txt", "某厂\n".encode(), "text/plain; charset=utf-8"),
))  # fmt: skip
"""A publication for a channel that needs no real one."""


@dataclass
class Trial:
    """One authority, ``moushi`` 某市, with ``plugins`` switched on; ``options`` are those of the first of them.

    ``usual``: what it has besides, for a draw to be held at all.
    """

    folder: Path
    plugins: Sequence[str]
    options: dict[str, Any] = field(default_factory=dict)
    usual: Sequence[str] = (CEREMONY,)

    def __post_init__(self) -> None:
        """Its configuration is written; a database comes with the first need."""
        home = self.settings.tenants / SLUG
        home.mkdir(parents=True)
        (home / "tenant.toml").write_text(self._configuration(), "utf-8")

    @cached_property
    def settings(self) -> Settings:
        """The process's environment of this installation."""
        return Settings(
            var=self.folder / "var", tenants=self.folder / "tenants", database_url=None, migration_url=None,
            key_file=None, broker_url=None, plugins=None, plugins_denied="", simulated_clock=True,
        )  # fmt: skip

    @cached_property
    def tree(self) -> Tree:
        """The configuration, read and checked."""
        return tree.load(self.settings.tenants)

    @property
    def tenant(self) -> Tenant:
        """The authority."""
        return self.tree.get(SLUG)

    @property
    def channels(self) -> list[DisclosureChannel]:
        """The disclosure channels of its plugins, behind isolation."""
        return service.channels(self.tenant, self.settings)

    @property
    def exporters(self) -> list[LoadedExporter | Absent]:
        """The exporters of its plugins, behind isolation."""
        return service.exporters(self.tenant, self.settings)

    @property
    def pools(self) -> list[LoadedPool | Absent]:
        """The expert pools of its plugins, behind isolation."""
        return pools.pools(self.tenant, self.settings)

    @property
    def notifiers(self) -> list[LoadedNotifier | Absent]:
        """The notifiers of its plugins, behind isolation."""
        return service.notifiers(self.tenant, self.settings)

    @property
    def rules(self) -> Rules:
        """Its rules on the day of the trial."""
        return self.office.rules(DAY.date())

    def examined(self) -> Examined:
        """What the first plugin says of itself."""
        plugin = next(one for one in host(self.settings).plugins if one.name == self.plugins[0])
        return checking.examined(self.tenant, plugin, self.settings)

    @cached_property
    def engine(self) -> Engine:
        """Its database: SQLite in its folder, with people who each have one role; the clock stands at :data:`DAY`."""
        self.settings.var.mkdir(parents=True, exist_ok=True)
        migrate(self.settings.database)
        engine = db.engine(self.settings)
        with db.session(engine, SLUG) as session:
            move_clock(session, DAY - now(session))
            first = staging.admit(session, account="os:trial", root=("系统管理员", Role.SYSTEM_ADMIN))
            access.first_password(session, first, account="os:trial", own=PASSWORD)
            for login in (*staging.STAFF, "root"):
                access.give_password(session, login, by=first.login, own=PASSWORD)
        return engine

    @cached_property
    def office(self) -> Office:
        """The authority at work."""
        return Office(self.tree, self.tenant, Keyring(self.settings.master_key))

    def session(self) -> Any:
        """One transaction of the authority."""
        return db.session(self.engine, SLUG)

    def move_clock(self, **ahead: int) -> None:
        """``days=3``, ``hours=1`` …: simulated time passes in the whole installation."""
        with self.session() as session:
            move_clock(session, timedelta(**ahead))

    @contextmanager
    def browser(self, login: str = "root") -> Iterator[TestClient[Any]]:
        """The console as one person sees it who has signed in: ``root``, ``lead``, ``leader``, ``supervisor`` …"""
        assert self.engine
        with TestClient(create_app(self.settings), base_url=SITE, raise_server_exceptions=False) as client:
            client.post("/console/login", data={"tenant": SLUG, "login": login, "password": PASSWORD})
            yield client

    def draw(self, experts: int = 0) -> Draw:
        """A whole draw of sixty invented objects, from the registries to its result; so many experts for each task."""
        self._prepare(Seats(experts) if experts else None)
        with self.session() as session:
            at = now(session) + timedelta(hours=1)
            order = Order(DAY.year, 1, 1, (HOLDER,), at, at + timedelta(hours=1), len(DIGITS), demo=True)
            frozen = draws.freeze(session, self.office, order, actor="lead")
            commitment = make(frozen.draft, HOLDER, SECRET, None)["commit"]
            draws.commit(session, self.office, frozen.no, HOLDER, commitment, None, actor="lead")
        self.move_clock(hours=1, seconds=5)
        with self.session() as session:
            events.enter_event(session, self.office, frozen.no, DIGITS, actor="supervisor")
            draws.reveal(session, self.office, frozen.no, HOLDER, _link(frozen), actor="supervisor")
            return draws.run(session, self.office, frozen.no, actor="lead")

    def publish(self) -> list[Receipt]:
        """Everything there is, to every channel; their receipts."""
        with self.session() as session:
            press = press_of(self.office, self.settings)
            return publishing.publish_site(session, self.office, press, actor="lead")

    def _prepare(self, experts: Seats | None) -> None:
        """Registries, a published list and a published plan with one line."""
        folder = self.folder / "registries"
        for registry in registries(Scene(f"{SLUG}:1", CITY, AREA, (District("某区", AREA),), DAY.date()), OBJECTS):
            write_csv(folder / f"{registry.name}.csv", registry)
        with self.session() as session:
            for kind in ("objects", "inspectors", "experts", "interests"):
                import_file(session, kind, folder / f"{kind}.csv", actor="lead")
            drafting.import_items(session, folder / "items.csv", actor="lead")
            staging.publish_list(session, self.office, DAY.date())
            terms = Terms({name: parse_ratio(ratio) for name, ratio in RATIOS.items()}, team=Seats(2), experts=experts)
            line = planning.Line(ITEM, terms, DAY.date(), date(DAY.year, 12, 31))
            staging.publish_plan(session, self.office, DAY.date(), [line])

    def _configuration(self) -> str:
        """Values as TOML writes them, which for these is as JSON does."""
        head = {
            "slug": SLUG, "name": "某市经济和信息化委员会", "short": CITY, "packs": PACKS,
            "plugins": [*dict.fromkeys((*self.plugins, *self.usual))], "log_domain": "draws.example",
            "portal_title": "{name}", "second_factor": "voluntary",
        }  # fmt: skip
        return _toml(head) + (f"\n[options.{self.plugins[0]}]\n{_toml(self.options)}" if self.options else "")


def _toml(table: dict[str, Any]) -> str:
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())


def _link(draw: Draw) -> str:
    """What the second holder reveals: the end of the chain behind the commitment."""
    return chain(SECRET, draw.draft["replacements"], hasher("sha256"))[-1].hex()
