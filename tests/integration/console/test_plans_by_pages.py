"""Every page of the menu, and what else a plan goes through, by pages."""

from __future__ import annotations

import pytest

from console import DATA, PAGE
from offices import Offices
from shuangsui.access import service as access
from shuangsui.access.policy import ROLE_NAMES, Role
from shuangsui.web.areas import declared

MENU = sorted(
    view.path for view in declared().views if view.menu and view.verb not in ("manage_users", "manage_settings")
)
LINE = {
    "item": "JX-11", "starts": "2026-01-01", "ends": "2026-12-31", "flag": "10%", "a": "2%", "b": "3%", "c": "4%",
    "d": "5%", "rest": "1%", "qualification": "节能",
}  # fmt: skip


@pytest.mark.parametrize("stock", [False, True])
def test_every_page_of_the_menu_opens_whatever_there_is(offices: Offices, stock: bool) -> None:
    """For an authority that has nothing yet and for one with registries and a list; its twin answers as well."""
    with offices.authority.session() as session:
        for role in set(ROLE_NAMES) - {Role.LEAD_OFFICE, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}:
            access.grant(session, "lead", role, by="sec.admin")
    if stock:
        offices.stock()
    browser = offices.at("lead")
    found = {
        path: (browser.get(f"/console{path}", headers=PAGE), browser.get(f"/api{path}", headers=DATA)) for path in MENU
    }
    statuses = {path: (page.status_code, twin.status_code) for path, (page, twin) in found.items()}
    assert {path: one for path, one in statuses.items() if one != (200, 200)} == {}


def test_r7_4_published_plan_is_amended_with_a_reason_and_a_line_terminated(stocked: Offices) -> None:
    """A second version; nothing is drawn of the line any more, and the first version stays readable."""
    offices = stocked
    offices.done("lead", "/plans/new", year="2026")
    offices.done("lead", "/plans/2026/add", **LINE)
    for step, login in (("submit", "lead"), ("approve", "leader"), ("publish", "lead")):
        offices.done(login, f"/plans/2026/{step}")
    assert offices.data("lead", "/plans/2026")["acts"] == ["amend"]
    assert offices.call("lead", "/plans/new", {"year": 2026}).json()["article"] == "第七条"
    offices.done("lead", "/plans/2026/amend", reason="人员减少")
    offices.done("lead", "/plans/2026/terminate", line="1", reason="改在下一年度")
    for step, login in (("submit", "lead"), ("approve", "leader"), ("publish", "lead")):
        offices.done(login, f"/plans/2026/{step}")
    now, before = offices.data("lead", "/plans/2026")["plan"], offices.data("lead", "/plans/2026?version=1")["plan"]
    assert (now["version"], now["lines"][0]["terminated"]) == (2, "改在下一年度")
    assert (before["state"], "terminated" in before["lines"][0]) == ("superseded", False)
    refused = offices.call("lead", "/draws/new/freeze", {"line": "2026-1", "holders": ["supervision"]}).json()
    assert (refused["code"], refused["article"]) == ("line_terminated", "第七条")


def test_r7_5_batch_beside_the_plan_is_approved_by_the_leader(stocked: Offices) -> None:
    """Proposed with a reason, approved by another person, then a line that may be drawn and stands apart."""
    offices = stocked
    offices.done("lead", "/plans/new", year="2026")
    offices.done("lead", "/plans/2026/add", **LINE)
    for step, login in (("submit", "lead"), ("approve", "leader"), ("publish", "lead")):
        offices.done(login, f"/plans/2026/{step}")
    where = offices.done("lead", "/plans/2026/unplanned/propose", **LINE, reason="市政府部署")
    assert where.startswith("/console/plans/2026/unplanned/1?done=")
    assert offices.call("lead", "/plans/2026/unplanned/1/approve").status_code == 403
    offices.done("leader", "/plans/2026/unplanned/1/approve")
    shown = offices.data("lead", "/plans/2026")["plan"]["unplanned"]
    assert [(line["no"], line["unplanned"]) for line in shown] == [(2, "市政府部署")]
    assert offices.data("leader", "/plans/2026/unplanned/1")["acts"] == []


def test_r7_3_last_years_lines_are_in_the_draft_by_one_press(stocked: Offices) -> None:
    """Offered while there is a published plan of last year; what stays out is said above the draft."""
    offices = stocked
    offices.done("lead", "/plans/new", year="2025")
    offices.done("lead", "/plans/2025/add", **{**LINE, "starts": "2025-03-01", "ends": "2025-06-30"})
    for step, login in (("submit", "lead"), ("approve", "leader"), ("publish", "lead")):
        offices.done(login, f"/plans/2025/{step}")
    offices.done("lead", "/plans/new", year="2026")
    assert offices.data("lead", "/plans/2026")["acts"] == ["add", "copy"]
    assert offices.done("lead", "/plans/2026/copy").startswith("/console/plans/2026?done=")
    shown = offices.data("lead", "/plans/2026")
    assert [(line["item"], line["starts"], line["ends"]) for line in shown["plan"]["lines"]] == [
        ("JX-11", "2026-03-01", "2026-06-30")
    ]
    assert shown["notes"] == []


def test_r7_2_draft_shows_what_its_lines_will_bring_by_months(stocked: Offices) -> None:
    """Two hundred objects, fifty of each class: 1, 2, 2 and 3 visits, spread over the months of the line."""
    offices = stocked
    offices.done("lead", "/plans/new", year="2026")
    assert "全年安排" not in offices.page("lead", "/plans/2026")
    offices.done("lead", "/plans/2026/add", **LINE)
    (row,) = offices.data("lead", "/plans/2026")["grid"]
    assert (row["planned"], row["drawn"], row["done"]) == (8, 0, 0)
    assert [month["planned"] for month in row["months"]] == [0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1]
    assert '<td class="heat-3"><b class="num">1</b></td>' in offices.page("lead", "/plans/2026")
