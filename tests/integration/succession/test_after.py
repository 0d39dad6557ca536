"""What the end of an authority changes elsewhere: caps of visits, its own yearly plan, how long its rows are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.archive import retention
from shuangsui.archive.retention import Duty
from shuangsui.errors import RuleRefused
from shuangsui.ledger.alerts import open_alerts
from shuangsui.planning import visits, watch
from shuangsui.planning.caps import Planned
from shuangsui.tenancy.annexes import CapEntry, Placed
from shuangsui.tenancy.tenure import Turn
from tenures import FIRST, City, code_of

CODE = "91500104MALM7UH4K2"
CAP = CapEntry(per_year=1, basis="文号", published_on=date(2026, 1, 1))


def test_visits_of_the_predecessor_count_for_the_cap(city: City):
    """From the day on; another authority's do not."""
    keyring, successor = city.city.office.keyring, city.city.beside(FIRST)
    with city.district.session() as session:
        visits.enter_visit(session, keyring, object_code=CODE, family="节能", on=date(2026, 3, 1), type_="random")
    capped = replace(successor.office.tenant, caps=(Placed(CAP, "caps.toml", 1),))
    planned = Planned("某企业", "JX-11", "节能", "B", date(2026, 8, 1))

    def checked() -> str:
        with successor.session() as session:
            return code_of(visits.check_cap, session, keyring, capped, CODE, planned)

    assert checked() == ""
    city.decided(Turn.CLOSE, FIRST, days=1)
    assert checked() == ""
    city.city.wait(days=1)
    assert checked() == "visit_cap"


def test_closed_authority_owes_no_plan(city: City):
    """An open breach is cleared."""
    rules = city.district.office.rules(city.city.today)
    for into, kinds in (((), ["plan_missing"]), ((FIRST,), [])):
        if into:
            city.decided(Turn.CLOSE, *into)
        with city.district.session() as session:
            watch.sweep(session, rules, city.city.today)
            session.flush()
            assert [alert.kind for alert in open_alerts(session)] == kinds


def kept(city: City, duty: Duty) -> tuple[str, str]:
    """Code and day of the refusal."""
    with city.district.session() as session:
        try:
            retention.check(session, duty)
        except RuleRefused as error:
            return error.code, str(error.params.get("until", ""))
    return "", ""


def test_files_and_security_records_have_each_their_term(city: City):
    """Years since the closing or the last act of work, days since the last sign-in or change of a user."""
    today, duty = city.city.today, Duty(10, 180)
    assert kept(city, duty) == ("archive_alive", "")
    city.decided(Turn.CLOSE, FIRST)
    assert kept(city, duty) == ("archive_retained", today.replace(year=2036).isoformat())
    city.city.wait(days=3652 + 1)
    assert kept(city, duty) == ("", "")
    with city.district.session() as session:
        access.grant(session, "checker", Role.SUPERVISOR, by="sec.admin")
    later = (today + timedelta(days=3652 + 1 + 180)).isoformat()
    assert kept(city, duty) == ("archive_retained", later)


@pytest.mark.parametrize(
    ("day", "until"), [(date(2025, 11, 6), date(2035, 11, 6)), (date(2028, 2, 29), date(2038, 3, 1))]
)
def test_ten_years_later(day: date, until: date):
    """29 February has 1 March where there is none."""
    assert retention._years_after(day, 10) == until
