"""Two tenants with data of every kind in one database: an authority that has worked, and its mirror next door."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import select

from authority import Authority, inspectors, line_terms, objects
from console import ROOT, SECRET, settings_of
from databases import Database
from inspecting import Team, team
from mirror import Mirror
from shuangsui import db
from shuangsui.access import service as access
from shuangsui.access.policy import VERBS, Role, Verb
from shuangsui.access.tables import PersonOf
from shuangsui.cli.walk import Course
from shuangsui.draws import eligibility, recusal
from shuangsui.draws.recusal import Claim
from shuangsui.draws.recusal_tables import RaisedBy
from shuangsui.draws.tables import DrawnTask
from shuangsui.inspections import confirming, evidence, tasks
from shuangsui.notification import recipients
from shuangsui.planning import batches, exemptions, overrides
from shuangsui.planning.exemption_policy import Wanted
from shuangsui.planning.service import Line
from shuangsui.planning.tables import FrequencyCounter
from shuangsui.registry import imports, mapping
from shuangsui.registry.columns import KINDS
from shuangsui.registry.uploads import Uploads
from shuangsui.settings import Settings
from shuangsui.worker.process import drain, runner_of

MINE, OTHER = "chongqing", "gaoxin"
LETTER = b"%PDF-1.7 letter"
STAFF = {
    "lead": Role.LEAD_OFFICE, "business": Role.BUSINESS_OFFICE, "leader": Role.LEADER, "supervisor": Role.SUPERVISOR,
    "inspection": Role.INSPECTION_OFFICE, "officer": Role.INSPECTOR, "system": Role.SYSTEM_ADMIN,
    "audit": Role.AUDIT_ADMIN,
}  # fmt: skip
SECURITY = "sec.admin"
HANDED = ("assignment", "calendar_notice", "check_form", "decision", "dispatch", "issued_document")
"""Tables whose rows are documents: none of the tenant's own can be invented."""
COMPLAINT = Wanted(
    code="complaint-clue", trigger="complaint", trigger_text="群众反映超标用能", team=("ZF0000", "ZF0001"),
    objects=[{"code": objects(1)[0]["code"], "name": "企业0(模拟)", "address": "渝中区"}], item_code="JX-11",
    evidence={"number": "TS2026-001", "received_on": "2026-06-10", "summary": "超标用能"},
)  # fmt: skip


@dataclass
class Neighbours:
    """The authority that asks, and what its neighbour has."""

    authority: Authority
    settings: Settings
    database: Database

    @property
    def engine(self) -> Any:
        """The application's."""
        return self.authority.engine

    def who_may(self, verb: Verb | None) -> str:
        """Somebody who holds a verb, alone or with others."""
        if verb == "manage_users":
            return SECURITY
        return next((login for login, role in STAFF.items() if verb is None or verb in VERBS[role]), "lead")

    def holds(self, login: str, verb: Verb) -> bool:
        """Whether one of the person's roles has the verb."""
        with self.authority.session() as session:
            user = access.user_of(session, login)
            actor = access.actor_of(session, user) if user else None
            return actor is not None and actor.may(verb)

    @contextmanager
    def by_hand(self) -> Iterator[Mirror]:
        """Both tenants' rows, past every fence."""
        with self.database.by_hand() as connection:
            yield Mirror(connection, MINE, OTHER)


def neighbours_in(database: Database, folder: Path) -> Neighbours:
    """Built anew; nothing of it touches the tenants' files of the repository."""
    shutil.copytree(ROOT / "tenants", folder / "tenants")
    authority = Authority(db.engine(database.app, simulated_clock=True), folder)
    settings = settings_of(database.app, folder / "var").model_copy(
        update={"tenants": folder / "tenants", "key_file": folder / "master.key"}
    )
    _staff(authority)
    drawn = _drawn(authority)
    _propose(authority)
    _inspected(authority, settings, drawn)
    _uploaded(authority, settings)
    drain(runner_of(authority.engine, settings), authority.engine, MINE)
    made = Neighbours(authority, settings, database)
    with made.by_hand() as mirror:
        mirror.build(only_theirs=HANDED)
    return made


