"""What becomes of findings (article 15)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from authority import Authority
from inspecting import Team, team
from shuangsui.calendar import official
from shuangsui.cli.walk import Course
from shuangsui.db import now
from shuangsui.draws.freezing import legal_day
from shuangsui.errors import ShuangsuiError
from shuangsui.inspections import followup, tasks, watch
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import Disposition, RectificationState, TaskState
from shuangsui.inspections.tables import Evidence, Transfer
from shuangsui.ledger.alerts import open_alerts
from shuangsui.planning import service as planning

DEMAND = "拆除淘汰设备"


@pytest.fixture
def one(authority: Authority) -> Team:
    """An inspection that found something."""
    return team(authority, course=Course(("pending",), {"1": "发现淘汰设备一台"})).whole()


def refused(act, *arguments, **options) -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        act(*arguments, **options)
    return caught.value.code


def ordered(one: Team, days: int = 30) -> None:
    """责令改正 with a term."""
    due = one.authority.today + timedelta(days=days)
    one.decide(followup.dispose, 1, Order(Disposition.RECTIFY, demand=DEMAND, due=due), actor="lead")


def addressed(one: Team) -> dict[str, list[str]]:
    """To which roles each kind of alert goes after today's look."""
    alerts(one)
    with one.authority.session() as session:
        return {alert.kind: alert.to for alert in open_alerts(session)}


def photo(one: Team) -> str:
    """The hash of a file of the task."""
    with one.authority.session() as session:
        task = tasks.find_task(session, one.no)
        made = Evidence(
            task_id=task.id, sha256="ab" * 32, media_type="image/png", size=1, name="整改.png", by="x", at=now(session)
        )
        session.add(made)
        return made.sha256


def alerts(one: Team) -> list[tuple[str, str]]:
    """Kinds and subjects of what is open after today's look."""
    with one.authority.session() as session:
        today = legal_day(now(session))
        watch.sweep(session, official(), one.office.rules(today), today)
        return [(alert.kind, alert.subject) for alert in open_alerts(session)]


def test_r15_1_every_point_not_in_order_becomes_a_finding(one: Team) -> None:
    """With the facts of the record."""
    with one.authority.session() as session:
        found = followup.findings_of(session, tasks.find_task(session, one.no))
    assert [(finding.n, finding.point, finding.text) for finding in found] == [(1, "1", "发现淘汰设备一台")]


def test_r15_1_task_is_not_closed_without_disposition(one: Team) -> None:
    """Each finding first; nothing to do needs a reason, and what is decided stays."""
    assert refused(one.act, followup.close) == "finding_open"
    assert refused(one.decide, followup.dispose, 1, Order(Disposition.NONE), actor="lead") == "disposition_reason"
    one.decide(followup.dispose, 1, Order(Disposition.NONE, "设备已封存"), actor="lead")
    assert refused(one.decide, followup.dispose, 1, Order(Disposition.NONE, "再改"), actor="lead") == "finding_disposed"
    one.act(followup.close)
    assert one.read().state is TaskState.CLOSED


def test_r15_1_finding_left_lying_is_alarmed_after_ten_working_days(one: Team) -> None:
    """R15.1: ended on Monday 15 June 2026; 19 June is a holiday, so day ten is 30 June."""
    one.authority.wait(days=15)
    assert alerts(one) == []
    one.authority.wait(days=1)
    assert alerts(one) == [("finding_undisposed", f"task/{one.no}/1")]
    one.decide(followup.dispose, 1, Order(Disposition.NONE, "设备已封存"), actor="lead")
    assert alerts(one) == []


def test_r15_2_rectification_without_proof_is_overdue_the_day_after(one: Team) -> None:
    """R15.2: overdue and escalated when the next day begins; proof ends it."""
    ordered(one, days=30)
    one.authority.wait(days=30)
    assert alerts(one) == []
    one.authority.wait(days=1)
    assert alerts(one) == [("rectification_overdue", "rectification/ZG2026-0001")]
    one.act(followup.submit_proof, 1, "设备已拆除")
    assert alerts(one) == []


def test_r15_2_recheck_is_made_by_somebody_else(one: Team) -> None:
    """A failed one needs a new term; a passed one closes the finding."""
    ordered(one)
    assert refused(one.decide, followup.check_rectification, 1, passed=True, remark="", actor="checker") == (
        "rectification_state"
    )
    one.act(followup.submit_proof, 1, "设备已拆除")
    assert refused(one.decide, followup.check_rectification, 1, passed=True, remark="", actor="inspection") == (
        "same_person"
    )
    check = {"passed": False, "remark": "仍有一台在用", "actor": "checker"}
    assert refused(one.decide, followup.check_rectification, 1, **check) == "recheck_incomplete"
    later = one.authority.today + timedelta(days=60)
    made = one.decide(followup.check_rectification, 1, new_term=later, **check)
    assert (made.state, made.due) == (RectificationState.ORDERED, later)
    one.act(followup.submit_proof, 1, "全部拆除")
    assert one.decide(followup.check_rectification, 1, passed=True, remark="", actor="checker").state is (
        RectificationState.PASSED
    )
    with one.authority.session() as session:
        assert followup.is_all_closed(session, tasks.find_task(session, one.no))


def test_r15_2_recheck_needs_its_own_verb(one: Team) -> None:
    """The lead office disposes of findings and does not check rectifications."""
    ordered(one)
    one.act(followup.submit_proof, 1, "设备已拆除")
    assert refused(one.decide, followup.check_rectification, 1, passed=True, remark="", actor="lead") == "not_allowed"


