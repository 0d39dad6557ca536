"""Every penalty and licence that is recorded has its seven working days, with all that goes with a term (R15.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from authority import Authority
from deciding import NUMBER, take
from officials import Official
from shuangsui import db
from shuangsui.calendar import Calendar, official
from shuangsui.disclosure import deliveries, disclosures, interventions, shown, terms, watch
from shuangsui.disclosure.clocks import Since, Terms
from shuangsui.disclosure.tables import Term
from shuangsui.draws.freezing import legal_day
from shuangsui.ledger.alerts import open_alerts
from shuangsui.ledger.tables import Alert, AlertLevel
from shuangsui.succession.remaining import remaining

DECIDED, DUE = date(2026, 6, 12), date(2026, 6, 24)
"""A Friday; the Dragon Boat holiday of 19 June lies between."""
SUBJECT, ARTICLE = f"decision/{NUMBER}", "国办发〔2018〕118号“加强事后公开”"


@pytest.fixture
def decided(authority: Authority, tmp_path: Path) -> Authority:
    """With one decision in the registry, and nothing else to publish."""
    take(authority, tmp_path, 决定日期=DECIDED.isoformat())
    return authority


def go_to(authority: Authority, until: date) -> None:
    with authority.session() as session:
        db.move_clock(session, timedelta(days=(until - legal_day(db.now(session))).days))


def refresh(authority: Authority, calendar: Calendar | None = None) -> list[terms.Moved]:
    """As the daily work does."""
    with authority.session() as session:
        day = legal_day(db.now(session))
        wanted = Terms.of(authority.office.rules(day))
        moved = terms.refresh(session, wanted, calendar or official(), day)
        watch.tell(session, moved, wanted)
        terms.settle(session)
        return moved


def term(authority: Authority) -> Term:
    with authority.session() as session:
        return session.exec(select(Term).where(Term.kind == "decision")).one()


def alerts(authority: Authority) -> list[Alert]:
    """Those about the decision after a look at all terms."""
    with authority.session() as session:
        day = legal_day(db.now(session))
        watch.sweep(session, official(), authority.office.rules(day), day)
        return [alert for alert in open_alerts(session) if alert.subject.startswith(SUBJECT)]


def spread(authority: Authority) -> None:
    """Disclose it, to nobody but whoever enters it by hand."""
    with authority.session() as session:
        disclosures.catch_up(session, authority.office, "")
        session.flush()
        deliveries.spread(session, authority.office, [], ("portal", "credit"), deliveries.unspread(session))


def confirm(authority: Authority) -> None:
    """By hand, at the credit system."""
    with authority.session() as session:
        (waiting,) = [one for one in shown.sent(session) if one.named == ("decision", NUMBER)]
        assert (waiting.delivery.channel, waiting.delivery.duty) == ("by-hand/credit", "credit")
        day = legal_day(db.now(session))
        interventions.receive(
            session, authority.office, waiting.delivery.id, reference="CQ-1", seen_on=day, actor="lead"
        )


def test_r15_4_recorded_decision_is_due_seven_working_days_after_its_day(decided: Authority) -> None:
    """By the same engine, holiday and all; looking again changes nothing."""
    assert refresh(decided) == []
    found = term(decided)
    assert (found.key, found.since, found.start, found.days) == (NUMBER, Since.DECIDED, DECIDED, 7)
    assert (found.due, found.provisional, found.met, found.task_no) == (DUE, False, None, None)
    assert official().add(DECIDED, 7).due == DUE
    refresh(decided)
    assert term(decided).id == found.id


def test_r14_9_decision_stands_in_the_due_list_of_its_days(decided: Authority) -> None:
    """The last day, and not the day before it."""
    refresh(decided)
    with decided.session() as session:
        lists = [terms.due_list(session, day) for day in (DUE - timedelta(days=1), DUE)]
        assert [[one.key for one in found] for found in lists] == [[], [NUMBER]]


def test_r14_9_decision_is_warned_of_and_becomes_a_breach_with_its_own_article(decided: Authority) -> None:
    """Two days left, the last day, the day after."""
    seen = []
    for day in (date(2026, 6, 22), DUE, DUE + timedelta(days=1)):
        go_to(decided, day)
        (alert,) = alerts(decided)
        seen.append((alert.kind, alert.subject, alert.level, alert.due, alert.article))
    rest = (DUE, ARTICLE)
    assert seen == [
        (watch.DUE, f"{SUBJECT}/2", AlertLevel.WARN, *rest),
        (watch.DUE, f"{SUBJECT}/0", AlertLevel.WARN, *rest),
        (watch.LATE, SUBJECT, AlertLevel.BREACH, *rest),
    ]


def test_r14_5_confirmation_of_the_credit_system_closes_the_term(decided: Authority) -> None:
    """Whatever channels the rules name for results; what is confirmed is due no more."""
    spread(decided)
    refresh(decided)
    assert term(decided).met is None
    confirm(decided)
    refresh(decided)
    assert term(decided).met == date(2026, 6, 15)
    go_to(decided, DUE + timedelta(days=1))
    assert alerts(decided) == []


def test_r14_11_another_calendar_moves_an_open_decision(decided: Authority) -> None:
    """A Saturday worked more makes it a day earlier, and somebody hears of it."""
    refresh(decided)
    known = official().notices
    extra = replace(known[-1], make_up_days=known[-1].make_up_days | {date(2026, 6, 20)})
    (moved,) = refresh(decided, Calendar((*known[:-1], extra)))
    assert (moved.kind, moved.key, moved.old, moved.new) == ("decision", NUMBER, DUE, date(2026, 6, 23))
    with decided.session() as session:
        (alert,) = open_alerts(session, watch.EARLIER)
    assert (alert.subject, alert.due, alert.article) == (SUBJECT, date(2026, 6, 23), ARTICLE)


def test_r14_10_corrected_day_of_the_decision_moves_its_term(decided: Authority, tmp_path: Path) -> None:
    """No calendar has moved it, so no move is told."""
    refresh(decided)
    take(decided, tmp_path, 决定日期="2026-06-11")
    assert refresh(decided) == []
    assert term(decided).due == date(2026, 6, 23)


@pytest.mark.parametrize("gone", [{"状态": "撤销", "撤销原因": "复议撤销"}, {"公示截止期": "2026-06-14"}])
def test_r14_10_decision_that_was_never_disclosed_and_is_gone_is_owed_to_nobody(
    decided: Authority, tmp_path: Path, gone: dict[str, str]
) -> None:
    """Annulled, or not to be shown any more; the term stands and warns nobody."""
    refresh(decided)
    take(decided, tmp_path, 决定日期=DECIDED.isoformat(), **gone)
    refresh(decided)
    found = term(decided)
    assert (found.since, found.start, found.due) == (Since.DROPPED, None, None)
    with decided.session() as session:
        assert "公开期限" not in remaining(session)
    go_to(decided, DUE + timedelta(days=1))
    assert alerts(decided) == []


def test_r14_10_decision_that_is_annulled_after_it_went_out_must_still_be_taken_down_in_time(
    decided: Authority, tmp_path: Path
) -> None:
    """Some receiver may have it."""
    spread(decided)
    take(decided, tmp_path, 决定日期=DECIDED.isoformat(), 状态="撤销", 撤销原因="复议撤销")
    refresh(decided)
    assert term(decided).due == DUE


def test_decision_of_the_past_that_was_annulled_before_it_came_has_no_term(
    authority: Authority, tmp_path: Path
) -> None:
    """Nothing of it was ever owed."""
    take(authority, tmp_path, 状态="撤销", 撤销原因="复议撤销")
    refresh(authority)
    with authority.session() as session:
        assert session.exec(select(Term).where(Term.kind == "decision")).all() == []


def test_r14_9_decision_stands_on_the_pages_of_terms(decided: Authority, enter: Callable[..., Official]) -> None:
    """The list, its derivation day by day, and whose decision it is."""
    go_to(decided, date(2026, 6, 22))
    lead = enter("lead")
    (row,) = [one for one in lead.read("/due")["rows"] if one["kind"] == "decision"]
    names = ("key", "no", "part", "kind_name", "about", "start", "days", "due", "left", "derivation", "warned")
    assert {name: row[name] for name in names} == {
        "key": NUMBER, "no": NUMBER, "part": "decision", "kind_name": "行政决定",
        "about": "某民爆销售（模拟）（未按规定登记销售案）", "start": "2026-06-12", "days": 7, "due": "2026-06-24",
        "left": 2, "derivation": "自 2026-06-12（作出行政决定）起 7 个工作日", "warned": "距期限 2 个工作日",
    }  # fmt: skip
    one = lead.read(f"/due/{NUMBER}/decision")
    steps = one["tables"][0]["rows"]
    assert (steps[0]["day"], steps[-1]["day"], steps[-1]["n"]) == ("2026-06-13", "2026-06-24", 7)
    assert {step["day"]: step["why"] for step in steps}["2026-06-19"] == "off"
    assert "作出行政决定" in lead.page(f"/due/{NUMBER}/decision").text


def test_delivery_page_of_a_decision_says_when_it_is_due_and_leads_to_the_derivation(
    decided: Authority, enter: Callable[..., Official]
) -> None:
    """And back again."""
    spread(decided)
    refresh(decided)
    lead = enter("lead")
    (row,) = [one for one in lead.read("/disclosures")["rows"] if one["kind"] == "decision"]
    assert row["due"] == "2026-06-24"
    shown_ = lead.read(f"/disclosures/decision/{NUMBER}")
    assert (shown_["due"], shown_["derivation"]) == ("2026-06-24", "自 2026-06-12（作出行政决定）起 7 个工作日")
    page = lead.page(f"/disclosures/decision/{NUMBER}")
    (address,) = [one for one in links(page.text) if one.startswith("/console/due/")]
    derived = lead.browser.get(address)
    assert derived.status_code == 200
    assert [one for one in links(derived.text) if one.startswith("/console/disclosures/decision/")] == [
        str(page.url.raw_path, "ascii")
    ]


def links(text: str) -> list[str]:
    """Addresses that a page leads to."""
    return [part.partition('"')[0] for part in text.split('href="')[1:]]
