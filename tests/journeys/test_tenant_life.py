"""2025-11-06: 江北 and 渝北 become 两江新区. What is open stays, what is new goes, the frequency follows the object."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlmodel import col, func, select

from authority import ROOT, Authority, Rows, experts, inspectors, line_terms, objects
from command import Installation, Said
from databases import PostgresServer, SqliteFiles
from fairdraw.canonical import canon
from inspecting import ON_SITE, Team
from shuangsui import db
from shuangsui.archive import content
from shuangsui.catalogue import drafting
from shuangsui.catalogue import service as catalogue
from shuangsui.cli.walk import Course
from shuangsui.db import move_clock, now
from shuangsui.disclosure import interventions, publishing, rulings
from shuangsui.disclosure.following import press_of
from shuangsui.disclosure.policy import LEFT
from shuangsui.disclosure.tables import Delivery
from shuangsui.draws import feasibility, transcripts
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import all_draws
from shuangsui.draws.tables import Draw
from shuangsui.draws.tasks import tasks_of
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import followup, tasks
from shuangsui.inspections.states import TaskState
from shuangsui.ledger import tenure
from shuangsui.ledger.service import verify
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.migrations import migrate
from shuangsui.planning import inheriting, visits
from shuangsui.planning import service as planning
from shuangsui.registry import read
from shuangsui.settings import Settings
from shuangsui.tenancy.tenure import Tenure
from story import verified

CITY, NORTH, JADE, NEW = "chongqing", "jiangbei", "yubei", "liangjiang"
DAY = date(2025, 11, 6)
DOCUMENT = "国函〔2025〕1号（模拟）"
FEW = {"A": "1%", "B": "1%", "C": "1%", "D": "1%", "FLAG": "2%"}
DISTRICTS = {NORTH: ("江北区", "500105"), JADE: ("渝北区", "500112"), NEW: ("两江新区", "500157")}


def tenants_of_2025(folder: Path) -> Path:
    """The municipality with the two districts of then and the one of today; files are kept ten years."""
    city = folder / CITY
    shutil.copytree(ROOT / "tenants" / CITY, city, ignore=shutil.ignore_patterns("districts"))
    file = city / "tenant.toml"
    text = file.read_text("utf-8").replace('["yuzhong", "liangjiang"]', f'["{NORTH}", "{NEW}"]')
    file.write_text(text.replace("[[areas]]", "archive_years = 10\n\n[[areas]]", 1), "utf-8")
    for slug, (name, code) in DISTRICTS.items():
        years = "valid_from = 2025" if slug == NEW else "valid_from = 1997\nvalid_to = 2025"
        below = city / "districts" / slug
        below.mkdir(parents=True)
        (below / "tenant.toml").write_text(
            f'slug = "{slug}"\nname = "重庆市{name}经济和信息化委员会"\nshort = "{name}经济信息委"\n'
            f'witnesses = ["{CITY}"]\n\n[[areas]]\ncode = "{code}"\nname = "{name}"\n{years}\n',
            "utf-8",
        )
    return folder


def registry(slug: str, first: int) -> dict[str, Rows]:
    """A hundred objects of two items, twelve inspectors, five experts; nobody is in two districts."""
    name = DISTRICTS[slug][0]
    things = objects(first + 100, district=name, items="JX-11；JX-10")[first:]
    people = [row | {"cert_no": f"{slug[:2].upper()}{row['cert_no']}"} for row in inspectors(12)]
    wise = [row | {"expert_no": f"{slug[:2].upper()}{row['expert_no']}"} for row in experts(5)]
    interest = {
        "person_kind": "执法检查人员", "person_no": people[0]["cert_no"], "object_code": things[0]["code"],
        "relation": "任职", "since": "2020-01-01", "source": "申报",
    }  # fmt: skip
    return {"objects": things, "inspectors": people, "experts": wise, "interests": [interest]}


@dataclass
class City:
    """The municipality, its two old districts and the new one, in one installation."""

    at: Installation
    settings: Settings
    city: Authority
    old: dict[str, Authority]
    new: Authority
    open_task: Team = field(init=False)
    left: Team = field(init=False)
    second: Draw = field(init=False)
    drawn: dict[str, Draw] = field(init=False)
    later: Draw = field(init=False)
    said: dict[str, Any] = field(default_factory=dict)

    def run(self, *words: object, tenant: str, by: str = "lead") -> Said:
        """A command of one authority."""
        return self.at.run(*words, "--tenant", tenant, "--as", by, "--json")

    def done(self, *words: object, tenant: str, by: str = "lead") -> Any:
        """The document of one that succeeds."""
        said = self.run(*words, tenant=tenant, by=by)
        assert said.status == 0, (words, said)
        return said.json

    def refused(self, *words: object, tenant: str, by: str = "lead") -> str:
        """The code of one that does not."""
        said = self.run(*words, tenant=tenant, by=by)
        assert said.status in (1, 2), said
        return said.err.split("：")[0].split()[1]

    def on(self, day: date) -> None:
        """Nine in the morning of a later day."""
        with self.city.session() as session:
            moment = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
            move_clock(session, moment - now(session))
        for authority in (self.city, *self.old.values(), self.new):
            authority.today = day

    def package(self, slug: str, n: int = 1) -> Path:
        """Where a district's n-th package lies."""
        return self.city.folder / f"{slug}-{n}.zip"

    def publish(self, authority: Authority) -> None:
        """Everything that is in force and decided goes out, and what has no plugin is entered by hand."""
        with authority.session() as session:
            publishing.carry_on(session, authority.office, press_of(authority.office, self.settings))
        with authority.session() as session:
            open_ = session.exec(select(Delivery).where(Delivery.state.in_(LEFT))).all()  # type: ignore[attr-defined]
            for row in open_:
                number, day = f"渝信〔{authority.today.year}〕1号", legal_day(now(session))
                interventions.receive(session, authority.office, row.id, reference=number, seen_on=day, actor="lead")
        with authority.session() as session:
            publishing.publish_site(session, authority.office, press_of(authority.office, self.settings), actor="lead")


