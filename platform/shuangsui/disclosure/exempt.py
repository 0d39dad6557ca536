"""What the public sees of inspections outside the draw (R17.3, R17.4): numbers, never an enterprise."""

from __future__ import annotations

from typing import Any

from shuangsui.db import TenantSession, now
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.planning.exemptions import cases, indicator
from shuangsui.planning.indicator import EXEMPT
from shuangsui.planning.tables import CaseState
from shuangsui.planning.visits import quarters_with_visits


def quarters(session: TenantSession, office: Office) -> list[dict[str, Any]]:
    """The indicator of every quarter with a visit, the newest first, by the rules of its last day or of today."""
    today, found = legal_day(now(session)), []
    for quarter in quarters_with_visits(session):
        share = indicator(session, quarter, office.rules(min(today, quarter.last)))
        numbers = {"visits": share.visits, "exempt": share.exempt, "threshold": share.threshold, "amber": share.amber}
        found.append({"year": quarter.year, "n": quarter.n, **numbers})
    return found


def numbers(session: TenantSession) -> list[dict[str, int]]:
    """How many cases were approved in each year, by type, the newest year first (number control)."""
    years: dict[int, dict[str, int]] = {}
    for case in cases(session):
        if case.state is CaseState.APPROVED:
            year = int(case.no[2:6])
            years.setdefault(year, dict.fromkeys(EXEMPT, 0))[case.task_type] += 1
    return [{"year": year, **years[year]} for year in sorted(years, reverse=True)]
