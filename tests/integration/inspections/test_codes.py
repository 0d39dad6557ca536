"""Inspection codes (order 375 article 18): a visit has one, or its lack is reported within three working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from authority import Authority
from inspecting import Team, team
from shuangsui.calendar import official
from shuangsui.contracts import CodeReceipt, FilingReceipt, MissingCode, TaskNotice
from shuangsui.errors import OutsideFailed, ShuangsuiError
from shuangsui.inspections import codes, notices, tasks, visits, watch
from shuangsui.inspections.tables import CodeFiling
from shuangsui.inspections.visits import Arrival
from shuangsui.ledger.alerts import open_alerts
from shuangsui.ledger.tables import LedgerEntry

ORDER = "重庆市人民政府令第375号 第十八条"
WHY = "正在发生泄漏，系统停机"


class System:
    """An enforcement system that knows one code, or none."""

    name = "mock"

    def __init__(self, code: str | None) -> None:
        self.code = code
        self.told: list[object] = []

    def push_task(self, notice: TaskNotice) -> CodeReceipt:
        self.told.append(notice)
        return CodeReceipt(self.name, notice.task, self.code)

    query = push_task

    def report_missing(self, missing: MissingCode) -> FilingReceipt:
        self.told.append(missing)
        return FilingReceipt(self.name, missing.notice.task, "备1")

    def check(self) -> None:
        """Nothing to look at."""


@pytest.fixture
def one(authority: Authority) -> Team:
    """An accepted task with its notice, without a code."""
    found = team(authority).until("notify")
    with authority.session() as session:
        notices.propose_visit(session, found.no, "计划", actor="inspection", urgent=True)
        notices.issue(session, authority.office, found.no, actor="inspection")
    return found


def refused(act, *arguments, **options) -> tuple[str, str | None]:
    """Code and article of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code, caught.value.article


def arrive(one: Team) -> None:
    """The whole team checks in."""
    for person in one.people():
        with one.authority.session() as session:
            visits.check_in(session, one.office, one.no, Arrival(person, "厂区"), actor="inspection")


def alerts(one: Team, day: date) -> list[tuple[str, str, str, date | None]]:
    """What the watch says of codes on a day."""
    with one.authority.session() as session:
        watch.sweep(session, official(), one.office.rules(day), day)
        found = open_alerts(session, "code_unfiled")
        return [(alert.level, alert.subject, alert.article, alert.due) for alert in found]


def test_r17_4_visit_without_a_code_does_not_begin(one: Team) -> None:
    """R17.4: refused with the article, nobody is checked in; with the code the visit begins."""
    assert refused(arrive, one) == ("code_missing", ORDER)
    with one.authority.session() as session:
        assert visits.visits_of(session, tasks.find_task(session, one.no)) == []
    one.act(codes.enter, "ZFM001", system="mock")
    arrive(one)
    task = one.read()
    assert (task.code, task.state) == ("ZFM001", "underway")
    assert alerts(one, one.authority.today + timedelta(days=30)) == []


def test_r17_4_task_begun_before_the_order_needs_no_code(one: Team) -> None:
    """R17.4, R18.2: the order is in force since 20 September 2025; an older task is judged by its own rules."""
    with one.authority.session() as session:
        task = tasks.find_task(session, one.no)
        task.rules_on = date(2025, 9, 19)
        session.add(task)
    arrive(one)
    assert one.read().state == "underway"


def test_r17_4_urgent_visit_is_reported_within_three_working_days(one: Team) -> None:
    """R17.4: on Monday 15 June; the 19th is a holiday, so the third working day is Thursday the 18th."""
    one.act(codes.go_without, WHY)
    assert alerts(one, one.authority.today) == []
    arrive(one)
    subject, due = f"task/{one.no}", date(2026, 6, 18)
    assert alerts(one, one.authority.today) == [("warn", subject, ORDER, due)]
    assert alerts(one, due) == [("warn", subject, ORDER, due)]
    assert alerts(one, date(2026, 6, 19)) == [("breach", subject, ORDER, due)]
    one.act(codes.file, "备1")
    assert alerts(one, date(2026, 6, 20)) == []
    assert refused(one.act, codes.file, "备2") == ("code_filed", ORDER)


