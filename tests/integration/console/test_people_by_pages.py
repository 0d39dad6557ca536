"""Who must withdraw, who leads, who comes to help, and what goes to the districts, by pages (articles 8, 9, 17)."""

from __future__ import annotations

from typing import Any

import pytest

from authority import SUPERVISOR, line_terms, objects
from offices import Offices
from shuangsui.access import service as access
from shuangsui.access.policy import Role
from shuangsui.draws.tables import Draw
from shuangsui.planning.policy import Terms, parse_ratio


@pytest.fixture
def draw(stocked: Offices) -> Draw:
    """A finished draw of a published plan."""
    stocked.authority.publish_plan(("JX-11", line_terms()))
    return stocked.authority.draw()


def table(offices: Offices, path: str, title: str) -> list[dict[str, Any]]:
    """The rows of one table of a page."""
    found: list[dict[str, Any]] = next(t["rows"] for t in offices.data("lead", path)["tables"] if t["title"] == title)
    return found


def test_r9_2_request_upheld_draws_the_seat_again(stocked: Offices, draw: Draw) -> None:
    """Declared by an object, decided by the lead office, filled by the next numbers and never by hand."""
    at = f"/draws/{draw.no}"
    task = stocked.data("lead", f"{at}/tasks/0")["task"]
    person, thing = task["teams"][1], task["code"]
    stocked.done("lead", f"{at}/tasks/0/recuse", person=person, raised_by="object", raiser=thing, why="kinship",
               detail="连襟")  # fmt: skip
    (case,) = stocked.data("leader", "/recusals")["rows"]
    assert ("detail" in case, case["state"]) == (False, "raised")
    assert "连襟" not in stocked.page("supervisor", f"/recusals/{case['no']}")
    assert "连襟" in stocked.page("lead", f"/recusals/{case['no']}")
    stocked.done("lead", f"/recusals/{case['no']}/decide", outcome="uphold", reason="属实")
    assert stocked.data("lead", at)["acts"] == ["abandon", "reveal", "run"]
    value = stocked.authority.reveal(draw, 1)
    stocked.done("supervisor", f"{at}/reveal", who=SUPERVISOR, value=value)
    stocked.done("lead", f"{at}/run")
    after = stocked.data("lead", f"{at}/tasks/0")["task"]["teams"]
    assert (person in after, len(after), None in after) == (False, 2, False)


def test_r9_2_inspector_declares_for_the_own_seats_only(stocked: Offices, draw: Draw) -> None:
    """The page lists the seats of whoever looks; a task of somebody else is refused."""
    task = stocked.data("lead", f"/draws/{draw.no}/tasks/0")["task"]
    with stocked.authority.session() as session:
        access.add_user(session, "zhang", "张三(模拟)", by="sec.admin")
        access.grant(session, "zhang", Role.INSPECTOR, by="sec.admin")
        access.link(session, "zhang", access.PersonOf.INSPECTOR, task["teams"][0], by="sec.admin")
    stocked.staff("zhang")
    seats = [row["seat"] for row in stocked.data("zhang", "/my-seats")["rows"]]
    every = table(stocked, f"/draws/{draw.no}", "抽取结果")
    assert seats == [f"{draw.no}/{row['task']}" for row in every if task["teams"][0] in row["teams"]]
    other = next(row["task"] for row in every if task["teams"][0] not in row["teams"])
    refused = stocked.call("zhang", "/my-seats/declare", {"seat": f"{draw.no}/{other}", "why": "kinship"})
    assert (refused.status_code, refused.json()["code"]) == (422, "recusal_seat_missing")
    stocked.done("zhang", "/my-seats/declare", seat=f"{draw.no}/0", why="kinship", detail="表亲")
    assert [row["person"] for row in stocked.data("lead", "/recusals")["rows"]] == [task["teams"][0]]


def test_r9_4_helpers_of_another_authority_are_approved_by_the_leadership(stocked: Offices, draw: Draw) -> None:
    """Asked for by the lead office, shown as called in, not stocked."""
    at = f"/draws/{draw.no}/tasks/0"
    stocked.done("lead", f"{at}/assist", document_no="商函〔2026〕1号", helpers=["ZX0001=两江新区"])
    assert stocked.call("lead", f"{at}/approve-assist", {"document_no": "商函〔2026〕1号"}).status_code == 403
    stocked.done("leader", f"{at}/approve-assist", document_no="商函〔2026〕1号")
    (row,) = table(stocked, at, "跨区域调派")
    assert (row["people"], row["approved_by"]) == (["ZX0001（两江新区）"], "leader")


def test_srd_11_1_object_that_is_still_there_is_not_replaced(stocked: Offices, draw: Draw) -> None:
    """Refused with article 8; once the registry says that it is gone the next alternate comes in."""
    at = f"/draws/{draw.no}/tasks/0"
    before = stocked.data("lead", at)["task"]["code"]
    refused = stocked.call("lead", f"{at}/replace-object")
    assert (refused.status_code, refused.json()["code"], refused.json()["article"]) == (409, "object_valid", "第八条")
    stocked.authority.retire(before)
    stocked.done("lead", f"{at}/replace-object")
    assert stocked.data("lead", at)["task"]["code"] != before


def test_r17_1_drawn_objects_go_to_the_district_and_come_back_with_a_reason(offices: Offices) -> None:
    """Sent by the city, handed back by the district, sent again, accepted; nothing else crosses."""
    offices.authority.take_in(objects=objects(40, district="两江新区"))
    offices.authority.publish_list()
    offices.authority.publish_plan(
        ("JX-11", Terms({"FLAG": parse_ratio("10%"), "ALL": parse_ratio("5%")}, dispatch=True))
    )
    draw = offices.authority.draw()
    offices.done("lead", f"/draws/{draw.no}/dispatch/send")
    district = Offices(offices.authority.beside("liangjiang"), offices.stack)
    (sent,) = district.data("lead", "/assignments")["rows"]
    district.done("lead", f"/assignments/{sent['no']}/hand-back", reason="企业已迁出")
    (row,) = offices.data("lead", f"/draws/{draw.no}/dispatch")["rows"]
    assert (row["receiver"], row["state"], row["answer"]) == ("liangjiang", "handed_back", "企业已迁出")
    offices.done("lead", f"/draws/{draw.no}/dispatch/redirect", receiver="liangjiang", to="liangjiang", reason="未迁出")
    (again,) = [row for row in district.data("lead", "/assignments")["rows"] if row["state"] == "sent"]
    district.done("lead", f"/assignments/{again['no']}/accept")
    states = [row["state"] for row in offices.data("lead", f"/draws/{draw.no}/dispatch")["rows"]]
    assert states == ["redirected", "accepted"]
    assert district.at("lead").get(f"/api/draws/{draw.no}").status_code == 404


def test_r6_3_eligibility_rule_has_versions(offices: Offices) -> None:
    """An empty one is refused; the second is version 2."""
    empty = offices.call("lead", "/eligibility/set", {"family": "JX-11", "valid_from": "2026-06-15"})
    assert (empty.status_code, empty.json()["code"]) == (422, "eligibility_empty")
    for post in ("节能监察", "能源管理"):
        offices.done("lead", "/eligibility/set", family="JX-11", valid_from="2026-06-15", posts=[post])
    rows = offices.data("lead", "/eligibility")["rows"]
    assert [(row["version"], row["posts"]) for row in rows] == [(1, ["节能监察"]), (2, ["能源管理"])]
