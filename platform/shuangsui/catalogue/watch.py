"""The item list's own term (R4.3): approved, it is soon published; the outer limit counts from its drafting."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from shuangsui.calendar import Calendar
from shuangsui.catalogue import versions
from shuangsui.catalogue.tables import ListState
from shuangsui.db import TenantSession
from shuangsui.ledger.alerts import clear_others, raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.rules.policy import Rules
from shuangsui.tenancy.tenant import TIMEZONE

UNPUBLISHED = "list_unpublished"


def sweep(session: TenantSession, calendar: Calendar, rules: Rules, today: date) -> None:
    """Warn when the inner term of an approved version has passed, breach after the outer limit of any."""
    found = versions.working(session)
    still: set[str] = set()
    if found and found.state is ListState.APPROVED and found.approved_at:
        zone, subject = ZoneInfo(TIMEZONE), f"item_list/{found.number}"
        inner = calendar.add(found.approved_at.astimezone(zone).date(), rules.number("list.publish_days")).due
        outer = calendar.add(found.opened_at.astimezone(zone).date(), rules.number("list.publish_limit_days")).due
        if today > inner or today > outer:
            level = AlertLevel.BREACH if today > outer else AlertLevel.WARN
            article, due = rules["list.publish_days"].article, outer if today > outer else inner
            raise_alert(session, UNPUBLISHED, subject, level=level, article=article, due=due)
            still.add(subject)
    clear_others(session, UNPUBLISHED, still)
