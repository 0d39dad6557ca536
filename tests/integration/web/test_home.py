"""The first page: whom it greets, and the alerts that concern them."""

from __future__ import annotations

from datetime import date

from console import DATA, HERE, PAGE, Browser, settings_of, staff
from shuangsui import db
from shuangsui.access.policy import Role
from shuangsui.ledger.alerts import clear_alert, raise_alert
from shuangsui.ledger.tables import AlertLevel


def subjects(browser: Browser, login: str) -> list[list[str]]:
    """The subjects of each table that a person sees on the first page."""
    browser.cookies.clear()
    browser.sign_in(login)
    tables = browser.get("/api/", headers=DATA).json()["tables"]
    return [[row["subject"] for row in table["rows"]] for table in tables]


def test_alerts_reach_whom_they_are_addressed_to(database, engine, tmp_path):
    """Those without an address: whoever may view. Nobody else; nor what was cleared, nor another authority's."""
    staff(engine, {"li": Role.LEADER, "zong": Role.LEAD_OFFICE, "zhou": Role.EXPERT})
    with db.session(engine, HERE) as session:
        raise_alert(session, "plan_missing", "all", level=AlertLevel.BREACH, article="第七条", due=date(2026, 3, 1))
        raise_alert(session, "unnamed", "leaders", to=["leader"])
        raise_alert(session, "unnamed", "experts", to=["expert"])
        raise_alert(session, "unnamed", "cleared")
        clear_alert(session, "unnamed", "cleared")
    with db.session(engine, "liangjiang") as session:
        raise_alert(session, "unnamed", "foreign")
    with Browser(settings_of(database.app, tmp_path)) as browser:
        assert subjects(browser, "li") == [["all", "leaders"]]
        assert subjects(browser, "zong") == [["all"]]
        assert subjects(browser, "zhou") == [["experts"]]
        assert subjects(browser, "anquan") == []
        browser.sign_in("zong")
        page = browser.get("/console/", headers=PAGE).text
    assert '<td data-th="程度" class="whole"><div>逾期</div></td>' in page
    assert '<td data-th="期限" class="whole"><div>2026-03-01</div></td>' in page
