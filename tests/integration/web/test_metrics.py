"""``/metrics`` and ``/healthz``: figures of every authority for an operator's machinery, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from console import Browser, settings_of
from shuangsui import db
from shuangsui.calendar import official
from shuangsui.disclosure.tables import Term
from shuangsui.extension import checking
from shuangsui.extension.checking import Examined
from shuangsui.ledger.alerts import raise_alert
from shuangsui.outbox import enqueue
from shuangsui.web import figures

TOKEN = {"Authorization": "Bearer t0ken"}
FRIDAY, NEXT_TUESDAY = date(2026, 6, 12), date(2026, 6, 16)


@pytest.fixture
def browser(database, engine, tmp_path, monkeypatch) -> Iterator[Browser]:
    """Nobody's, at an installation whose operator has set a token."""
    monkeypatch.setenv("SHUANGSUI_METRICS_TOKEN", "t0ken")
    with Browser(settings_of(database.app, tmp_path)) as made:
        yield made


def values(browser: Browser) -> dict[str, dict[tuple[str, ...], float]]:
    """Name → values of the labels → figure."""
    text = browser.get("/metrics", headers=TOKEN).text
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = sorted(sample.labels, key=lambda name: (name != "tenant", name))
            found.setdefault(sample.name, {})[tuple(sample.labels[name] for name in labels)] = sample.value
    return found


def test_figures_of_an_authority(browser, engine):
    """Days left, deliveries, lag, dead letters, alerts, plugins; every authority has its own."""
    with db.session(engine, "chongqing") as session:
        raise_alert(session, "publication_late", "result/1")
        checking.note(session, "channel-portal", Examined(True, "正常。"))
        checking.note(session, "channel-email", Examined(False, "连不上。"))
        enqueue(session, "notification.plan", at=db.now(session) - timedelta(minutes=5))
    found = values(browser)
    assert found["shuangsui_alerts"] == {("chongqing", "warn"): 1.0}
    assert found["shuangsui_plugin_ok"] == {("chongqing", "channel-email"): 0.0, ("chongqing", "channel-portal"): 1.0}
    assert 300 <= found["shuangsui_outbox_lag_seconds"][("chongqing",)] < 330
    assert found["shuangsui_outbox_lag_seconds"][("liangjiang",)] == 0.0
    assert found["shuangsui_outbox_dead"][("chongqing",)] == 0.0
    assert len(found["shuangsui_open_terms"]) == 40


@pytest.mark.parametrize(
    ("day", "state"), [(date(2026, 9, 30), 0.0), (date(2026, 10, 1), 1.0), (date(2026, 12, 1), 2.0)]
)
def test_r14_11_missing_calendar_is_a_figure_and_a_detail_of_health(browser, engine, day, state):
    """Of every authority; 0, 1 and 2 are what the page calls green, amber and red."""
    with db.session(engine, "chongqing") as session:
        db.move_clock(session, datetime.combine(day, time(4), UTC) - db.now(session))
    found = values(browser)["shuangsui_calendar_state"]
    assert (len(found), set(found.values())) == (40, {state})
    tenants = browser.get("/healthz", headers=TOKEN).json()["tenants"]
    assert {one["calendar"] for one in tenants.values()} == {("green", "amber", "red")[int(state)]}


@pytest.mark.parametrize(("due", "left"), [(NEXT_TUESDAY, 2), (FRIDAY, 0), (FRIDAY - timedelta(days=3), -3)])
def test_days_left_are_working_days(engine, due, left):
    """A weekend is none; what is over is counted in days."""
    with db.session(engine, "chongqing") as session:
        session.add(Term(kind="result", key="1", draw_no="1", due=due))
        session.add(Term(kind="result", key="2", draw_no="1", due=NEXT_TUESDAY + timedelta(days=9)))
        session.add(Term(kind="result", key="3", draw_no="1", due=date(2026, 1, 1), met=date(2026, 1, 1)))
        session.flush()
        found = figures.figures(session, official(), FRIDAY)
    assert (found.days_left, found.open_terms) == (left, 2)


def test_process_measures_requests(browser):
    """By method and kind of status, never by address."""
    before = values(browser).get("shuangsui_request_seconds_count", {})
    browser.get("/no/such/page")
    after = values(browser)["shuangsui_request_seconds_count"]
    assert after[("GET", "4xx")] == before.get(("GET", "4xx"), 0) + 1


def test_detail_of_health(browser, tmp_path):
    """200 with every authority while all parts are there; 503 with the one that is missing."""
    answer = browser.get("/healthz", headers=TOKEN)
    assert (answer.status_code, answer.json()["parts"]) == (503, {"public": False, "database": True})
    (tmp_path / "public").mkdir()
    said = browser.get("/healthz", headers=TOKEN).json()
    assert (said["ok"], said["tenants"]["chongqing"]["dead"]) == (True, 0)


@pytest.mark.parametrize("path", ["/metrics", "/healthz"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}])
def test_strangers_learn_nothing(browser, path, headers):
    """One sentence."""
    answer = browser.get(path, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "metrics_token_wrong")


def test_without_a_token_there_is_no_such_address(database, engine, tmp_path):
    """Like any other."""
    with Browser(settings_of(database.app, tmp_path)) as browser:
        answers = {browser.get(path, headers=TOKEN).text for path in ("/metrics", "/healthz", "/nowhere")}
    assert len(answers) == 1