def _staff(authority: Authority) -> None:
    with authority.session() as session:
        for login in ("officer", "system", "audit"):
            access.add_user(session, login, login, by=SECURITY)
            access.grant(session, login, STAFF[login], by=SECURITY)
        for login in STAFF:
            access.give_password(session, login, by=SECURITY, own=SECRET)
        access.link(session, "officer", PersonOf.INSPECTOR, "ZF0000", by=SECURITY)
        recipients.set_address(session, authority.office.vault, "leader", "email", "leader@a.example", by="leader")
        first = access.user_of(session, SECURITY)
        assert first is not None
        access.first_password(session, first, account="os:test", own=SECRET)


def _drawn(authority: Authority) -> Any:
    authority.take_in(objects=objects(200, items="JX-11；JX-14"), inspectors=inspectors(12))
    authority.take_in(experts=[{"expert_no": f"ZJ{i:04d}", "name": f"专家{i}", "quals": "节能"} for i in range(5)])
    authority.publish_list()
    few = line_terms(A="1%", B="1%", C="1%", D="1%", FLAG="2%")
    authority.publish_plan(("JX-11", few), ("JX-11", few))
    drawn = authority.draw()
    authority.freeze(line=2)
    return drawn


def _propose(authority: Authority) -> None:
    office, rules = authority.office, authority.office.rules(authority.today)
    with authority.session() as session:
        exemptions.request(session, office.tenant, COMPLAINT, rules=rules, actor="lead")
        family, code = session.exec(select(FrequencyCounter.family, FrequencyCounter.object_code)).first()
        overrides.propose(session, 2026, family, code, "群众集中反映", rules=rules, actor="lead")
        line = Line("JX-14", line_terms(), date(2026, 6, 1), date(2026, 12, 31))
        batches.propose(session, 2026, line, "上级临时部署", rules=rules, level=office.level, actor="lead")
        eligibility.set_rule(session, "JX-14", posts=["执法岗"], valid_from=authority.today, actor="lead")


def _inspected(authority: Authority, settings: Settings, draw: Any) -> None:
    """One task with findings, an objection and evidence, published; one with its notice only; one from which somebody
    should go."""
    course = Course(("corrected",), {"1": "发现淘汰设备一台，现场拆除"})
    first = team(authority, draw, 0, course).published()
    second = Team(authority, _second(authority, draw), Course()).until("arrive")
    store, _ = evidence.configured(settings)
    with authority.session() as session:
        for one in (first, second):
            evidence.add(session, store, one.no, LETTER, "委托书.pdf", actor="inspection")
        inspected = tasks.find_task(session, first.no)
        confirming.raise_objection(session, inspected, "厂长(模拟)", "设备已在检查前停用")


def _uploaded(authority: Authority, settings: Settings) -> None:
    """A file with an error that waits for somebody."""
    rows = "统一社会信用代码,名称,事项编号\n915001,企业(模拟),JX-11\n"
    with authority.session() as session:
        store = Uploads(settings.uploads, MINE)
        row = imports.upload(session, store, "objects", "名录.csv", rows.encode(), actor="lead")
        guess = mapping.guessed(KINDS["objects"], imports.head_of(row, "").header)
        imports.check(session, str(row.id), imports.Columns(guess), actor="lead")


def _second(authority: Authority, draw: Any) -> str:
    """The second task's number; of the third somebody should withdraw."""
    with authority.session() as session:
        no = tasks.all_tasks(session, draw.no)[1].no
        row = tasks.all_tasks(session, draw.no)[2]
        seat = session.find(DrawnTask, row.drawn_id)
        claim = Claim(seat.task, "teams", seat.teams[1], RaisedBy.OBJECT, row.object_code, "kinship", "表兄任职")
        recusal.raise_case(session, draw.no, claim, actor="lead")
    return no