def opened(maker: SqliteFiles | PostgresServer, folder: Path) -> City:
    """A migrated database of its own, and the staff of four authorities."""
    database = maker.empty()
    postgres = database.is_postgres
    roles = {"app_role": "app", "worker_role": "worker"} if postgres else {}
    migrate(database.owner, **roles)
    tenants = tenants_of_2025(folder / "tenants")
    more = {"SHUANGSUI_DATABASE_URL": database.app, "SHUANGSUI_SIMULATED_CLOCK": "true",
            "SHUANGSUI_KEY_FILE": str(folder / "master.key")}  # fmt: skip
    more |= {"SHUANGSUI_MIGRATION_URL": database.owner} if postgres else {}
    var = folder / "var"
    settings = Settings(
        var=var, tenants=tenants, database_url=database.app, key_file=folder / "master.key", simulated_clock=True,
        migration_url=database.owner if postgres else None,
    )  # fmt: skip
    engine = db.engine(settings)
    city = Authority(engine, folder, tenants=tenants, start=datetime(2025, 9, 15, 1, tzinfo=UTC))
    old = {slug: city.beside(slug) for slug in (NORTH, JADE)}
    return City(Installation(var, tenants, more), settings, city, old, city.beside(NEW))


@pytest.fixture(scope="module")
def told(maker: SqliteFiles | PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The whole story up to the first draw of the new authority; every test reads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feasibility, "TRIALS", 3)
        city = opened(maker, tmp_path_factory.mktemp("life"))
        before(city)
        decided(city)
        changed(city)
        finished(city)
        begun(city)
        yield city
        city.city.engine.dispose()


def before(city: City) -> None:
    """September: both districts draw; 江北 inspects one draw wholly and leaves a task of another one open."""
    for first, (slug, authority) in enumerate(city.old.items()):
        authority.take_in(**registry(slug, 100 * first))
        authority.publish_list()
        authority.publish_plan(("JX-11", line_terms(expert=False, **FEW)), ("JX-10", line_terms(expert=False, **FEW)))
    north = city.old[NORTH]
    city.drawn = {slug: authority.draw() for slug, authority in city.old.items()}
    for no in sent(north, city.drawn[NORTH]):
        Team(north, no, Course()).published()
    second = north.draw(line=2)
    city.second = second
    first_task, *others = sent(north, second)
    city.open_task = Team(north, first_task, Course()).until("arrive")
    for no in others:
        Team(north, no, Course()).published()
    jade = city.old[JADE]
    left, *others = sent(jade, city.drawn[JADE])
    city.left = Team(jade, left, Course())
    for no in others:
        Team(jade, no, Course()).published()
    for authority in city.old.values():
        city.publish(authority)


