"""The rectification board: where each one stands today, and the same as a list and as a file (R15.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from authority import Authority
from console import DATA
from inspecting import Team, team
from officials import Official
from shuangsui.access.policy import Role
from shuangsui.catalogue.tables import Item
from shuangsui.cli.walk import Course
from shuangsui.inspections import followup
from shuangsui.inspections.followup import Order
from shuangsui.inspections.rectify_routes import CARDS, COLUMNS
from shuangsui.inspections.states import Disposition
from shuangsui.inspections.tables import Finding, Rectification

EMPTY = {"待整改": [], "待核查": [], "逾期": [], "已完成": []}
WRONG = "发现淘汰设备一台"


@pytest.fixture
def one(authority: Authority) -> Team:
    """An inspection with one finding, which must be put right by 15 July 2026."""
    made = team(authority, course=Course(("pending",), {"1": WRONG})).whole()
    due = made.authority.today + timedelta(days=30)
    made.decide(followup.dispose, 1, Order(Disposition.RECTIFY, demand="拆除淘汰设备", due=due))
    return made


def board(official: Official, query: str = "") -> dict[str, list[tuple[str, str]]]:
    """Column → task and progress of each card."""
    shown = official.read(f"/rectify{query}")
    return {
        column["title"]: [(card["task_no"], card["progress"]) for card in column["cards"]]
        for column in shown["columns"]
    }


def listed(official: Official, query: str = "") -> list[dict[str, Any]]:
    """The rows of the list below the board."""
    return official.read(f"/rectify{query}")["tables"][0]["rows"]


def test_r15_2_a_rectification_goes_through_the_columns(one: Team, enter: Callable[..., Official]) -> None:
    """Ordered on 15 June 2026 with a holiday before the last day; late on 16 July; the proof ends that."""
    assert board(enter("lead")) == {**EMPTY, "待整改": [(one.no, "剩 21 个工作日")]}
    one.authority.wait(days=30)
    assert board(enter("lead")) == {**EMPTY, "待整改": [(one.no, "今天到期")]}
    one.authority.wait(days=1)
    assert board(enter("lead")) == {**EMPTY, "逾期": [(one.no, "已逾期 1 个工作日")]}
    one.act(followup.submit_proof, 1, "设备已拆除")
    assert board(enter("lead")) == {**EMPTY, "待核查": [(one.no, "2026-07-16 已交材料")]}
    one.decide(followup.check_rectification, 1, passed=True, remark="", actor="checker")
    assert board(enter("lead")) == {**EMPTY, "已完成": [(one.no, "2026-07-16 复查合格")]}


def test_r15_2_failed_recheck_goes_back_with_its_new_term(one: Team, enter: Callable[..., Official]) -> None:
    """What was late is so no more, until the new term is over."""
    one.authority.wait(days=31)
    one.act(followup.submit_proof, 1, "设备已拆除")
    later = one.authority.today + timedelta(days=32)
    one.decide(followup.check_rectification, 1, passed=False, remark="仍有一台在用", actor="checker", new_term=later)
    assert board(enter("lead")) == {**EMPTY, "待整改": [(one.no, "剩 1 个工作日")]}


def test_a_card_says_what_is_wrong_and_leads_to_the_task(one: Team, enter: Callable[..., Official]) -> None:
    """Object, item, finding, last day; the task and the page on which the finding is worked on."""
    lead, task = enter("lead"), one.read()
    (row,) = listed(lead)
    assert {name: row[name] for name in ("object_name", "item", "text", "due", "standing_name")} == {
        "object_name": task.object_name, "item": "JX-11", "text": WRONG, "due": "2026-07-15",
        "standing_name": "待整改",
    }  # fmt: skip
    page = lead.page("/rectify").text
    task_links, finding_links = (page.count(f'href="/console/tasks/{one.no}{end}"') for end in ("", "/findings/1"))
    assert (task_links, finding_links) == (1, 2)
    assert f'<p class="wrong">{WRONG}</p>' in page


def test_board_and_list_are_of_one_office_or_item(one: Team, enter: Callable[..., Official]) -> None:
    """The office is the one that the newest version of the list names for the item."""
    lead = enter("lead")
    with one.authority.session() as session:
        (office,) = set(session.exec(select(Item.office).where(Item.code == "JX-11")))
    shown = lead.read("/rectify")
    assert (shown["offices"], [*shown["items"]]) == ([office], ["JX-11"])
    assert [row["office"] for row in listed(lead, f"?office={office}&item=JX-11")] == [office]
    assert (board(lead, "?office=别的处室"), listed(lead, "?item=JX-02")) == (EMPTY, [])
    assert f'<option value="{office}" selected>' in lead.page(f"/rectify?office={office}").text


def test_list_is_taken_away_as_a_file(one: Team, enter: Callable[..., Official]) -> None:
    """With the headings of the page, and of the office that is asked for only."""
    lead = enter("lead")
    lines = lead.page("/rectify?export=csv").text.lstrip("\ufeff").splitlines()
    assert (lines[0].split(","), [line.split(",")[0] for line in lines[1:]]) == (
        [*COLUMNS.values()], ["ZG2026-0001"],
    )  # fmt: skip
    assert len(lead.page("/rectify?office=别的处室&export=csv").text.splitlines()) == 1


def test_a_column_shows_its_first_cards_and_says_how_many_there_are(one: Team, enter: Callable[..., Official]) -> None:
    """The earliest terms; the list has the rest."""
    with one.authority.session() as session:
        (first,) = session.exec(select(Finding))
        (order,) = session.exec(select(Rectification))
        for n in range(CARDS):
            more = Finding(task_id=first.task_id, n=n + 2, point=str(n + 2), text=WRONG, found_at=first.found_at)
            session.add(more)
            session.flush()
            due = order.due + timedelta(days=n + 1)
            session.add(Rectification(finding_id=more.id, no=f"ZG2026-{n + 2:04d}", demand="拆除", due=due))
    lead = enter("lead")
    column = lead.read("/rectify")["columns"][0]
    assert (column["count"], [card["n"] for card in column["cards"]]) == (CARDS + 1, [*range(1, CARDS + 1)])
    assert ("另有 1 项，见下方清单" in lead.page("/rectify").text, len(listed(lead))) == (True, CARDS + 1)


def test_the_first_page_leads_to_the_board(one: Team, enter: Callable[..., Official]) -> None:
    """With as many late ones as the board has: proof that came in ends the lateness there, too."""
    one.authority.wait(days=31)
    figure = enter("lead").read("/")["desk"]["figures"][-1]
    assert (figure["value"], figure["note"], figure["path"]) == (1, "逾期 1", "/rectify")
    one.act(followup.submit_proof, 1, "设备已拆除")
    assert enter("lead").read("/")["desk"]["figures"][-1]["note"] == "逾期 0"


def test_board_is_for_who_may_view(one: Team, enter: Callable[..., Official]) -> None:
    """Who only administers sees none of it; nobody acts on it."""
    assert enter("sys", Role.SYSTEM_ADMIN).browser.get("/api/rectify", headers=DATA).status_code == 403
    assert enter("lead").offers("/rectify") == []
