"""The steps of the demo: the same services that the commands use, and the second secret holder as its own process."""

from __future__ import annotations

import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Any

from fairdraw import ed25519
from fairdraw.canonical import canon
from fairdraw.checkpoint import LOG_KEY, vkey
from shuangsui.access import service as access
from shuangsui.access.passwords import one_time
from shuangsui.catalogue import drafting
from shuangsui.cli.blank import district_of, open_district
from shuangsui.cli.common import notes
from shuangsui.cli.desk import Desk, desk
from shuangsui.cli.sample import scene_of
from shuangsui.cli.walk import Course, inspect, publish
from shuangsui.db import TenantSession
from shuangsui.draws import changing, events, witnessing
from shuangsui.draws import service as draws
from shuangsui.draws.drafting import protocol_time
from shuangsui.draws.freezing import Order, legal_day
from shuangsui.draws.tables import Draw
from shuangsui.errors import OutsideFailed, RuleRefused
from shuangsui.inspections import followup
from shuangsui.inspections import tasks as inspections
from shuangsui.inspections.followup import Order as Demand
from shuangsui.inspections.states import Disposition, Mode
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Seats, Terms, parse_ratio
from shuangsui.registry.service import import_file
from shuangsui.sample.registries import registries
from shuangsui.sample.write import write_csv
from shuangsui.testing import staging

Step = tuple[str, Callable[[], dict[str, Any]]]

LOGINS = (staging.ADMINISTRATOR[0], *staging.STAFF)
ITEM = "JX-11"
RATIOS = {"FLAG": "10%", "A": "1%", "B": "2%", "C": "4%", "D": "6%", "ALL": "1%"}
FIELD = "节能"
WHY = "需要核对现场设备"
EVENT_IN = (15, 45, 180)
"""Seconds from freeze to event; a slow machine freezes again with more time."""
COURSES = (
    Course(),
    Course(("corrected",), {"1": "发现淘汰设备一台，现场拆除"}, refusal="负责人外出，现场人员不愿代签"),
    Course(("no_activity",)),
    Course(("pending",), {"1": "两台电机属于淘汰目录所列型号"}),
    Course(("pending",), {"1": "能源计量器具台账不全"}),
)
"""How the first inspections go."""
DEMAND, TERM = "限期整改并提交证明材料", timedelta(days=30)
PROOF = "已补齐能源计量器具台账"


def steps(tenant: str, objects: int, seed: int) -> Iterator[Step]:
    """Names and acts, in order; each act answers members of the summary."""
    run = Rehearsal(desk(tenant), objects, seed)
    yield "用户与角色", run.staff
    yield "导入名录和事项清单", run.import_all
    yield "确认、批准、公布清单", run.publish_list
    yield "年度计划", run.publish_plan
    yield "冻结、承诺、公开随机事件", run.commit
    yield "揭示与抽取", run.draw_lots
    yield "派发任务、检查并公示", run.record_results
    yield "独立核验", run.verify
    yield "空白的区县", run.open_district