def sent(authority: Authority, draw: Draw) -> list[str]:
    """The numbers of a draw's tasks, sent out."""
    with authority.session() as session:
        return [task.no for task in tasks.dispatch(session, authority.office, draw.no, actor="lead", **ON_SITE)]


def decided(city: City) -> None:
    """October: the municipality decides, two people; nothing changes before the day."""
    words = ("--document", DOCUMENT, "--reason", "行政区划调整", "--from", DAY.isoformat())
    said = city.said
    row = city.done("tenant", "reorganize", NORTH, JADE, "--into", NEW, *words, tenant=CITY)
    said["lead"] = city.refused("tenant", "approve", row["no"], tenant=CITY)
    said["decision"] = city.done("tenant", "approve", row["no"], tenant=CITY, by="leader")
    said["again"] = city.done("tenant", "approve", row["no"], tenant=CITY, by="leader")
    said["early"] = city.refused("tenant", "hand-over", city.package(NORTH), "--to", NEW, tenant=NORTH)
    city.on(DAY - timedelta(days=1))
    for first, (slug, authority) in enumerate(city.old.items()):
        authority.take_in(**registry(slug, 100 * first))
    said["day before"] = city.run("plan", "new", "--year", 2026, tenant=JADE).status


def changed(city: City) -> None:
    """On the day: nothing new begins in the old districts; what they know goes to the new one."""
    city.on(DAY)
    said = city.said
    said["begins"] = {
        "plan": city.refused("plan", "new", "--year", 2026, tenant=NORTH),
        "draw": begins(lambda: city.old[JADE].freeze(line=2)),
        "list": city.refused("catalogue", "hold", "JX-11", "--reason", "待定", tenant=JADE),
    }
    said["listed"] = {one["slug"]: one["state"] for one in city.at.done("tenant", "list", "--json").json}
    for slug in (NORTH, JADE):
        said[f"out {slug}"] = city.done("tenant", "hand-over", city.package(slug), "--to", NEW, tenant=slug)
        forged(city.package(slug), city.city.folder / "forged.zip")
        said["forged"] = city.refused("tenant", "take-over", city.city.folder / "forged.zip", tenant=NEW)
        said["other"] = city.refused("tenant", "take-over", city.package(slug), tenant=CITY)
        said[f"in {slug}"] = city.done("tenant", "take-over", city.package(slug), tenant=NEW)
        said[f"in again {slug}"] = city.done("tenant", "take-over", city.package(slug), tenant=NEW)


def begins(act: Any) -> str:
    """The code of a refusal."""
    try:
        act()
    except ShuangsuiError as error:
        return error.code
    return ""


def forged(package: Path, target: Path) -> None:
    """One inspector more, in a manifest that fits: only the signature tells."""
    with ZipFile(package) as file:
        members = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(members["manifest.json"])
    manifest["rows"]["inspectors"] += 1
    members["manifest.json"] = canon(manifest)
    with ZipFile(target, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)


def finished(city: City) -> None:
    """The open task comes to its end and is published by 江北, which says once more what it counts."""
    city.open_task.arrive()
    for step in ("write", "sign", "leave", "submit"):
        getattr(city.open_task, step)()
    with city.old[NORTH].session() as session:
        rulings.publish(session, city.open_task.no, actor="lead")
    for authority in city.old.values():
        city.publish(authority)
    city.said["out later"] = city.done("tenant", "hand-over", city.package(NORTH, 2), "--to", NEW, tenant=NORTH)
    city.said["in later"] = city.done("tenant", "take-over", city.package(NORTH, 2), tenant=NEW)