def test_r17_4_code_that_comes_after_the_visit_does_not_undo_the_report(one: Team) -> None:
    """The visit was without one; a code that came before it makes the report needless."""
    one.act(codes.go_without, WHY)
    arrive(one)
    one.act(codes.enter, "ZFM001")
    assert [level for level, *_ in alerts(one, one.authority.today)] == ["warn"]


def test_r17_4_code_that_comes_before_the_visit_makes_the_report_needless(one: Team) -> None:
    """Nothing is to be reported, and nothing can be."""
    one.act(codes.go_without, WHY)
    one.act(codes.enter, "ZFM001")
    arrive(one)
    assert alerts(one, one.authority.today) == []
    assert refused(one.act, codes.file, "备1")[0] == "code_filing_missing"


def test_r17_4_going_without_needs_its_reason_and_is_said_once(one: Team) -> None:
    """Every refusal leaves nothing."""
    assert refused(one.act, codes.go_without, " ")[0] == "reason_missing"
    one.act(codes.go_without, WHY)
    assert refused(one.act, codes.go_without, WHY)[0] == "code_declared"
    assert refused(one.act, codes.file, "备1")[0] == "code_filing_missing"
    with one.authority.session() as session:
        assert [row.reason for row in session.exec(select(CodeFiling))] == [WHY]
        acts = session.exec(
            select(LedgerEntry.act).where(LedgerEntry.subject == f"task/{one.no}").order_by(col(LedgerEntry.n))
        ).all()
    assert acts[-1] == "task.no_code"


@pytest.mark.parametrize("code", ["", " ", "x" * 65, "a\nb"])
def test_code_that_is_none_is_refused(one: Team, code: str) -> None:
    """Empty, too long, unprintable."""
    assert refused(one.act, codes.enter, code)[0] == "code_invalid"


def test_task_has_one_code(one: Team) -> None:
    """The same again changes nothing, another one is refused, and so is going without."""
    for _ in range(2):
        one.act(codes.enter, "ZFM001")
    assert refused(one.act, codes.enter, "ZFM002")[0] == "code_given"
    assert refused(one.act, codes.go_without, WHY)[0] == "code_given"
    with one.authority.session() as session:
        assert session.exec(select(LedgerEntry.act)).all().count("task.code") == 1


def test_task_that_is_not_accepted_gets_no_code(authority: Authority) -> None:
    """Only the office that inspects shows it."""
    fresh = team(authority)
    assert refused(fresh.act, codes.enter, "ZFM001")[0] == "task_state"
    assert refused(fresh.act, codes.go_without, WHY)[0] == "task_state"


def test_first_system_with_a_code_answers(one: Team) -> None:
    """A system that gives none is passed by; the notice names object, item and team."""
    silent, speaking = System(None), System("ZFM9")
    with one.authority.session() as session:
        notice = codes.notice_of(session, tasks.find_task(session, one.no))
    assert codes.ask([silent, speaking], notice) == CodeReceipt("mock", one.no, "ZFM9")
    task = one.read()
    assert silent.told == [
        TaskNotice(
            "chongqing", one.no, "random", task.object_code, task.object_name, task.item_code, tuple(one.people())
        )
    ]


def test_without_an_answer_there_is_no_code(one: Team) -> None:
    """Silence is an outside failure, no system at all is for the user to know."""
    with one.authority.session() as session:
        notice = codes.notice_of(session, tasks.find_task(session, one.no))
    assert refused(codes.ask, [], notice)[0] == "code_system_missing"
    with pytest.raises(OutsideFailed, match="code_not_given"):
        codes.ask([System(None)], notice)
    assert one.read().code is None


def test_report_tells_day_reason_and_term(one: Team) -> None:
    """What the system is told is what the filing says."""
    one.act(codes.go_without, WHY)
    arrive(one)
    system = System(None)
    with one.authority.session() as session:
        missing = codes.missing_of(session, tasks.find_task(session, one.no))
    assert codes.report([system], missing).number == "备1"
    assert (missing.visited, missing.reason, missing.due) == (one.authority.today, WHY, date(2026, 6, 18))
    assert refused(codes.report, [], missing)[0] == "code_system_missing"


@pytest.mark.parametrize("number", ["", "x" * 201])
def test_number_that_is_none_is_refused(one: Team, number: str) -> None:
    """The alert stays."""
    one.act(codes.go_without, WHY)
    arrive(one)
    assert refused(one.act, codes.file, number)[0] == "filing_number_invalid"
    assert [level for level, *_ in alerts(one, one.authority.today)] == ["warn"]
