"""Results typed in after a draw, and what of them is public (articles 10 and 14)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from authority import Authority, experts, inspectors, line_terms, objects
from shuangsui.draws import changing, transcripts
from shuangsui.draws.office import find
from shuangsui.draws.tables import Draw
from shuangsui.errors import BadInput, NotFound, RuleRefused
from shuangsui.inspections import service
from shuangsui.inspections.service import Result
from shuangsui.planning.policy import Seats, Terms, parse_ratio
from shuangsui.planning.tables import CounterState, FrequencyCounter


def enter(authority: Authority, draw: Draw, task: int = 0, *categories: str, **options) -> None:
    """Type a result in."""
    ended = authority.today + timedelta(days=options.get("later", 0))
    result = Result(categories or ("no_problem",), ended)
    with authority.session() as session:
        service.record_result(session, draw.no, task, result, actor=options.get("actor", "inspection"))


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
        (public,) = service.results(session)
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
        found = service.results(session)
        files = transcripts.transcript(session, authority.office, find(session, draw.no))
    assert [sorted(row) for row in found] == [["draw", "item", "item_name", "key", "recorded_at", "withheld"]] * 2
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


def test_result_is_typed_in_once(authority: Authority) -> None:
    """What is recorded is not overwritten."""
    authority.ready()
    draw = authority.draw()
    enter(authority, draw)
    assert refused(enter, authority, draw) == "result_exists"


@pytest.mark.parametrize(
    ("arguments", "options", "code"),
    [
        ((0, "fine"), {}, "category_unknown"),
        ((0, "no_problem", "corrected"), {}, "category_conflict"),
        ((0,), {"later": 1}, "ended_later"),
        ((9999,), {}, "task_missing"),
        ((0,), {"actor": "lead"}, "not_allowed"),
    ],
)
def test_result_that_cannot_be_is_refused(authority: Authority, arguments, options, code: str) -> None:
    """Unknown or contradictory categories, a day to come, no such task, not one's office."""
    authority.ready(expert=False)
    draw = authority.draw()
    assert refused(enter, authority, draw, *arguments, **options) == code


def test_line_without_experts_draws_none(authority: Authority) -> None:
    """R8.5: experts only where the plan asks for them."""
    authority.take_in(objects=objects(100), inspectors=inspectors(12))
    authority.publish_list()
    authority.publish_plan(("JX-11", line_terms(expert=False)))
    assert authority.draw().draft["experts"] is None