def begun(city: City) -> None:
    """两江新区 publishes a list that begins with the old one, a plan, and draws."""
    new = city.new
    rules, level = new.office.rules(DAY), new.office.level
    with new.session() as session:
        drafting.confirm(session, actor="business")
        catalogue.submit(session, actor="lead", rules=rules, level=level)
        catalogue.approve(session, actor="leader", rules=rules)
        catalogue.publish(session, actor="lead", rules=rules)
    new.publish_plan(("JX-11", line_terms(expert=False, **FEW)))
    city.later = new.draw()
    city.publish(new)


def drawn_by(authority: Authority, draw: Draw) -> set[str]:
    """Codes of the drawn objects."""
    with authority.session() as session:
        return {row.object_code for row in tasks_of(session, draw)}


def test_decision_needs_two_people_and_a_day(told: City) -> None:
    """Nothing changes before it is in force; approving again changes nothing."""
    said = told.said
    assert (said["lead"], said["early"], said["day before"]) == ("not_allowed", "handover_undecided", 0)
    assert said["again"] == said["decision"]
    assert (said["decision"]["state"], said["decision"]["since"]) == ("approved", DAY.isoformat())


def test_nothing_new_begins_where_it_ends(told: City) -> None:
    """Neither a plan nor a draw; the list of authorities says why."""
    assert set(told.said["begins"].values()) == {"tenure_begins"}
    assert told.said["listed"] == {CITY: "active", NORTH: "closing", JADE: "closing", NEW: "active"}


def test_registries_go_over_once(told: City) -> None:
    """All objects, people and interests of both; a package of nobody's key is refused, and one for somebody else."""
    said = told.said
    assert (said["forged"], said["other"]) == ("handover_forged", "handover_other")
    for slug in (NORTH, JADE):
        rows = {name: said[f"in {slug}"]["rows"][name] for name in ("objects", "inspectors", "experts", "interests")}
        assert rows == {"objects": 100, "inspectors": 12, "experts": 5, "interests": 1}
        assert said[f"in again {slug}"] == said[f"in {slug}"]
        assert said[f"out {slug}"]["digest"] == said[f"in {slug}"]["digest"]
    with told.new.session() as session:
        districts = [one.district for one in read.objects_of(session)]
        assert {name: districts.count(name) for name in set(districts)} == {"江北区": 100, "渝北区": 100}


def test_registries_say_the_same_on_both_sides(told: City) -> None:
    """Each entry of the new authority is one of the old ones, to the last field."""
    for entries in (read.objects_of, read.inspectors, read.experts, read.interests):
        with told.new.session() as session:
            taken = sorted(map(repr, entries(session)))
        given: list[str] = []
        for authority in told.old.values():
            with authority.session() as session:
                given += map(repr, entries(session))
        assert taken == sorted(given)


def test_open_task_is_finished_and_published_by_the_old_authority(told: City) -> None:
    """The law's terms went on; the result stands on its pages, which say who follows."""
    assert told.open_task.read().state in (TaskState.ENDED, TaskState.CLOSED)
    public = told.settings.var / "public"
    home = (public / NORTH / "index.html").read_text("utf-8")
    assert ('<a href="/liangjiang/">重庆市两江新区经济和信息化委员会</a>' in home, DOCUMENT in home) == (True, True)
    followed = json.loads((public / NEW / "index.json").read_bytes())["tenure"]
    assert [(one["turn"], [o["slug"] for o in one["others"]]) for one in followed] == [("succeed", [NORTH, JADE])]
    results = json.loads((public / NORTH / "results" / "index.json").read_bytes())["results"]
    north = told.old[NORTH]
    assert len(results) == sum(len(drawn_by(north, draw)) for draw in (told.drawn[NORTH], told.second))


def test_r10_1_frequency_follows_the_object(told: City) -> None:
    """R10.1: what either district drew in 2025 is excluded from the first draw of the new one, by origin."""
    counted = {slug: drawn_by(told.old[slug], draw) for slug, draw in told.drawn.items()}
    excluded = told.later.draft["snapshot"]["excluded"]["X10-1"]
    everything, fresh = set().union(*counted.values()), drawn_by(told.new, told.later)
    assert (excluded, fresh & everything) == (len(everything), set())
    with told.new.session() as session:
        family = told.later.family
        inherited = {
            (row.origin, row.state.value)
            for code in everything
            for row in inheriting.inherited(session, code, 2025)
            if row.family == family
        }
        assert set(planning.drawn_in_year(session, 2025, family)) == everything | fresh
    assert inherited == {(NORTH, "consumed"), (JADE, "consumed"), (JADE, "reserved")}


