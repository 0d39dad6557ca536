"""Inspections under values that an authority may choose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from authority import Authority
from inspecting import Team, team
from ruled import ruled
from shuangsui.calendar import official
from shuangsui.db import now
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import notices, records, watch
from shuangsui.inspections.states import Confirmation, Party
from shuangsui.ledger.alerts import open_alerts
from shuangsui.planning import service as planning
from shuangsui.tenancy.schema import Scalar


@pytest.fixture
def one(authority: Authority) -> Team:
    """A team that has not begun."""
    return team(authority)


def refused(act: Callable[..., object], *arguments: object, **options: object) -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code


def test_r11_2_unannounced_visit_without_a_ground_where_the_rules_ask_for_none(
    one: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``notice.unannounced_ground``: refused as the rules are, issued where they do not ask."""
    one.accept()
    one.act(notices.propose_visit, "年度抽查工作计划", urgent=True)
    issue = {"unannounced": True, "materials": ["营业执照"], "actor": "inspection"}
    assert refused(one.decide, notices.issue, **issue) == "unannounced_ground"
    ruled(monkeypatch, {"notice.unannounced_ground": False})
    made = one.decide(notices.issue, **issue)
    assert (made.unannounced, made.ground) == (True, "")


@pytest.mark.parametrize(
    ("accepted", "code"), [(("signature", "seal"), None), (("seal",), None), (("signature",), "object_unsigned")]
)
def test_r13_4_object_confirms_in_a_way_that_the_rules_accept(
    one: Team, monkeypatch: pytest.MonkeyPatch, accepted: Scalar, code: str | None
) -> None:
    """``record.confirmation``: a seal does where it is named, and not where only a signature is."""
    ruled(monkeypatch, {"record.confirmation": accepted})
    one.until("sign")
    one.act(records.sign, "某企业", Party.OBJECT, how=Confirmation.SEAL)
    for person in one.people():
        one.act(records.sign, person, Party.OFFICER)
    one.leave()
    if code is None:
        assert one.submit() is not None
    else:
        assert refused(one.submit) == code


def alerts(one: Team) -> list[tuple[str, date | None]]:
    """Records that are not submitted, after today's look, with the day by which they were to be."""
    with one.authority.session() as session:
        today = legal_day(now(session))
        watch.sweep(session, official(), one.office.rules(today), today)
        return [(alert.subject, alert.due) for alert in open_alerts(session, "record_unsubmitted")]


@pytest.mark.parametrize(("days", "due", "waits"), [(10, date(2026, 6, 30), 15), (3, date(2026, 6, 18), 3)])
def test_r14_9_record_that_is_not_submitted_in_time_is_reminded_of(
    one: Team, monkeypatch: pytest.MonkeyPatch, days: int, due: date, waits: int
) -> None:
    """R14.9: left on Monday 15 June; 19 June is a holiday. Not before the team has left, not once it is submitted."""
    ruled(monkeypatch, {"publication.handover_days": days})
    one.until("submit")
    one.authority.wait(days=waits)
    assert alerts(one) == []
    one.authority.wait(days=1)
    assert alerts(one) == [(f"task/{one.no}", due)]
    one.submit()
    assert alerts(one) == []


@pytest.mark.parametrize(("rule", "years"), [("plan", [1, 0]), ("visit", [0, 1])])
def test_r10_2_inspection_counts_in_the_year_that_the_rules_say(
    one: Team, monkeypatch: pytest.MonkeyPatch, rule: str, years: list[int]
) -> None:
    """R10.2, A3: drawn by the plan of 2026, inspected in January 2027; until then it is the plan's year in any case."""
    ruled(monkeypatch, {"frequency.year": rule})
    family, code = one.read().family, one.read().object_code

    def counted() -> list[int]:
        with one.authority.session() as session:
            return [planning.drawn_in_year(session, year, family).get(code, 0) for year in (2026, 2027)]

    one.authority.wait(days=(date(2027, 1, 11) - one.authority.today) / timedelta(days=1))
    assert counted() == [1, 0]
    one.whole()
    assert counted() == years
