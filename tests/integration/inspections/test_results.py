"""Results typed in after a draw, and what of them is public (articles 10 and 14)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlmodel import select

from authority import Authority, experts, inspectors, line_terms, objects
from inspecting import team
from shuangsui.cli.walk import Course
from shuangsui.contracts import ResultCode
from shuangsui.disclosure import contents
from shuangsui.disclosure.views import result_row
from shuangsui.draws import changing, transcripts
from shuangsui.draws.office import find
from shuangsui.draws.tables import Draw
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections import followup, results
from shuangsui.inspections.followup import Order
from shuangsui.inspections.states import Disposition, TaskState
from shuangsui.inspections.tables import InspectionResult
from shuangsui.planning.policy import Seats, Terms, parse_ratio
from shuangsui.planning.tables import CounterState, FrequencyCounter


def enter(authority: Authority, draw: Draw, task: int = 0, *categories: str) -> None:
    """One inspection from its acceptance to its result."""
    course = Course(categories or ("no_problem",), {"1": "查明的情况"} if "corrected" in categories else {})
    team(authority, draw, task, course).whole()


def refused(act, *arguments, **options) -> str:
    """The code of the refusal."""
    with pytest.raises((RuleRefused, BadInput, NotFound)) as caught:
        act(*arguments, **options)
    return caught.value.code


def test_r10_2_result_consumes_the_counter(authority: Authority) -> None:
    """R10.2: consumed on inspection; all others stay reserved."""
    authority.ready()
    draw = authority.draw()
    enter(authority, draw)
    with authority.session() as session:
        states = sorted(session.exec(select(FrequencyCounter.state)))
    assert states == [CounterState.CONSUMED] + [CounterState.RESERVED] * (len(states) - 1)


def test_result_opens_its_object_in_the_transcript(authority: Authority) -> None:
    """srd-1 14: at the latest with the disclosure; nothing else is opened."""
    authority.ready()
    draw = authority.draw()
    enter(authority, draw)
    with authority.session() as session:
        files = transcripts.transcript(session, authority.office, find(session, draw.no))
        (public,) = results.results(session)
    assert files["openings.json"].count(b'"salt"') == 1
    assert public["object"]["code"].encode() in files["openings.json"]


def test_r14_7_withheld_result_is_a_numbered_placeholder(authority: Authority) -> None:
    """R14.7: an item whose list withholds results shows that there is one, on what basis, and never whose."""
    authority.take_in(objects=objects(121, "JX-01"), inspectors=inspectors(12, quals="民爆"), experts=experts(5))
    authority.publish_list()
    terms = Terms({"ALL": parse_ratio("100%")}, team=Seats(2, "民爆"))
    authority.publish_plan(("JX-01", terms))
    draw = authority.draw()
    enter(authority, draw)
    enter(authority, draw, 1)
    with authority.session() as session:
        found = results.results(session)
        files = transcripts.transcript(session, authority.office, find(session, draw.no))
    columns = ["draw", "item", "item_name", "key", "recorded_at", "term", "withheld"]
    assert [sorted(row) for row in found] == [columns] * 2
    assert [row["key"] for row in found] == ["withheld-2", "withheld-1"]
    assert files["openings.json"] == b"{}"


def test_inspected_task_is_not_replaced_any_more(authority: Authority) -> None:
    """A result stays with the object and the people it was found by."""
    authority.ready()
    draw = authority.draw()
    enter(authority, draw)
    with authority.session() as session:
        arguments = (session, authority.office, draw.no)
        seat = changing.Seat("teams", 0, 0)
        assert refused(changing.replace_object, *arguments, 0, actor="lead") == "task_settled"
        assert refused(changing.replace_person, *arguments, seat, "recusal", actor="lead") == "task_settled"


@pytest.mark.parametrize(
    ("categories", "code"),
    [
        (("fine",), "category_unknown"),
        (("no_problem", "no_activity"), "category_conflict"),
        (("corrected",), "category_contradicts"),
        (("cannot_contact",), "category_contradicts"),
    ],
)
def test_result_that_cannot_be_is_refused(authority: Authority, categories, code: str) -> None:
    """Unknown or contradictory categories, and such as the record does not bear out; the task stays open."""
    one = team(authority).until("submit")
    assert refused(one.submit, *categories) == code
    assert one.read().state is TaskState.UNDERWAY


def test_point_not_in_order_cannot_be_no_problem(authority: Authority) -> None:
    """The result says what the record says."""
    one = team(authority, course=Course(("no_problem",), {"1": "台账缺失"})).until("submit")
    assert refused(one.submit) == "category_contradicts"


def test_result_is_submitted_once(authority: Authority) -> None:
    """What is recorded is not overwritten."""
    assert refused(team(authority).whole().submit) == "task_state"


PENDING = (
    ResultCode("NH-1", "pending", "台账不全", "能耗台账不全"),
    ResultCode("NH-2", "pending", "未报送", "未报送能耗数据"),
)


def test_department_codes_need_their_category(authority: Authority) -> None:
    """Codes of a department stand below a category that the result has; the task stays open."""
    one = team(authority).until("submit")
    with authority.session() as session:
        head = {"leader": one.people()[0], "actor": "inspection"}
        arguments = (session, authority.office, one.no, ("no_problem",))
        assert refused(results.submit, *arguments, codes=PENDING, **head) == "result_code_loose"
    assert one.read().state is TaskState.UNDERWAY


def test_several_codes_stand_beside_the_category_and_are_public(authority: Authority) -> None:
    """With their words, so that they outlive their plugin; the final result has its own."""
    one = team(authority, course=Course(("pending",), {"1": "台账缺失"})).until("submit")
    with authority.session() as session:
        head = {"leader": one.people()[0], "actor": "inspection"}
        results.submit(session, authority.office, one.no, ("pending", "not_disclosed"), codes=PENDING, **head)
    task = one.read()
    with authority.session() as session:
        (found,) = results.results(session)
        kept = [asdict(code) for code in PENDING]
        assert (found["categories"], found["codes"]) == (["pending", "not_disclosed"], kept)
        result = session.exec(select(InspectionResult)).one()
        content = contents.result_content(session, authority.office, task, result, authority.today, "")
    texts = [code.text for code in PENDING]
    said = ["发现问题待后续处理", "未按规定公示应当公示的信息", *texts]
    assert result_row(content, authority.today)["outcome"] == "、".join(said)


def test_r15_5_pending_result_becomes_final_and_both_stay(authority: Authority) -> None:
    """R15.5: the second publication names the first, and the first the second."""
    one = team(authority, course=Course(("pending",), {"1": "台账缺失"})).whole()
    one.decide(followup.dispose, 1, Order(Disposition.NONE, "当场补齐"))
    one.act(results.finalise, ("corrected",), actor="lead")
    with authority.session() as session:
        found = results.results(session)
    final, first = found[0]["key"], found[1]["key"]
    assert [(row["categories"], row["follows"], row["followed_by"]) for row in found] == [
        (["corrected"], first, None),
        (["pending"], None, final),
    ]
    assert refused(one.act, results.finalise, ("corrected",), actor="lead") == "result_final"


def test_r15_5_result_is_not_final_while_a_finding_is_open(authority: Authority) -> None:
    """R15.5: neither without a disposition nor before the re-check has passed; article 15 is cited."""
    one = team(authority, course=Course(("pending",), {"1": "台账缺失"})).whole()
    final = (results.finalise, ("corrected",))
    with pytest.raises(RuleRefused) as caught:
        one.act(*final, actor="lead")
    assert (caught.value.code, caught.value.article) == ("findings_open", "第十五条")
    due = authority.today + timedelta(days=30)
    one.decide(followup.dispose, 1, Order(Disposition.RECTIFY, demand="补齐台账", due=due))
    one.act(followup.submit_proof, 1, "已补齐")
    assert refused(one.act, *final, actor="lead") == "findings_open"
    one.decide(followup.check_rectification, 1, passed=True, remark="", actor="checker")
    assert one.act(*final, actor="lead").n == 2


def test_r8_5_line_without_experts_draws_none(authority: Authority) -> None:
    """R8.5: experts only where the plan asks for them."""
    authority.take_in(objects=objects(100), inspectors=inspectors(12))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms(expert=False)))
    assert authority.draw().draft["experts"] is None
