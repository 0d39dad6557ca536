"""List, plan and draws of the simulated year, with recusal applications between a draw and its dispatch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from fairdraw import seed as chain
from fairdraw.secret import make
from fairdraw.suites import hasher
from shuangsui.access.policy import Role
from shuangsui.catalogue import drafting
from shuangsui.cli.sample import scene_of
from shuangsui.cli.year.script import LINES, OBJECTS, Line, Recusal, belonging, recused
from shuangsui.cli.year.stage import Stage, secret_of
from shuangsui.draws import changing, events, recusal, witnessing
from shuangsui.draws import service as draws
from shuangsui.draws.calling import Call
from shuangsui.draws.freezing import Order
from shuangsui.draws.recusal import Claim
from shuangsui.draws.recusal_tables import RaisedBy
from shuangsui.draws.tables import Draw
from shuangsui.draws.tasks import tasks_of
from shuangsui.inspections import forms
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Terms, parse_ratio
from shuangsui.registry.service import import_file
from shuangsui.sample.registries import forms as sample_forms
from shuangsui.sample.registries import registries
from shuangsui.sample.write import write_csv
from shuangsui.testing import staging

MORE = {"recheck": ("检查处室复查岗", Role.INSPECTION_OFFICE), "admin": ("系统管理员", Role.SYSTEM_ADMIN)}
TO_EVENT = timedelta(hours=2)


def open_office(stage: Stage) -> None:
    """Users with one role each."""
    with stage.session() as session:
        staging.admit(session, account="os:journey", **MORE)


def write_files(stage: Stage) -> Path:
    """Synthetic registries and forms as files."""
    folder, tenant = stage.desk.settings.var / "journey", stage.office.tenant
    scene = scene_of(stage.office.tree, tenant.slug, int(stage.seed.rpartition("/")[2]), stage.today)
    for registry in (*registries(scene, OBJECTS), *sample_forms()):
        if registry.name == "objects":
            registry = replace(registry, rows=belonging(iter(registry.rows), date(stage.year - 1, 12, 1)))
        write_csv(folder / f"{registry.name}.csv", registry)
    return folder


def import_all(stage: Stage, folder: Path) -> None:
    """Registries, items and forms, as anybody imports them."""
    for kind in ("objects", "inspectors", "experts", "interests"):
        refresh(stage, folder, kind)
    with stage.session() as session:
        drafting.import_items(session, folder / "items.csv", actor="lead")


def refresh(stage: Stage, folder: Path, kind: str = "objects") -> None:
    """The registrar's newest file, without which nothing may be drawn after a month (R6.4)."""
    with stage.session() as session:
        import_file(session, kind, folder / f"{kind}.csv", actor="lead")


def publish_list(stage: Stage, folder: Path) -> None:
    """Confirmed by business, approved by the leadership, published; then every item gets its form."""
    with stage.session() as session:
        staging.publish_list(session, stage.office, stage.today)
        forms.import_forms(session, folder / "forms.csv", actor="admin")
        for line in LINES:
            forms.attach(session, line.item, f"BJ{line.item[2:]}", actor="admin")


def publish_plan(stage: Stage) -> None:
    """One line a draw, approved and published in February (R7.1)."""
    lines = [_planned(line, stage.year) for line in LINES]
    with stage.session() as session:
        staging.publish_plan(session, stage.office, stage.today, lines)


def draw_line(stage: Stage, line: Line) -> Draw:
    """The whole draw of a line, its recusal applications decided."""
    call = call_of(stage)
    order = Order(stage.year, LINES.index(line) + 1, 1, call.holders, call.event_at, call.reveal_by, demo=True)
    with stage.session() as session:
        frozen = draws.freeze(session, stage.office, order, actor="lead")
    draw = finish(stage, frozen)
    with stage.session() as session:
        manned = [row.task for row in tasks_of(session, draw) if row.teams]
    used = 0
    for task, application in recused(line, manned, stage.seed):
        used += apply(stage, draw, task, application, used)
    return draw


def call_of(stage: Stage) -> Call:
    """The second holder and an event in two hours."""
    at = stage.clock.moment + TO_EVENT
    return Call((holder_of(stage),), at, at + timedelta(hours=4), demo=True)


def finish(stage: Stage, draw: Draw) -> Draw:
    """Commitment, witnesses, event, reveal, result."""
    who, office = holder_of(stage), stage.office
    commitment = make(draw.draft, who, _c0(stage, draw), None)["commit"]
    with stage.session() as session:
        draws.commit(session, office, draw.no, who, commitment, None, actor="lead")
    witnessing.collect(stage.desk.engine, office, actor="lead")
    stage.clock.moment = max(stage.clock.moment, _event(draw) + timedelta(seconds=5))
    digits = str(int.from_bytes(secret_of(stage.seed, f"event/{draw.no}")))[:20]
    with stage.session() as session:
        events.enter_event(session, office, draw.no, digits, actor="supervisor")
        draws.reveal(session, office, draw.no, who, _link(stage, draw, 0), actor="supervisor")
    with stage.session() as session:
        return draws.run(session, office, draw.no, actor="lead")


def apply(stage: Stage, draw: Draw, task: int, application: Recusal, used: int) -> int:
    """One application and its decision; upheld, the seat is drawn again: 1, else 0."""
    with stage.session() as session:
        row = tasks_of(session, draw)[task]
        seats = row.teams if application.pool == "teams" else row.experts
        person = next(one for one in reversed(seats) if one)
        raiser = row.object_code if application.by is RaisedBy.OBJECT else person
        claim = Claim(task, application.pool, person, application.by, raiser, application.reason, "经申报")
        case = recusal.raise_case(session, draw.no, claim, actor="inspection")
    with stage.session() as session:
        recusal.decide(session, stage.office, case.no, "经核实", uphold=application.uphold, actor="leader")
    if not application.uphold:
        return 0
    with stage.session() as session:
        link = _link(stage, draw, used + 1)
        changing.reveal_link(session, stage.office, draw.no, holder_of(stage), link, actor="supervisor")
        changing.finish_replacement(session, stage.office, draw.no, actor="lead")
    return 1


def holder_of(stage: Stage) -> str:
    """The second secret holder's name in the plans."""
    return f"{stage.office.tenant.slug}-supervisor"


def _planned(line: Line, year: int) -> planning.Line:
    ratios = {name: parse_ratio(ratio) for name, ratio in line.ratios.items()}
    terms = Terms(ratios, team=line.team, experts=line.experts)
    return planning.Line(line.item, terms, date(year, 2, 1), date(year, 12, 31))


def _c0(stage: Stage, draw: Draw) -> bytes:
    return secret_of(stage.seed, f"holder/{draw.no}")


def _link(stage: Stage, draw: Draw, j: int) -> str:
    return chain.chain(_c0(stage, draw), draw.draft["replacements"], hasher("sha256"))[-1 - j].hex()


def _event(draw: Draw) -> datetime:
    return datetime.fromisoformat(draw.draft["events"][0]["at"])
