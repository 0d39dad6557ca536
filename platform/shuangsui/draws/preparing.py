"""What a freeze finds and refuses before it writes anything; a rehearsal asks the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from shuangsui.catalogue.basis import require_reviewed
from shuangsui.catalogue.service import item_in_force
from shuangsui.db import TenantSession
from shuangsui.draws import freezing, opening, sources, surroundings
from shuangsui.draws.calling import check_call, check_nothing_pending
from shuangsui.draws.feasibility import Trial
from shuangsui.draws.freezing import Order, Situation, legal_day
from shuangsui.draws.office import Office
from shuangsui.draws.opening import Pool
from shuangsui.draws.tables import Cause, Draw, DrawState
from shuangsui.errors import BadInput, RuleRefused
from shuangsui.planning import service as planning
from shuangsui.planning.policy import Terms, check_line

UNDER_WAY = (DrawState.FROZEN, DrawState.COMMITTED, DrawState.REVEALING)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draw that could be entered now: what it stands on, its pool with the secrets, its draft."""

    no: str
    s: Situation
    pool: Pool
    draft: dict[str, Any]

    def trials(self) -> list[Trial]:
        """The teams on random seeds; ``teams_infeasible`` when no trial is complete."""
        return opening.trial(self.draft, self.pool)


def prepare(
    session: TenantSession, office: Office, order: Order, moment: datetime, number: Callable[[], str]
) -> Prepared:
    """Every check of a freeze, then the pool and the draft; ``number`` is asked for when nothing stands against it."""
    s = _situation(session, office, order, moment)
    _check_order(order, s)
    check_call(order.call, office, s.rules, moment)
    _check_unique(session, order)
    _check_family(session, order, s)
    freezing.require_fresh(session, s.rules, moment)
    no = number()
    timing = sources.timing(order.call, office, s.rules, no)
    pool = freezing.gather(session, office, s)
    heading = opening.heading(session, office, s.rules, s.item.code)
    ext = surroundings.ext(session, no, Cause.LINE, pool.staff, s.rules, moment, demo=order.demo)
    ext |= {"unplanned": {"reason": s.line.unplanned_reason}} if s.line.unplanned_reason else {}
    made = freezing.draft_of(s, pool, order, timing, heading, (office.operator, *order.holders), ext)
    return Prepared(no, s, pool, made)


def _situation(session: TenantSession, office: Office, order: Order, moment: datetime) -> Situation:
    line = planning.drawable_line(session, order.year, order.line)
    item = item_in_force(session, planning.item_of(session, line).code)
    on = legal_day(moment)
    rules, terms = office.rules(on), Terms.from_json(line.terms)
    item_terms = planning.item_terms(item, office.level, rules)
    require_reviewed(session, item.code, rules, on)
    check_line(terms, item_terms, rules)
    return Situation(line, item, item_terms, terms, rules, office.level, on)


def _check_order(order: Order, s: Situation) -> None:
    if not 1 <= order.round <= s.terms.rounds:
        raise BadInput("round_invalid", line=order.line, rounds=s.terms.rounds, round=order.round)
    if s.on > s.line.ends:
        raise RuleRefused("window_over", article="第七条", line=order.line, ends=s.line.ends)
    if s.item.draw_mode == "public" and s.item.withheld:
        raise RuleRefused("public_withheld", article="第十四条", item=s.item.code)


def _check_unique(session: TenantSession, order: Order) -> None:
    """R8.7 as a sentence; the database's own constraints say it too."""
    same = select(Draw).where(
        Draw.year == order.year, Draw.line_no == order.line, Draw.round == order.round, col(Draw.live).is_(True)
    )
    if twin := session.exec(same).first():
        raise RuleRefused("round_drawn", article="第八条", line=order.line, round=order.round, draw=twin.no)
    check_nothing_pending(session)


def _check_family(session: TenantSession, order: Order, s: Situation) -> None:
    """Cap and once-a-year rule are settled at the freeze, so no other draw of the same item may be under way."""
    same = select(Draw).where(Draw.year == order.year, Draw.family == s.item.family, Draw.cause == Cause.LINE)
    if other := session.exec(same.where(col(Draw.state).in_(UNDER_WAY))).first():
        raise RuleRefused("family_under_way", article="第十条", item=s.item.code, draw=other.no)