@dataclass
class Rehearsal:
    """One run of the demo."""

    desk: Desk
    objects: int
    seed: int
    holder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="shuangsui-holder-")))
    """The second holder's own place: outside ``var``, as if it were another machine."""
    draw: Draw = field(init=False)
    today: date = field(init=False)

    @property
    def who(self) -> str:
        """The second holder's name in the plan."""
        return f"{self.desk.office.tenant.slug}-supervisor"

    @property
    def secret(self) -> Path:
        """Where the second holder keeps its number."""
        return self.holder / "secret.json"

    @property
    def trust(self) -> Path:
        """A reader's trust list, outside the transcript."""
        return self.desk.settings.var / "demo" / "trust.txt"

    @property
    def folder(self) -> Path:
        """The published transcript."""
        return self.desk.settings.public / self.desk.office.tenant.slug / "draws" / self.draw.no

    def staff(self) -> dict[str, Any]:
        """The first administrator, then everybody with one role; one random password serves for all of them."""
        password = one_time().replace("-", ".")  # an own one has another form than those that are given out
        notes.print(f"第二贡献方在平台之外的文件夹：{self.holder}", markup=False, soft_wrap=True)
        with self.desk.session() as session:
            self.today = legal_day(self.desk.now(session))
            administrator = staging.admit(session, account="os:demo")
            access.first_password(session, administrator, account="os:demo", own=password)
            for login in staging.STAFF:
                access.give_password(session, login, by=administrator.login, own=password)
        return {"password": password}

    def import_all(self) -> dict[str, Any]:
        """Synthetic registries as files, imported like anybody's."""
        tenant, tree = self.desk.office.tenant, self.desk.office.tree
        folder = self.desk.settings.var / "demo" / "files"
        for registry in registries(scene_of(tree, tenant.slug, self.seed, self.today), self.objects):
            file = folder / f"{registry.name}.csv"
            write_csv(file, registry)
            with self.desk.session() as session:
                if registry.name == "items":
                    drafting.import_items(session, file, actor="lead")
                else:
                    import_file(session, registry.name, file, actor="lead")
        return {"objects": self.objects}

    def publish_list(self) -> dict[str, Any]:
        """The item that has no cap yet waits for a later version; the others are confirmed, approved, published."""
        with self.desk.session() as session:
            staging.publish_list(session, self.desk.office, self.today)
        return {}

    def publish_plan(self) -> dict[str, Any]:
        """One line: energy supervision, by risk class, with teams of two and one expert."""
        year = self.today.year
        ratios = {name: parse_ratio(ratio) for name, ratio in RATIOS.items()}
        terms = Terms(ratios, team=Seats(2, FIELD), experts=Seats(1, FIELD))
        line = planning.Line(ITEM, terms, date(year, 1, 1), date(year, 12, 31))
        with self.desk.session() as session:
            staging.publish_plan(session, self.desk.office, self.today, [line])
        return {}

    def commit(self) -> dict[str, Any]:
        """Freeze; the second holder commits on its own; the plan is logged, cosigned, published; then the event."""
        for seconds in EVENT_IN:
            self._freeze(timedelta(seconds=seconds))
            if self._log_plan():
                break
        self.desk.after_act(self.draw, actor="lead")
        self._write_trust()
        self._await_event()
        digits = "".join(str(secrets.randbelow(10)) for _ in range(20))
        with self.desk.session() as session:
            self.draw = events.enter_event(session, self.desk.office, self.draw.no, digits, actor="supervisor")
        self.desk.after_act(self.draw, actor="supervisor")
        return {"draw": self.draw.no}

    def draw_lots(self) -> dict[str, Any]:
        """The second holder checks the published state before it gives its number; then the result."""
        arguments = ("--trust", str(self.trust), "--secret", str(self.secret), str(self.folder))
        said = self._holder("secret", "reveal", *arguments)
        with self.desk.session() as session:
            draws.reveal(session, self.desk.office, self.draw.no, self.who, said["value"], actor="supervisor")
            self.draw = draws.run(session, self.desk.office, self.draw.no, actor="lead")
        self.desk.after_act(self.draw, actor="lead")
        selected = sum(self.draw.draft["quota"].values())
        return {"selected": selected, "teams": selected, "transcript": str(self.folder), "trust": str(self.trust)}

    def record_results(self) -> dict[str, Any]:
        """A few tasks inspected, from their acceptance to the signed record, and what two objects have to put right."""
        office = self.desk.office
        with self.desk.session() as session:
            made = inspections.dispatch(session, office, self.draw.no, actor="lead", mode=Mode.ONSITE, reason=WHY)
            for task, course in zip(made, COURSES, strict=False):
                inspect(session, office, task.no, course, actor="inspection")
                publish(session, task.no, actor="lead")
            self._demand(session, [made[n].no for n, course in enumerate(COURSES) if "pending" in course.categories])
        self.desk.after_act(self.draw, actor="lead")
        return {}

    def verify(self) -> dict[str, Any]:
        """The citizen's command, in a process of its own."""
        verdict = self._run("verify", "--trust", str(self.trust), str(self.folder)).splitlines()[-1]
        if verdict != "VERIFIED witnessed":
            raise OutsideFailed("demo_not_verified", verdict=verdict)
        return {"verified": True}

    def open_district(self) -> dict[str, Any]:
        """Where nothing has been done yet, for whoever wants to do it by hand."""
        district = district_of(self.desk)
        if district is None:
            return {}
        folder = open_district(self.desk, district, self.seed, self.today)
        notes.print(f"{district.name}还是空白的，名录和清单文件在：{folder}", markup=False, soft_wrap=True)
        return {"district": district.slug}

    def _demand(self, session: TenantSession, tasks: list[str]) -> None:
        """Something to put right of each; the last has handed in its proof."""
        order = Demand(Disposition.RECTIFY, demand=DEMAND, due=self.today + TERM)
        for no in tasks:
            followup.dispose(session, self.desk.office, no, 1, order, actor="inspection")
        followup.submit_proof(session, tasks[-1], 1, PROOF, actor="inspection")

    def _freeze(self, event_in: timedelta) -> None:
        with self.desk.session() as session:
            at = self.desk.now(session) + event_in
            order = Order(self.today.year, 1, 1, (self.who,), at, at + timedelta(days=1), demo=True)
            self.draw = draws.freeze(session, self.desk.office, order, actor="lead")

    def _log_plan(self) -> bool:
        """The second holder's commitment, hence PLAN; False, and withdrawn, if the event's time has passed."""
        commitment, sig = self._second_holder_commits()
        act = (self.desk.office, self.draw.no, self.who, commitment, sig)
        try:
            with self.desk.session() as session:
                self.draw = draws.commit(session, *act, actor="lead")
        except RuleRefused as refused:
            if refused.code != "event_passed":
                raise
            with self.desk.session() as session:
                changing.abandon(session, *act[:2], "freeze-error", actor="lead", second="leader")
            return False
        return True

    # the second holder

    def _second_holder_commits(self) -> tuple[str, str]:
        draft, key = self.holder / "draft.json", self.holder / "key.hex"
        draft.write_bytes(canon(self.draw.draft))
        key.touch(0o600)
        key.write_text(secrets.token_hex(32))
        arguments = ("--who", self.who, "--key", str(key), "--out", str(self.secret))
        self.secret.unlink(missing_ok=True)
        said = self._holder("secret", "new", str(draft), *arguments)
        return said["commit"], said["sig"]

    def _holder(self, *arguments: str) -> dict[str, str]:
        """Run the holder's tool; its last lines are ``name value``."""
        lines = (line.partition(" ") for line in self._run(*arguments).splitlines())
        return {name: value for name, _, value in lines}

    def _run(self, tool: str, *arguments: str) -> str:
        command = [sys.executable, "-m", f"fairdraw.{tool}", *arguments]
        done = subprocess.run(command, cwd=self.holder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OutsideFailed("demo_tool_failed", tool=tool, said=done.stdout.strip().splitlines()[-1:])
        return done.stdout

    def _write_trust(self) -> None:
        public = ed25519.public_key(bytes.fromhex((self.holder / "key.hex").read_text()))
        lines = witnessing.trust_lines(self.desk.engine, self.desk.office)
        lines.append(f"contributor {vkey(self.who, LOG_KEY, public)}")
        self.trust.parent.mkdir(parents=True, exist_ok=True)
        self.trust.write_text("\n".join(lines) + "\n", "utf-8")

    def _await_event(self) -> None:
        while protocol_time(datetime.now(UTC)) <= self.draw.draft["events"][0]["at"]:
            sleep(0.2)
