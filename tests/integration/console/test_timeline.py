"""经过: each thing's page says who did what to it, newest first, to everybody who may open the page."""

from __future__ import annotations

from typing import Any

import pytest

from authority import SUPERVISOR
from by_pages import draft, freeze, plan
from fairdraw.secret import make
from offices import Offices
from shuangsui.ledger.service import record


def timeline(offices: Offices, login: str, path: str) -> list[dict[str, Any]]:
    """Its rows, as the twin of the page has them."""
    tables = offices.data(login, path)["tables"]
    return next((table["rows"] for table in tables if table["title"] == "经过"), [])


@pytest.fixture
def draw(stocked: Offices) -> str:
    """The address of a draw whose plan is in the public log."""
    plan(stocked)
    address = freeze(stocked)
    commit = make(draft(stocked, address), SUPERVISOR, bytes(32), None)["commit"]
    stocked.done("lead", f"{address}/commit", who=SUPERVISOR, commitment=commit)
    return address


def test_draw_has_its_acts_and_its_lines_of_the_log(stocked: Offices, draw: str) -> None:
    """Both chains in one order."""
    rows = timeline(stocked, "lead", draw)
    assert [row["what"] for row in rows] == ["公开", "写入抽取日志：承诺", "交来承诺", "冻结名单"]
    assert [row["n"] for row in rows] == sorted((row["n"] for row in rows), reverse=True)


def test_plan_has_every_hand_that_it_went_through(stocked: Offices, draw: str) -> None:
    """Drafted and submitted by one, approved by another."""
    rows = timeline(stocked, "lead", "/plans/2026")
    assert [(row["act"], row["actor"]) for row in rows] == [
        ("plan.publish", "lead"), ("plan.approve", "leader"), ("plan.submit", "lead"), ("plan.add_line", "lead"),
        ("plan.new", "lead"),
    ]  # fmt: skip


def test_entry_itself_is_opened_by_auditors_only(stocked: Offices, draw: str) -> None:
    """Whoever may not read the ledger gets no way there, and payloads nowhere."""
    entry = timeline(stocked, "lead", draw)[0]
    assert f"/console/ledger/{entry['n']}" not in stocked.page("lead", draw)
    assert f"/console/ledger/{entry['n']}" in stocked.page("supervisor", draw)
    assert {*entry} == {"n", "time", "actor", "who", "act", "what"}


def test_nothing_of_others_stands_in_it(stocked: Offices, draw: str) -> None:
    """What was done to the plan is not the draw's."""
    acts = {row["act"] for row in timeline(stocked, "lead", draw)}
    assert {act.partition(".")[0] for act in acts} == {"draw", "drawlog", "disclosure"}


def test_r16_1_nobody_who_inspects_reads_what_happens_with_the_word_of_the_object(stocked: Offices) -> None:
    """A link that was renewed says that somebody wants to rate: for whoever reads the ratings only."""
    with stocked.authority.session() as session:
        for act in ("feedback.renew", "item.seen"):
            record(session, act, actor="supervisor", subject="JX-11", payload={})
        session.commit()
    where = "/catalogue/1/JX-11"
    assert [row["act"] for row in timeline(stocked, "supervisor", where)][:2] == ["item.seen", "feedback.renew"]
    assert [row["act"] for row in timeline(stocked, "lead", where)] == ["item.seen"]
