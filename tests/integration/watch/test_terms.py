"""Terms that time alone can break: the plan (R7.1), the list (R4.3), the registry (R6.4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from authority import Authority, line_terms, objects
from shelf import Place
from shuangsui.calendar import official
from shuangsui.catalogue import drafting
from shuangsui.catalogue import service as catalogue
from shuangsui.catalogue import watch as catalogue_watch
from shuangsui.db import TenantSession
from shuangsui.ledger.alerts import open_alerts
from shuangsui.planning import watch as planning_watch
from shuangsui.registry import watch as registry_watch
from shuangsui.sample.registries import items


@pytest.fixture
def authority(place: Place) -> Authority:
    """Users only, on Monday 15 June 2026."""
    return Authority(place.engine, place.folder, place=place)


def alerts(session: TenantSession, kind: str | None = None) -> list[tuple[str, str]]:
    """Kind and level of what is open."""
    return [(alert.kind, alert.level) for alert in open_alerts(session, kind)]


def test_r7_1_plan_is_reminded_of_in_march_and_breached_in_april(authority: Authority) -> None:
    """R7.1: no plan for 2027: nothing in February, a reminder on 1 March, a breach once 31 March has passed."""
    seen = []
    with authority.session() as session:
        for day in ("2027-02-28", "2027-03-01", "2027-03-31", "2027-04-01"):
            on = date.fromisoformat(day)
            planning_watch.sweep(session, authority.office.rules(on), on)
            seen.append(alerts(session))
    warned, breached = [("plan_missing", "warn")], [("plan_missing", "breach")]
    assert seen == [[], warned, warned, breached]


def test_r7_1_published_plan_ends_the_alert(authority: Authority) -> None:
    """Late, but there."""
    rules = authority.office.rules(authority.today)
    with authority.session() as session:
        planning_watch.sweep(session, rules, authority.today)
        assert alerts(session) == [("plan_missing", "breach")]
    authority.take_in(objects=objects(40))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms()))
    with authority.session() as session:
        planning_watch.sweep(session, rules, authority.today)
        assert alerts(session) == []


def test_r4_3_approved_list_waits_five_working_days_at_most(authority: Authority) -> None:
    """R4.3: approved on 15 June; 19 June is a holiday, so day five is 23 June."""
    rules, level = authority.office.rules(authority.today), authority.office.level
    with authority.session() as session:
        drafting.import_items(session, authority.write("items", items()), actor="lead")
        drafting.hold(session, "JX-15", "待定", actor="lead")
        drafting.confirm(session, actor="business")
        catalogue.submit(session, actor="lead", rules=rules, level=level)
        catalogue.approve(session, actor="leader", rules=rules)
        seen = []
        for day in (date(2026, 6, 23), date(2026, 6, 24), date(2026, 7, 14), date(2026, 7, 15)):
            catalogue_watch.sweep(session, official(), rules, day)
            seen.append(alerts(session))
        catalogue.publish(session, actor="lead", rules=rules)
        catalogue_watch.sweep(session, official(), rules, day)
        assert alerts(session, "list_unpublished") == []
    warned, breached = [("list_unpublished", "warn")], [("list_unpublished", "breach")]
    assert seen == [[], warned, warned, breached]


def test_r6_4_old_registry_is_warned_of_before_it_blocks(authority: Authority) -> None:
    """R6.4: after 7 days a warning, after 30 a block; a fresh file clears it."""
    authority.take_in(objects=objects(4))
    rules = authority.office.rules(authority.today)
    seen = []
    with authority.session() as session:
        for days in (7, 8, 30, 31):
            registry_watch.sweep(session, rules, authority.today + timedelta(days=days))
            seen.append(alerts(session))
    warned, breached = [("registry_stale", "warn")], [("registry_stale", "breach")]
    assert seen == [[], warned, warned, breached]
    authority.wait(days=31)
    authority.take_in(objects=objects(5))
    with authority.session() as session:
        registry_watch.sweep(session, rules, authority.today + timedelta(days=31))
        assert alerts(session) == []
