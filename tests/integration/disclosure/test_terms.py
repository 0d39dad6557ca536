"""Terms of results and rounds, kept with the rows and worked out anew; warned of; closed by confirmed publication."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from authority import Authority
from inspecting import Team, team
from shelf import Place
from shuangsui import db
from shuangsui.calendar import Calendar, official
from shuangsui.disclosure import interventions, rulings, shown, terms, watch
from shuangsui.disclosure.clocks import Since, Terms
from shuangsui.disclosure.tables import Term
from shuangsui.draws.freezing import legal_day
from shuangsui.inspections.tables import InspectionResult
from shuangsui.ledger.alerts import open_alerts
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.settings import Settings
from shuangsui.worker.process import drain, runner_of
from workbench import ROOT


@pytest.fixture
def authority(place: Place) -> Authority:
    return Authority(place.engine, place.folder, place=place)


def today_of(authority: Authority) -> date:
    with authority.session() as session:
        return legal_day(db.now(session))


def refresh(authority: Authority, calendar: Calendar | None = None) -> list[terms.Moved]:
    """As the daily work does."""
    day = today_of(authority)
    with authority.session() as session:
        return terms.refresh(session, Terms.of(authority.office.rules(day)), calendar or official(), day)


def found(authority: Authority, kind: str) -> list[Term]:
    with authority.session() as session:
        return list(session.exec(select(Term).where(Term.kind == kind).order_by(Term.key)))


def sweep(authority: Authority) -> set[tuple[str, str]]:
    """Kind and subject of what is open afterwards."""
    day = today_of(authority)
    with authority.session() as session:
        watch.sweep(session, official(), authority.office.rules(day), day)
        kinds = (watch.DUE, watch.LATE, watch.EARLIER, watch.REPORT, watch.TARGET)
        return {(alert.kind, alert.subject) for alert in open_alerts(session) if alert.kind in kinds}


def wait(authority: Authority, until: date) -> None:
    """Move the clock to the morning of a day."""
    with authority.session() as session:
        db.move_clock(session, timedelta(days=(until - legal_day(db.now(session))).days))


def inspected(authority: Authority) -> Team:
    return team(authority).whole()


def test_r14_2_result_has_its_own_term_while_the_batch_is_open(authority: Authority) -> None:
    """The other objects of the draw have not been inspected; the round itself still waits."""
    one = inspected(authority)
    refresh(authority)
    (result,), (round_,) = found(authority, "result"), found(authority, "round")
    ended = today_of(authority)
    assert (result.key, result.since, result.start) == (f"{one.no}/1", Since.ENDED, ended)
    assert result.due == official().add(ended, 20).due
    assert (round_.since, round_.due) == (Since.RUNNING, None)


def test_r14_9_due_list_has_what_is_due_within_five_working_days(authority: Authority) -> None:
    """And nothing else, whether or not any work was ever run."""
    inspected(authority)
    refresh(authority)
    (result,) = found(authority, "result")
    assert result.due is not None
    with authority.session() as session:
        day_before, last = result.due - timedelta(days=1), result.due
        assert list(terms.due_list(session, day_before)) == []
        assert [term.key for term in terms.due_list(session, last)] == [result.key]


def test_r14_9_warnings_rise_and_end_in_a_breach(authority: Authority) -> None:
    """After half of the term, past the own target, with two days left, on the day after the last."""
    one = inspected(authority)
    sweep(authority)
    start, subject = today_of(authority), f"result/{one.no}/1"
    calendar = official()
    wait(authority, calendar.add(start, 10).due + timedelta(days=1))
    assert sweep(authority) == {(watch.DUE, f"{subject}/50%")}
    wait(authority, calendar.add(start, 15).due)
    assert sweep(authority) == {(watch.DUE, f"{subject}/5")}
    wait(authority, calendar.add(start, 18).due)
    assert sweep(authority) == {(watch.DUE, f"{subject}/2"), (watch.TARGET, subject)}
    wait(authority, calendar.add(start, 20).due + timedelta(days=1))
    late = sweep(authority)
    assert ((watch.LATE, subject) in late, (watch.TARGET, subject) in late) == (True, False)


def test_r14_11_another_calendar_moves_what_is_open_and_is_recorded(authority: Authority) -> None:
    """A make-up day more: a day earlier, old and new stay in the ledger, and somebody is told."""
    inspected(authority)
    refresh(authority)
    (before,) = found(authority, "result")
    assert before.due is not None
    saturday = before.due - timedelta(days=(before.due.weekday() + 2) % 7 or 7)
    known = official().notices
    extra = replace(known[-1], make_up_days=known[-1].make_up_days | {saturday})
    (moved,) = refresh(authority, Calendar((*known[:-1], extra)))
    assert (moved.old, moved.earlier, moved.new < before.due) == (before.due, True, True)
    with authority.session() as session:
        acts = session.exec(
            select(LedgerEntry.subject).where(LedgerEntry.act == "disclosure.due_moved").order_by(col(LedgerEntry.n))
        ).all()
    assert acts == [f"result/{before.key}"]
    assert refresh(authority, Calendar((*known[:-1], extra))) == []


def test_r14_1_confirmed_publication_closes_the_term(authority: Authority, tmp_path: Path) -> None:
    """What every receiver shows is due no more; the round waits for its other objects."""
    inspected(authority).act(rulings.publish, actor="lead")
    refresh(authority)
    settings = Settings(var=tmp_path, tenants=ROOT / "tenants", key_file=authority.folder / "master.key")
    drain(runner_of(authority.engine, settings), authority.engine, authority.slug)
    today = today_of(authority)
    with authority.session() as session:
        by_hand = next(one.delivery.id for one in shown.sent(session) if one.delivery.channel == "by-hand/credit")
        interventions.receive(session, authority.office, by_hand, reference="CQ-1", seen_on=today, actor="lead")
    assert [term.met for term in found(authority, "result")] == [today_of(authority)]
    assert [term.met for term in found(authority, "round")] == [None]


def test_r15_5_what_became_final_is_under_its_own_clock_only(authority: Authority) -> None:
    """The batch, left open, has long been due; the final result has twenty days from the day on which it was made."""
    one = inspected(authority)
    wait(authority, date(2027, 1, 20))
    with authority.session() as session:
        first = session.exec(select(InspectionResult)).one()
        facts = first.model_dump(include={"task_id", "ended", "team", "categories", "codes", "recorded_by"})
        session.add(InspectionResult(**facts, n=2, recorded_at=db.now(session)))
    refresh(authority)
    before, after = found(authority, "result")
    (round_,) = found(authority, "round")
    assert (after.key, after.since, after.start) == (f"{one.no}/2", Since.ENDED, date(2027, 1, 20))
    assert round_.since is Since.LEFT_OPEN
    assert before.due is not None
    assert before.due < date(2027, 1, 20)
