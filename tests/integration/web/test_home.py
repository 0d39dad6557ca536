"""The first page: whom it greets, and the alerts that concern them."""

from __future__ import annotations

from datetime import date

import pytest

from console import DATA, HERE, PAGE, Browser, settings_of, staff
from shuangsui import db
from shuangsui.access.policy import Role
from shuangsui.ledger.alerts import clear_alert, raise_alert
from shuangsui.ledger.tables import AlertLevel
from shuangsui.web.desk import tone_of


def subjects(browser: Browser, login: str) -> list[list[str]]:
    """The subjects of each table that a person sees on the first page."""
    browser.cookies.clear()
    browser.sign_in(login)
    tables = browser.get("/api/", headers=DATA).json()["tables"]
    return [[row["subject"] for row in table["rows"]] for table in tables]


def test_the_first_page_counts_what_waits(database, engine, tmp_path):
    """For whoever may look at the authority's business; the twin has the same figures, others have none."""
    staff(engine, {"zong": Role.LEAD_OFFICE, "zhou": Role.EXPERT})
    with Browser(settings_of(database.app, tmp_path)) as browser:
        browser.sign_in("zong")
        shown = browser.get("/api/", headers=DATA).json()["desk"]
        page = browser.get("/console/", headers=PAGE).text
        browser.cookies.clear()
        browser.sign_in("zhou")
        assert browser.get("/api/", headers=DATA).json()["desk"] is None
    assert [(one["title"], one["value"]) for one in shown["figures"]] == [
        ("检查任务", 0), ("待检查", 0), ("待公开", 0), ("整改中", 0),
    ]  # fmt: skip
    assert (shown["countdown"], shown["months"]["sent"]) == ([], [0] * 12)
    assert "没有等待公开的内容" in page


TONES = [(9, False, "info"), (5, False, "warn"), (2, False, "bad"), (0, False, "bad"), (7, True, "bad")]


@pytest.mark.parametrize(("left", "late", "tone"), TONES)
def test_a_countdown_turns_as_its_last_day_comes_near(left: int, late: bool, tone: str) -> None:
    """Amber at five working days, red at two and when it is late."""
    assert tone_of(left, late=late) == tone


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
    assert '<td data-th="程度" class="whole"><div><span class="tag bad">逾期</span></div></td>' in page
    assert '<td data-th="期限" class="whole"><div>2026-03-01</div></td>' in page
