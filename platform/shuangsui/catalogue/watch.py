"""The item list's own terms: approved, it is soon published (R4.3); a basis amended, its items are reviewed (R5.7).

An item without any object is shown as well (R6.1).
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from shuangsui.calendar import Calendar
from shuangsui.catalogue import basis, versions
from shuangsui.catalogue.tables import ListState
from shuangsui.db import TenantSession
from shuangsui.ledger.alerts import Wanted, keep_open
from shuangsui.ledger.tables import AlertLevel
from shuangsui.registry.read import objects_of
from shuangsui.rules.policy import Rules
from shuangsui.tenancy.tenant import TIMEZONE

UNPUBLISHED = "list_unpublished"
EMPTY = "registry_empty"


def sweep(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> None:
    """Raise what is due today and clear what is done."""
    _publication(session, calendar, rules, today)
    _reviews(session, rules, today)
    _registries(session)


def _reviews(session: TenantSession, rules: Rules, today: date) -> None:
    due = [(item, one) for item, one in basis.pending(session) if one.amended_on <= today]
    keep_open(session, basis.REVIEW, [basis.task_of(item, one, rules, today) for item, one in due])


def _registries(session: TenantSession) -> None:
    current = versions.in_force(session)
    codes = {item.code for item in versions.items_of(session, current) if item.held is None} if current else set()
    filled = {code for thing in objects_of(session) for code in thing.items} if codes else set()
    keep_open(session, EMPTY, [Wanted(f"item/{code}", article="第六条") for code in sorted(codes - filled)])


def _publication(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> None:
    """Warn when the inner term of an approved version has passed, breach after the outer limit of any."""
    found = versions.working(session)
    late: list[Wanted] = []
    if found and found.state is ListState.APPROVED and found.approved_at:
        zone = ZoneInfo(TIMEZONE)
        inner = calendar.add(found.approved_at.astimezone(zone).date(), rules.number("list.publish_days")).due
        outer = calendar.add(found.opened_at.astimezone(zone).date(), rules.number("list.publish_limit_days")).due
        if today > inner or today > outer:
            level = AlertLevel.BREACH if today > outer else AlertLevel.WARN
            article, due = rules["list.publish_days"].article, outer if today > outer else inner
            late = [Wanted(f"item_list/{found.number}", level, article, due)]
    keep_open(session, UNPUBLISHED, late)
