"""Last year's lines in this year's draft (R7.2 to R7.4), on both databases."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from authority import Authority, line_terms
from shuangsui.catalogue import drafting
from shuangsui.catalogue import service as catalogue
from shuangsui.errors import ShuangsuiError
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.planning import batches, service
from shuangsui.planning.copying import Copied, a_year_later, copy_lines, left_out
from shuangsui.planning.service import Line

BEFORE, YEAR = 2025, 2026
SPRING = (date(BEFORE, 3, 1), date(BEFORE, 6, 30))
WHOLE = (date(BEFORE, 1, 1), date(BEFORE, 12, 31))


def given(authority: Authority) -> dict[str, Any]:
    """What a line is judged by."""
    return {"rules": authority.office.rules(authority.today), "level": authority.office.level}


def last_year(authority: Authority) -> None:
    """A published plan with a line of JX-11 in spring and one of JX-14 for the whole year; a draft of this year."""
    with authority.session() as session:
        service.new_plan(session, BEFORE, actor="lead")
        for item, window in (("JX-11", SPRING), ("JX-14", WHOLE)):
            service.add_line(session, BEFORE, Line(item, line_terms(), *window), **given(authority), actor="lead")
    publish(authority)
    with authority.session() as session:
        service.new_plan(session, YEAR, actor="lead")


def publish(authority: Authority) -> None:
    """The draft of last year's plan, up to its publication."""
    with authority.session() as session:
        service.submit(session, BEFORE, actor="lead")
        service.approve(session, BEFORE, actor="leader")
        service.publish(session, BEFORE, actor="lead")


def copy(authority: Authority, actor: str = "lead") -> Copied:
    """Into this year's draft."""
    with authority.session() as session:
        return copy_lines(session, YEAR, **given(authority), actor=actor)


def refused(authority: Authority, actor: str = "lead") -> str:
    """The code of the refusal."""
    with pytest.raises(ShuangsuiError) as caught:
        copy(authority, actor)
    return caught.value.code


def drafted(authority: Authority) -> list[tuple[int, str, str, str]]:
    """Number, item and time of every line of the draft."""
    with authority.session() as session:
        shown = service.view(session, service.latest(session, YEAR))
    return [(line["no"], line["item"], line["starts"], line["ends"]) for line in shown["lines"]]


def entries(authority: Authority) -> list[tuple[str, dict[str, Any]]]:
    """Subject and payload of what the ledger says of copying."""
    with authority.session() as session:
        rows = session.exec(select(LedgerEntry).where(LedgerEntry.act == "plan.copy_lines")).all()
        return [(row.subject, json.loads(row.payload)) for row in rows]


def left(found: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    """Line, item and reason of what stayed out."""
    return [(one["line"], one["item"], one["code"]) for one in found]


def test_r7_2_lines_of_last_year_stand_in_the_draft_a_year_later(stocked: Authority) -> None:
    """R7.2: scope, ratios and frequency as they were; one entry says from where."""
    last_year(stocked)
    assert copy(stocked) == Copied([1, 2], [])
    assert drafted(stocked) == [
        (1, "JX-11", "2026-03-01", "2026-06-30"), (2, "JX-14", "2026-01-01", "2026-12-31"),
    ]  # fmt: skip
    with stocked.session() as session:
        plans = [service.latest(session, year) for year in (BEFORE, YEAR)]
        before, now = ([line.terms for line in service.lines(session, plan)] for plan in plans)
    assert (now, entries(stocked)) == (
        before, [("plan/2026/1", {"from": "plan/2025/1", "lines": [1, 2], "left": []})],
    )  # fmt: skip


def test_r7_3_line_whose_item_left_the_list_is_named_and_left_out(stocked: Authority) -> None:
    """R7.3: what this year's list does not have is not planned; the draft goes on saying so."""
    last_year(stocked)
    rules, level = given(stocked).values()
    with stocked.session() as session:
        drafting.hold(session, "JX-14", "职能划出", actor="lead")
        catalogue.submit(session, actor="lead", rules=rules, level=level)
        catalogue.approve(session, actor="leader", rules=rules)
        catalogue.publish(session, actor="lead", rules=rules)
    made = copy(stocked)
    assert (made.lines, left(made.left)) == ([1], [(2, "JX-14", "item_not_in_force")])
    assert [line[:2] for line in drafted(stocked)] == [(1, "JX-11")]
    with stocked.session() as session:
        assert left_out(session, service.latest(session, YEAR)) == made.left


def test_r7_4_line_given_up_and_batch_beside_the_plan_are_not_repeated(stocked: Authority) -> None:
    """R7.4, R7.5: the first is named; the second was never of the plan."""
    last_year(stocked)
    batch = Line("JX-14", line_terms(), *WHOLE)
    with stocked.session() as session:
        batches.propose(session, BEFORE, batch, "上级临时部署", **given(stocked), actor="lead")
        batches.approve(session, BEFORE, 1, **given(stocked), actor="leader")
        service.new_plan(session, BEFORE, actor="lead", reason="调整")
        service.terminate_line(session, BEFORE, 1, "职能划转", actor="lead")
    publish(stocked)
    made = copy(stocked)
    assert (left(made.left), [line[1] for line in drafted(stocked)]) == (
        [(1, "JX-11", "copy_terminated")], ["JX-14"],
    )  # fmt: skip


def test_what_the_draft_has_already_is_not_copied_twice(stocked: Authority) -> None:
    """A line that was typed the same counts; a second press is refused and leaves no entry."""
    last_year(stocked)
    typed = Line("JX-11", line_terms(), *map(a_year_later, SPRING))
    with stocked.session() as session:
        service.add_line(session, YEAR, typed, **given(stocked), actor="lead")
    assert copy(stocked) == Copied([2], [])
    assert refused(stocked) == "copy_nothing"
    assert ([line[1] for line in drafted(stocked)], len(entries(stocked))) == (["JX-11", "JX-14"], 1)


def test_copying_needs_a_plan_of_last_year_and_a_draft(stocked: Authority) -> None:
    """Each is said by its own code; whoever may not plan copies nothing."""
    assert refused(stocked) == "plan_missing"
    with stocked.session() as session:
        service.new_plan(session, YEAR, actor="lead")
    assert (refused(stocked), refused(stocked, "checker")) == ("plan_unpublished", "not_allowed")


def test_copying_into_what_is_submitted_is_refused(stocked: Authority) -> None:
    """The leader approves what was handed in."""
    last_year(stocked)
    copy(stocked)
    with stocked.session() as session:
        service.submit(session, YEAR, actor="lead")
    assert refused(stocked) == "plan_state"


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2025, 3, 1), date(2026, 3, 1)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 28)),
    ],
)
def test_a_year_later_is_the_same_day(day: date, later: date) -> None:
    """The last of February where there is no 29th."""
    assert a_year_later(day) == later