def test_visits_count_for_the_caps_of_the_successor(told: City) -> None:
    """The visit ledger keeps who went; the new authority counts them as its own."""
    code = min(drawn_by(told.old[NORTH], told.drawn[NORTH]))
    with told.new.session() as session:
        seen = visits.frequency(session, told.new.office.keyring, code, 2025)
        assert {one.authority for one in seen} == {NORTH}
        assert tenure.predecessors(session) == [NORTH, JADE]


def test_later_handover_says_what_became_of_open_draws(told: City) -> None:
    """Nothing is there twice; the reserved count is a consumed one now."""
    rows = told.said["in later"]["rows"]
    assert {name: count for name, count in rows.items() if count} == {}
    with told.new.session() as session:
        (row,) = inheriting.inherited(session, told.open_task.read().object_code, 2025)[-1:]
        assert (row.origin, row.state.value) == (NORTH, "consumed")


def test_ledgers_and_transcripts_verify(told: City) -> None:
    """Of all four authorities; each act of the change stands in the ledger of whoever it is about."""
    acts: dict[str, list[str]] = {}
    for authority in (told.city, *told.old.values(), told.new):
        with authority.session() as session:
            assert verify(session).faults == ()
            found = session.exec(
                select(LedgerEntry.act).where(LedgerEntry.act.like("ten%")).order_by(col(LedgerEntry.n))
            ).all()  # type: ignore[attr-defined]
            acts[authority.slug] = list(found)
            for draw in all_draws(session):
                files = transcripts.transcript(session, authority.office, draw)
                assert verified(files).verdict() == "VERIFIED unwitnessed"
    assert acts == {
        CITY: ["tenure.propose", "tenure.approve"],
        NORTH: ["tenure.close", "tenant.hand_over", "tenant.hand_over"],
        JADE: ["tenure.close", "tenant.hand_over"],
        NEW: ["tenure.succeed", "tenant.take_over", "tenant.take_over", "tenant.take_over"],
    }


def test_predecessor_is_kept_ten_years_then_deleted_and_can_be_put_back(told: City) -> None:
    """Not while anything is open, not before the file's term; what the successor took over stays."""
    objects_before = count(told.new)
    assert purged(told, "first") == "archive_open"
    for authority in told.old.values():
        close(told, authority)
    assert purged(told, "second") == "archive_retained"
    told.on(date(2036, 1, 5))
    assert purged(told, "third") == ""
    assert count(told.old[NORTH]) == 0
    assert count(told.new) == objects_before
    said = told.at.run("tenant", "restore", told.city.folder / "third.zip", "--json")
    assert said.status == 0, said
    with told.old[NORTH].session() as session:
        assert verify(session).faults == ()
        assert tenure.standing(session) is Tenure.CLOSING
        for draw in all_draws(session):
            files = transcripts.transcript(session, told.old[NORTH].office, draw)
            assert verified(files).verdict() == "VERIFIED unwitnessed"


def count(authority: Authority) -> int:
    """Rows of every table of one authority."""
    with db.session(authority.engine, authority.slug, readonly=True) as session:
        return sum(session.exec(select(func.count()).select_from(kind)).one() for kind in content.owned())


def purged(city: City, name: str) -> str:
    """Dump 江北 and delete it: the code of the refusal, nothing if it is gone."""
    file = city.city.folder / f"{name}.zip"
    assert city.at.run("tenant", "dump", file, "--tenant", NORTH).status == 0
    said = city.at.run("tenant", "purge", file, "--tenant", NORTH)
    return said.err.split("：")[0].split()[1] if said.status else ""


def close(city: City, authority: Authority) -> None:
    """Close every task that has ended."""
    with authority.session() as session:
        for task in tasks.all_tasks(session):
            if task.state is TaskState.ENDED:
                followup.close(session, task.no, actor="inspection")
    city.publish(authority)
