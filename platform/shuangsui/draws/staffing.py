"""Who can be drawn on a day: inspectors, experts and their recusals (R6.2, R6.3, R9.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, or_, select

from shuangsui.db import TenantSession
from shuangsui.draws import eligibility
from shuangsui.draws.drafting import Staff
from shuangsui.draws.office import Office
from shuangsui.draws.panels import Panel, panels, persons
from shuangsui.draws.people import Crew, Interest, Person, crew, recusals, require_team
from shuangsui.draws.tables import Draw, DrawnTask
from shuangsui.errors import RuleRefused
from shuangsui.planning.policy import Seats
from shuangsui.registry import read
from shuangsui.registry.read import InspectorEntry, InterestEntry
from shuangsui.rules.policy import Rules
from shuangsui.tenancy.tenant import TIMEZONE

ZONE = ZoneInfo(TIMEZONE)


@dataclass(frozen=True, slots=True)
class Need:
    """What a draw asks of people; ``team`` None: somebody else sends them."""

    team: Seats | None
    experts: Seats | None
    family: str
    two_offices: bool
    on: date
    rest: int = 0
    """For so many days after an inspection, who made it withdraws from the object; 0: nobody does."""


def need(team: Seats | None, experts: Seats | None, family: str, rules: Rules) -> Need:
    """What the rules of a day ask besides the seats."""
    rest = rules.number("recusal.after_inspection_days")
    return Need(team, experts, family, rules.switch("team.two_offices"), rules.on, rest)


def staff_of(session: TenantSession, office: Office, wanted: Need) -> Staff:
    """Crews and recusals; refused when no team could ever be formed."""
    if wanted.team is None:
        return Staff(None, None, {"teams": {}, "experts": {}}, two_offices=False)
    rule = eligibility.in_force(session, wanted.family, wanted.on)
    entries = [entry for entry in read.inspectors(session) if eligibility.admits(rule, entry)]
    teams = crew(map(_inspector, entries), wanted.on)
    require_team(teams, wanted.team)
    asked = panels(session, office, wanted.on) if wanted.experts else ()
    experts = _experts(asked, wanted.experts, wanted.on) if wanted.experts else None
    rows = list(read.interests(session))
    by_kind = {kind: [_interest(row) for row in rows if row.person_kind == kind] for kind in ("inspector", "expert")}
    recused = {
        "teams": recusals(teams, [*by_kind["inspector"], *past_inspections(session, wanted)], wanted.on),
        "experts": recusals(experts, by_kind["expert"], wanted.on) if experts else {},
    }
    return Staff(teams, experts, recused, wanted.two_offices, eligibility.stated(rule) if rule else None, asked)


def past_inspections(session: TenantSession, wanted: Need) -> list[Interest]:
    """Who inspected an object as one of a drawn team withdraws from it for the days that follow (R9.1).

    A task that was settled before its day was kept counts from the day of its draw.
    """
    if not wanted.rest:
        return []
    rest = timedelta(days=wanted.rest)
    recent = or_(col(DrawnTask.inspected_on).is_(None), col(DrawnTask.inspected_on) >= wanted.on - rest)
    query = select(DrawnTask, Draw.frozen_at).join(Draw, col(Draw.id) == DrawnTask.draw_id)
    found = session.exec(query.where(col(DrawnTask.settled).is_(True), recent)).all()
    return [
        Interest(person, task.object_code, None, (task.inspected_on or moment.astimezone(ZONE).date()) + rest)
        for task, moment in found for person in task.teams if person
    ]  # fmt: skip


def _experts(asked: Sequence[Panel], seats: Seats, on: date) -> Crew:
    """Experts of the needed field only."""
    found = crew((p for p in persons(asked) if not seats.qualification or seats.qualification in p.quals), on)
    if len(found.people) < seats.size:
        names = "、".join(panel.pool for panel in asked)
        raise RuleRefused("experts_missing", article="第八条", qualification=seats.qualification, pools=names)
    return found


def _inspector(row: InspectorEntry) -> Person:
    return Person(row.cert_no, row.office, tuple(row.quals), row.lead, row.status == "on_duty", row.valid_to)


def _interest(row: InterestEntry) -> Interest:
    return Interest(row.person_no, row.object_code, row.since, row.until)