def test_r15_2_term_is_within_what_the_rules_allow(one: Team) -> None:
    """Ninety days by default: day 90 is taken, day 91 refused, in the order and after a failed re-check."""
    today = one.authority.today
    late = Order(Disposition.RECTIFY, demand=DEMAND, due=today + timedelta(days=91))
    assert refused(one.decide, followup.dispose, 1, late) == "term_too_long"
    ordered(one, days=90)
    one.act(followup.submit_proof, 1, "设备已拆除")
    check = {"passed": False, "remark": "仍有一台在用", "actor": "checker"}
    later = today + timedelta(days=91)
    assert refused(one.decide, followup.check_rectification, 1, new_term=later, **check) == "term_too_long"


def test_r15_2_overdue_rectification_is_escalated_to_the_leader(one: Team) -> None:
    """R15.2: the leader on the first day; the supervisor too, once five working days more have gone by.

    The term ends on Wednesday 15 July 2026, so working day five is the 22nd.
    """
    ordered(one, days=30)
    one.authority.wait(days=31)
    assert addressed(one) == {"rectification_overdue": ["lead_office", "inspection_office", "leader"]}
    one.authority.wait(days=6)
    assert set(addressed(one)) == {"rectification_overdue"}
    one.authority.wait(days=1)
    assert addressed(one)["rectification_escalated"] == ["leader", "supervisor"]
    one.act(followup.submit_proof, 1, "设备已拆除")
    assert addressed(one) == {}


def test_r15_4_missing_receipt_is_escalated_to_the_leader(one: Team) -> None:
    """R15.4: handed over on 15 June 2026; 19 June is a holiday, so working day five is the 23rd."""
    one.decide(followup.dispose, 1, Order(Disposition.CASE, to="综合执法支队"))
    one.authority.wait(days=8)
    assert addressed(one) == {}
    one.authority.wait(days=1)
    assert addressed(one) == {"receipt_escalated": ["leader", "supervisor"]}
    one.act(followup.receive_receipt, 1, "收件〔2026〕12号", actor="lead")
    assert addressed(one) == {}


def test_r15_2_proof_names_evidence_of_the_task(one: Team) -> None:
    """R15.2: a hash that is no file of the task is refused; a known one is kept once."""
    ordered(one)
    assert refused(one.act, followup.submit_proof, 1, "设备已拆除", evidence=["cd" * 32]) == "evidence_unknown"
    known = photo(one)
    made = one.act(followup.submit_proof, 1, "设备已拆除", evidence=[known, known.upper()])
    assert made.evidence == [known]


def test_r15_4_lead_goes_with_evidence_of_the_task(one: Team) -> None:
    """R15.4: the same for what is handed over to another agency."""
    order = Order(Disposition.CASE, to="综合执法支队", evidence=("cd" * 32,))
    assert refused(one.decide, followup.dispose, 1, order) == "evidence_unknown"
    known = photo(one)
    one.decide(followup.dispose, 1, Order(Disposition.CASE, to="综合执法支队", evidence=(known,)))
    with one.authority.session() as session:
        assert session.exec(select(Transfer.evidence)).one() == [known]


def test_r15_3_recheck_leaves_the_once_a_year_counter_alone(one: Team) -> None:
    """R15.3: still the one draw of this year."""
    ordered(one)
    one.act(followup.submit_proof, 1, "设备已拆除")
    one.decide(followup.check_rectification, 1, passed=True, remark="", actor="checker")
    task = one.read()
    with one.authority.session() as session:
        assert planning.drawn_in_year(session, 2026, task.family)[task.object_code] == 1


def test_r15_4_lead_handed_over_needs_the_receipt(one: Team) -> None:
    """R15.4: without it neither finding nor task can be closed."""
    assert refused(one.decide, followup.dispose, 1, Order(Disposition.TRANSFER), actor="lead") == "transfer_to_missing"
    one.decide(followup.dispose, 1, Order(Disposition.TRANSFER, to="市场监管部门"), actor="lead")
    assert refused(one.act, followup.close) == "transfer_receipt_missing"
    assert refused(one.act, followup.receive_receipt, 1, " ", actor="lead") == "transfer_receipt_missing"
    one.act(followup.receive_receipt, 1, "收件〔2026〕12号", actor="lead")
    one.act(followup.close)
    assert one.read().state is TaskState.CLOSED


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (Order(Disposition.RECTIFY, demand=DEMAND), "rectification_incomplete"),
        (Order(Disposition.CASE), "transfer_to_missing"),
    ],
)
def test_disposition_without_what_it_needs_is_refused(one: Team, order: Order, code: str) -> None:
    """Nothing of it stays."""
    assert refused(one.decide, followup.dispose, 1, order, actor="lead") == code
    with one.authority.session() as session:
        (finding,) = followup.findings_of(session, tasks.find_task(session, one.no))
    assert finding.disposition is None


def test_term_of_a_rectification_lies_ahead(one: Team) -> None:
    """Not today, not yesterday; no such finding either."""
    order = Order(Disposition.RECTIFY, demand=DEMAND, due=one.authority.today)
    assert refused(one.decide, followup.dispose, 1, order, actor="lead") == "term_past"
    assert refused(one.decide, followup.dispose, 2, order, actor="lead") == "finding_missing"
