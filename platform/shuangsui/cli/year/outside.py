"""Inspections outside the draw in the simulated year (article 17): asked for, approved by another, then carried out."""

from __future__ import annotations

from datetime import date, timedelta

from shuangsui.catalogue.service import item_in_force
from shuangsui.cli.year import lots, visits
from shuangsui.cli.year.script import LINES, Fate, Special
from shuangsui.cli.year.stage import Stage
from shuangsui.draws import assigning
from shuangsui.inspections import special
from shuangsui.inspections.states import Mode
from shuangsui.planning import exemptions
from shuangsui.planning import service as planning
from shuangsui.planning.exemption_policy import Wanted
from shuangsui.planning.tables import ExemptionCase
from shuangsui.registry import read
from shuangsui.registry.read import InspectorEntry
from shuangsui.registry.tables import InspectorStatus
from shuangsui.sample.dice import Dice

ITEM = LINES[0].item
PLAN = {"body": "检查处室", "time": "一个月内", "area": "全市", "approval": "渝经信（模拟）1号"}


def inspect_outside(stage: Stage, wish: Special) -> None:
    """From the evidence to tasks on the agenda; people are drawn unless the exemption names them."""
    case = _approved(stage, wish)
    if "inspector_draw" in case.skips:
        with stage.session() as session:
            numbers = [task.no for task in special.open_case(session, case.no, actor="lead")]
    else:
        with stage.session() as session:
            frozen = assigning.freeze_case(session, stage.office, case, lots.call_of(stage), actor="lead")
        numbers = visits.dispatch(stage, lots.finish(stage, frozen).no, Mode.ONSITE)
    visits.appoint(stage, numbers, [Fate()] * len(numbers))


def _approved(stage: Stage, wish: Special) -> ExemptionCase:
    with stage.session() as session:
        wanted = _wanted(stage, wish)
        rules = stage.office.rules(stage.today)
        case = exemptions.request(session, stage.office.tenant, wanted, rules=rules, actor="lead")
    with stage.session() as session:
        return exemptions.approve(session, case.no, rules=stage.office.rules, actor="leader")


def _wanted(stage: Stage, wish: Special) -> Wanted:
    """Firms that no draw has taken, and two officers who may inspect."""
    with stage.session() as session:
        drawn = planning.drawn_in_year(session, stage.year, item_in_force(session, ITEM).family)
        firms = [one for one in read.objects_of(session, ITEM) if one.code not in drawn]
        officers = [one.cert_no for one in read.inspectors(session) if may_go(one, stage.today)]
    dice = Dice(stage.seed, f"special/{wish.code}", 0)
    start = dice.below(len(firms) - wish.objects)
    picked = firms[start : start + wish.objects]
    chosen = [{"code": one.code, "name": one.name, "address": one.address or ""} for one in picked]
    day = (stage.today - timedelta(days=5)).isoformat()
    return Wanted(
        code=wish.code, trigger=wish.trigger, trigger_text=wish.text, objects=chosen,
        evidence={**wish.evidence, "received_on": day}, item_code=ITEM, team=officers[:2] if wish.named else (),
        plan={**PLAN, "necessity": wish.text}, filing={"no": "备-1", "at": day},
    )  # fmt: skip


def may_go(one: InspectorEntry, today: date) -> bool:
    """On duty with a valid certificate."""
    return one.status is InspectorStatus.ON_DUTY and one.valid_to >= today
