"""A freeze tried out: whom the draw may take and who would inspect, before anything is written."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from shuangsui.db import TenantSession, now
from shuangsui.draws.freezing import Order
from shuangsui.draws.office import Office
from shuangsui.draws.preparing import Prepared, prepare
from shuangsui.draws.tables import Draw
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Terms
from shuangsui.planning.tables import PlanLine

NUMBERLESS = "{year}-0000"
"""A draw that is never held takes no number."""


def rehearse(session: TenantSession, office: Office, year: int, line: int, turn: int) -> Prepared:
    """What a freeze of the line would find now; refused as the freeze would be.

    Secret holders and times are stand-ins: they change neither the pool nor the quota.
    """
    moment = now(session)
    rules = office.rules(moment.date())
    holders = tuple(f"holder-{n}" for n in range(1, rules.number("draw.min_contributors")))
    digits = max(20, rules.number("draw.min_ceremony_digits"))
    event = moment + timedelta(hours=1)
    order = Order(year, line, turn, holders, event, event + timedelta(days=1), digits)
    return prepare(session, office, order, moment, lambda: NUMBERLESS.format(year=year))


def open_rounds(session: TenantSession) -> list[tuple[int, PlanLine, int]]:
    """Year, line and next round of every published line; round 0 where all its rounds are drawn."""
    found = []
    for year in planning.published_years(session):
        plan = planning.published(session, year)
        for line in planning.lines(session, plan) if plan else ():
            if line.terminated_reason is None:
                drawn = _drawn(session, year, line.no)
                rounds = range(1, Terms.from_json(line.terms).rounds + 1)
                found.append((year, line, next((turn for turn in rounds if turn not in drawn), 0)))
    return found


def last_holders(session: TenantSession, office: Office) -> list[str]:
    """Who held secrets besides the authority the last time; before the first, a name for those who watch it."""
    last = session.exec(select(Draw).order_by(col(Draw.frozen_at).desc()).limit(1)).first()
    said = last.draft["contributors"] if last else [{"who": f"{office.tenant.slug}-supervision"}]
    return [one["who"] for one in said if one["who"] != office.operator]


def _drawn(session: TenantSession, year: int, line: int) -> set[int | None]:
    query = select(Draw.round).where(Draw.year == year, Draw.line_no == line, col(Draw.live).is_(True))
    return set(session.exec(query))
