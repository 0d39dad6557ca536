"""What waits for somebody stands on their first page, and goes when it is done."""

from __future__ import annotations

import pytest

from by_pages import LINE
from offices import Offices
from shuangsui.web.areas import declared
from shuangsui.web.waiting import PILES, Pile


def piles(offices: Offices, login: str) -> dict[str, int]:
    """Title → how many."""
    return {one["title"]: one["count"] for one in offices.data(login, "/")["desk"]["waiting"]}


def test_a_plan_waits_for_whoever_may_approve_it(stocked: Offices) -> None:
    """From its submission to its approval, on nobody else's page."""
    stocked.done("lead", "/plans/new", year="2026")
    stocked.done("lead", "/plans/2026/add", **LINE)
    assert piles(stocked, "leader") == {}
    stocked.done("lead", "/plans/2026/submit")
    assert (piles(stocked, "leader"), piles(stocked, "lead")) == ({"年度计划待批准": 1}, {})
    assert '<a class="btn" href="/console/plans">年度计划待批准 <b class="num">1</b></a>' in stocked.page("leader", "/")
    stocked.done("leader", "/plans/2026/approve")
    assert piles(stocked, "leader") == {}


@pytest.mark.parametrize("pile", PILES, ids=lambda pile: pile.title)
def test_a_pile_leads_to_a_page(pile: Pile) -> None:
    """Of those that stand in the navigation."""
    assert pile.path.partition("?")[0] in {view.path for view in declared().views if view.menu}
