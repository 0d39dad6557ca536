"""检验、检测、鉴定 (R14.4): on evidence a result leaves its clock, the report starts a fresh one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import pytest
from sqlmodel import col, select

from authority import Authority
from inspecting import Team, team
from shelf import Place
from shuangsui import db
from shuangsui.calendar import official
from shuangsui.cli.walk import Course
from shuangsui.disclosure import corrections, disclosures, examinations, rulings, terms, watch
from shuangsui.disclosure.clocks import Since, Terms
from shuangsui.disclosure.policy import DeliveryState
from shuangsui.disclosure.tables import Delivery, Term
from shuangsui.draws.freezing import legal_day
from shuangsui.draws.office import Office
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import evidence, followup, results, tasks
from shuangsui.inspections.evidence_policy import Limits
from shuangsui.inspections.evidence_store import Folder
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import Disposition
from shuangsui.ledger.alerts import open_alerts
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.rules.policy import Rules

LETTER = b"%PDF-1.7 letter of commission"
REPORT = b"%PDF-1.7 report"
WEEK, DAY = timedelta(days=7), timedelta(days=1)


class Changed(Office):
    """With switches of its own."""

    switches: ClassVar[dict[str, bool]] = {}

    def rules(self, on: date) -> Rules:
        rules = super().rules(on)
        own = {key: (replace(rules[key], value=value),) for key, value in self.switches.items()}
        return Rules(rules.on, MappingProxyType({**rules.ladders, **own}))


def changed(office: Office, **switches: bool) -> Office:
    kind = type("Changed", (Changed,), {"switches": {f"publication.{key}": on for key, on in switches.items()}})
    return kind(office.tree, office.tenant, office.keyring)


@dataclass
class Case:
    """One inspection that has ended, its folder of evidence, and the acts of this file on it."""

    one: Team
    store: Folder
    office: Office

    @property
    def today(self) -> date:
        with self.one.authority.session() as session:
            return legal_day(db.now(session))

    def keep(self, data: bytes) -> str:
        with self.one.authority.session() as session:
            return evidence.add(session, self.store, self.one.no, data, "委托书.pdf", actor="inspection").sha256

    def act(self, do: Callable[..., Any], *, actor: str = "inspection", **facts: Any) -> Any:
        with self.one.authority.session() as session:
            return do(session, self.office, self.one.no, actor=actor, **facts)

    def commission(self, **facts: Any) -> Term:
        if "evidence" not in facts:
            facts["evidence"] = [self.keep(LETTER)]
        asked = {"institution": "市计量质量检测研究院", "commissioned": self.today, "expected": self.today + 4 * WEEK}
        return self.act(examinations.commission, **asked | facts)

    def report(self, **facts: Any) -> Term:
        if "evidence" not in facts:
            facts["evidence"] = [self.keep(REPORT)]
        return self.act(examinations.report, **{"reported": self.today} | facts)

    def refused(self, do: Callable[..., Any], **facts: Any) -> str:
        with pytest.raises(ShuangsuiError) as caught:
            do(**facts)
        return caught.value.code

    def publish(self) -> None:
        self.one.act(rulings.publish, actor="lead")

    def term(self, n: int = 1, no: str | None = None) -> Term:
        with self.one.authority.session() as session:
            key = f"{no or self.one.no}/{n}"
            return session.exec(select(Term).where(Term.kind == "result", Term.key == key)).one()

    def refresh(self) -> None:
        with self.one.authority.session() as session:
            terms.refresh(session, Terms.of(self.office.rules(self.today)), official(), self.today)

    def alarms(self, day: date) -> set[tuple[str, str]]:
        """What is open on the morning of ``day``."""
        with self.one.authority.session() as session:
            db.move_clock(session, timedelta(days=(day - self.today).days))
        with self.one.authority.session() as session:
            watch.sweep(session, official(), self.office.rules(day), day)
            return {(one.kind, one.subject) for one in open_alerts(session) if one.subject.startswith("result/")}

    def confirm(self, key: str) -> None:
        """The newest revision is seen at the one receiver there is."""
        with self.one.authority.session() as session:
            row = disclosures.newest(session, "result", key)
            assert row is not None
            confirmed, at = DeliveryState.CONFIRMED, db.now(session)
            session.add(
                Delivery(disclosure_id=row.id, channel="x/portal", duty="portal", state=confirmed, confirmed_at=at)
            )

    def settled(self) -> date | None:
        with self.one.authority.session() as session:
            terms.settle(session)
        return self.term().met

    def acts(self) -> list[dict[str, Any]]:
        with self.one.authority.session() as session:
            query = select(LedgerEntry).where(LedgerEntry.act.startswith("examination.")).order_by(col(LedgerEntry.n))
            return [{"act": row.act, "subject": row.subject, **json.loads(row.payload)} for row in session.exec(query)]


def ended(place: Place, tmp_path: Path, course: Course | None = None) -> Case:
    authority = Authority(place.engine, place.folder, place=place)
    one = team(authority, course=course).whole()
    return Case(one, Folder(tmp_path / "evidence"), authority.office)


@pytest.fixture
def tested(place: Place, tmp_path: Path) -> Case:
    return ended(place, tmp_path)


def test_r14_4_object_that_is_tested_leaves_the_clock(tested: Case) -> None:
    """With institution, day of commission, day expected and proof, each of them in the ledger."""
    term = tested.commission(institution=" 市计量质量检测研究院 ")
    assert (term.since, term.start, term.days, term.due) == (Since.TESTING, None, 0, None)
    facts = {
        "institution": "市计量质量检测研究院", "commissioned": tested.today.isoformat(),
        "expected": (tested.today + 4 * WEEK).isoformat(), "evidence": [sha256(LETTER).hexdigest()], "partial": False,
    }  # fmt: skip
    assert tested.term().examination == facts
    subject = f"task/{tested.one.no}"
    assert tested.acts() == [{"act": "examination.commission", "subject": subject, "key": term.key, **facts}]


def test_r14_4_others_of_the_batch_do_not_leave_the_clock(tested: Case) -> None:
    """Another object of the same draw is due twenty working days after its own end."""
    with tested.one.authority.session() as session:
        draw_no = tasks.find_task(session, tested.one.no).draw_no
        other = tasks.all_tasks(session, draw_no)[1].no
    Team(tested.one.authority, other, Course()).whole()
    tested.commission()
    term = tested.term(no=other)
    assert (term.since, term.due) == (Since.ENDED, official().add(tested.today, 20).due)
    assert tested.term().due is None


def test_r14_4_report_starts_a_fresh_clock(tested: Case) -> None:
    """Twenty working days from the day on which it came, however long the test took."""
    tested.commission()
    with tested.one.authority.session() as session:
        db.move_clock(session, 10 * WEEK)
    came = tested.today - DAY
    term = tested.report(reported=came)
    assert (term.since, term.start, term.due) == (Since.REPORTED, came, official().add(came, 20).due)
    assert tested.acts()[-1] == {
        "act": "examination.report", "subject": f"task/{tested.one.no}", "key": term.key, **term.examination,
    }  # fmt: skip
    assert (term.examination["reported"], term.examination["report"]) == (
        came.isoformat(), [sha256(REPORT).hexdigest()],
    )  # fmt: skip
    assert tested.refused(tested.report) == "report_unawaited"


def test_r14_4_alarm_when_the_report_is_ten_working_days_late(tested: Case) -> None:
    """Not before; none of the clock that has stopped; over as soon as it is there."""
    expected = date.fromisoformat(tested.commission().examination["expected"])
    subject = f"result/{tested.one.no}/1"
    last = official().add(expected, 10).due
    assert tested.alarms(last) == set()
    assert tested.alarms(last + DAY) == {(watch.REPORT, subject)}
    tested.report()
    assert tested.alarms(last + 2 * DAY) == set()


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"evidence": []}, "testing_unproven"),
        ({"evidence": [" "]}, "testing_unproven"),
        ({"evidence": ["ab" * 32]}, "evidence_unknown"),
        ({"institution": " "}, "testing_institution"),
    ],
)
def test_r14_4_exempt_without_proof_is_refused(tested: Case, facts: dict[str, Any], code: str) -> None:
    """Nothing is suspended then."""
    assert tested.refused(tested.commission, **facts) == code
    tested.refresh()
    assert (tested.term().since, tested.term().examination, tested.acts()) == (Since.ENDED, None, [])


def test_r14_4_days_of_a_commission_are_plausible(tested: Case) -> None:
    """Not tomorrow, not expected before it was asked for, not after the term was over."""
    today = tested.today
    assert tested.refused(tested.commission, commissioned=today + DAY) == "testing_tomorrow"
    assert tested.refused(tested.commission, expected=today - DAY) == "testing_backwards"
    tested.refresh()
    due = tested.term().due
    assert due is not None
    with tested.one.authority.session() as session:
        db.move_clock(session, due + WEEK - today)
    assert tested.refused(tested.commission, commissioned=due + DAY) == "testing_too_late"
    assert tested.commission(commissioned=due, expected=due).since == Since.TESTING


def test_r14_4_day_of_the_report_is_plausible(tested: Case) -> None:
    """Neither before the commission nor tomorrow; and the report itself is kept."""
    assert tested.refused(tested.report) == "report_unawaited"
    tested.commission()
    assert tested.refused(tested.report, reported=tested.today - DAY) == "report_day"
    assert tested.refused(tested.report, reported=tested.today + DAY) == "report_day"
    assert tested.refused(tested.report, evidence=[]) == "testing_unproven"
    assert tested.report(evidence=[tested.keep(REPORT)]).since == Since.REPORTED


def test_r14_4_one_commission_for_one_result(tested: Case) -> None:
    """Again is refused; so is one after the decision, and one where the rules in force exempt nothing."""
    mine = tested.office
    tested.office = changed(mine, testing_exempt=False)
    assert tested.refused(tested.commission) == "testing_not_exempt"
    tested.office = mine
    tested.commission()
    assert tested.refused(tested.commission) == "testing_again"


def test_r14_4_nothing_is_tested_after_the_decision(tested: Case) -> None:
    """Nor before there is a result; the lead office does not commission at all."""
    assert tested.refused(tested.commission, actor="lead") == "not_allowed"
    tested.publish()
    assert tested.refused(tested.commission) == "testing_after_ruling"


def test_r14_4_task_that_has_not_ended_has_nothing_to_suspend(place: Place, tmp_path: Path) -> None:
    """Its clock does not run yet."""
    authority = Authority(place.engine, place.folder, place=place)
    fresh = Case(team(authority).until("notify"), Folder(tmp_path / "evidence"), authority.office)
    assert fresh.refused(fresh.commission) == "testing_unended"


def test_r14_4_result_is_not_published_while_it_is_tested(tested: Case) -> None:
    """After the report it is; the untested part goes first only where the rule said so at the commission."""
    tested.commission()
    assert tested.refused(tested.publish) == "suspended_testing"
    tested.report()
    tested.publish()


def test_r14_4_untested_part_goes_first_where_the_rule_says_so(tested: Case) -> None:
    """Off by default."""
    tested.office = changed(tested.office, partial_before_report=True)
    tested.commission()
    tested.publish()
    assert tested.refused(tested.commission) == "testing_after_ruling"


def test_r14_4_untested_part_alone_closes_no_term(tested: Case) -> None:
    """The fresh clock runs until the rest is public as well, by a correction after the report."""
    tested.office = changed(tested.office, partial_before_report=True)
    tested.commission()
    tested.publish()
    with tested.one.authority.session() as session:
        (key,) = (one.key for one in disclosures.catch_up(session, tested.office, "") if one.kind == "result")
    tested.confirm(key)
    assert tested.settled() is None
    with tested.one.authority.session() as session:
        db.move_clock(session, 6 * WEEK)
    assert tested.report().since == Since.REPORTED
    assert tested.settled() is None
    with tested.one.authority.session() as session:
        changes = {"follow_up": "经检测合格"}
        corrections.correct(session, "result", key, changes, "补充检测结果", actor="lead")
    tested.confirm(key)
    assert tested.settled() == tested.today


def test_r14_4_final_result_waits_for_the_same_report(place: Place, tmp_path: Path) -> None:
    """What becomes final meanwhile (R15.5) is under the same test, and the report ends both."""
    course = Course(categories=("pending",), wrong={"1": "台账与实物不符"})
    tested = ended(place, tmp_path, course)
    tested.commission()
    order = Order(Disposition.NONE, reason="当场核实清楚")
    tested.one.decide(followup.dispose, 1, order)
    tested.one.act(results.finalise, ["corrected"], actor="lead")
    tested.refresh()
    assert [tested.term(n).since for n in (1, 2)] == [Since.TESTING, Since.TESTING]
    assert tested.refused(tested.publish) == "suspended_testing"
    tested.report()
    assert [tested.term(n).since for n in (1, 2)] == [Since.REPORTED, Since.REPORTED]


def test_r14_4_report_is_kept_although_the_task_is_settled(tested: Case) -> None:
    """Other files are not."""
    tested.commission()
    tested.one.act(followup.close)
    with tested.one.authority.session() as session:
        kept = examinations.keep_report(
            session, tested.store, tested.one.no, REPORT, "报告.pdf", actor="inspection", limits=Limits()
        ).sha256
    assert tested.report(evidence=[kept]).since == Since.REPORTED
    assert tested.refused(lambda: tested.keep(b"%PDF-1.7 another")) == "task_state"
