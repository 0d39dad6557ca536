"""Who can be drawn on a day: inspectors, experts and their recusals (R6.2, R6.3, R9.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shuangsui.db import TenantSession
from shuangsui.draws import eligibility
from shuangsui.draws.drafting import Staff
from shuangsui.draws.office import Office
from shuangsui.draws.panels import Panel, panels, persons
from shuangsui.draws.people import Crew, Interest, Person, crew, recusals, require_team
from shuangsui.errors import RuleRefused
from shuangsui.planning.policy import Seats
from shuangsui.registry import read
from shuangsui.registry.read import InspectorEntry, InterestEntry


@dataclass(frozen=True, slots=True)
class Need:
    """What a draw asks of people; ``team`` None: somebody else sends them."""

    team: Seats | None
    experts: Seats | None
    family: str
    two_offices: bool
    on: date


def staff_of(session: TenantSession, office: Office, need: Need) -> Staff:
    """Crews and recusals; refused when no team could ever be formed."""
    if need.team is None:
        return Staff(None, None, {"teams": {}, "experts": {}}, two_offices=False)
    rule = eligibility.in_force(session, need.family, need.on)
    entries = [entry for entry in read.inspectors(session) if eligibility.admits(rule, entry)]
    teams = crew(map(_inspector, entries), need.on)
    require_team(teams, need.team)
    asked = panels(session, office, need.on) if need.experts else ()
    experts = _experts(asked, need.experts, need.on) if need.experts else None
    rows = list(read.interests(session))
    by_kind = {kind: [_interest(row) for row in rows if row.person_kind == kind] for kind in ("inspector", "expert")}
    recused = {
        "teams": recusals(teams, by_kind["inspector"], need.on),
        "experts": recusals(experts, by_kind["expert"], need.on) if experts else {},
    }
    return Staff(teams, experts, recused, need.two_offices, eligibility.stated(rule) if rule else None, asked)


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
