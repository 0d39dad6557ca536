"""The year grid of a plan: what its lines are to bring by months, and what was drawn and made of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlmodel import col, select

from shuangsui.draws.freezing import legal_day
from shuangsui.draws.tables import Draw, DrawnTask
from shuangsui.pages import Here
from shuangsui.planning import grid, service
from shuangsui.planning.grid import Made, Share
from shuangsui.planning.policy import Terms
from shuangsui.planning.tables import AnnualPlan, PlanLine
from shuangsui.registry import read


def rows(here: Here, plan: AnnualPlan) -> list[dict[str, Any]]:
    """One for each item of the version; see :func:`grid.by_items`.

    A round that was drawn is as large as it was drawn, one that is still to come as the registry is today.
    """
    lines = service.lines(here.session, plan)
    items = {line.no: service.item_of(here.session, line) for line in lines}
    quotas, made = _quotas(here, plan.year), _made(here, plan.year)
    ahead = {line.no: _ahead(line, len(quotas[line.no])) for line in lines}
    wanted = {line.no: (items[line.no].code, Terms.from_json(line.terms)) for line in lines if ahead[line.no]}
    each = _each(here, wanted)
    shares = [
        Share(
            items[line.no].code, items[line.no].name, line.starts, line.ends,
            sum(quotas[line.no]) + ahead[line.no] * each.get(line.no, 0), made[line.no],
        )
        for line in lines
    ]  # fmt: skip
    return grid.by_items(shares, plan.year)


def _ahead(line: PlanLine, taken: int) -> int:
    """Rounds that are still to be drawn; a terminated line has none."""
    return 0 if line.terminated_reason is not None else max(0, int(line.terms["rounds"]) - taken)


def _each(here: Here, wanted: dict[int, tuple[str, Terms]]) -> dict[int, int]:
    """Line → what a round of it would draw today; the registry is read once, and not at all for nothing."""
    if not wanted:
        return {}
    kinds = here.office.rules(here.today).names("frequency.flags")
    found: dict[int, Counter[str]] = grid.strata(read.placings(here.session), wanted, kinds, here.today)
    return {no: grid.expected(wanted[no][1], counts) for no, counts in found.items()}


def _quotas(here: Here, year: int) -> defaultdict[int, list[int]]:
    """Line → how many objects each of its draws that stand takes."""
    found = defaultdict[int, list[int]](list)
    query = select(Draw).where(Draw.year == year, col(Draw.line_no).is_not(None), col(Draw.live).is_(True))
    for draw in here.session.exec(query):
        found[draw.line_no or 0].append(sum(draw.draft["quota"].values()))
    return found


def _made(here: Here, year: int) -> defaultdict[int, list[Made]]:
    """Line → its drawn objects that were not cancelled."""
    found = defaultdict[int, list[Made]](list)
    query = select(col(Draw.line_no), Draw.frozen_at, col(DrawnTask.inspected_on)).select_from(DrawnTask)
    query = query.join(Draw, col(Draw.id) == DrawnTask.draw_id).where(
        Draw.year == year, col(Draw.line_no).is_not(None), col(Draw.live).is_(True), col(DrawnTask.cancelled).is_(False)
    )
    for line, frozen, inspected in here.session.exec(query):
        found[line or 0].append(Made(legal_day(frozen), inspected))
    return found
