"""Inspections outside the draw from the approved case to their tasks, by pages and their twins (article 17)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from authority import SUPERVISOR, Authority, objects
from officials import Official
from shuangsui.draws.office import find
from shuangsui.inspections.tables import InspectionTask

THING = objects(1)[0]["code"]
BASIS = "渝经信发〔2021〕6号 第十七条"
WISH: dict[str, Any] = {
    "code": "complaint-special", "trigger": "complaint", "why": "群众反映超标用能", "objects": [THING],
    "item": "JX-11", "number": "TS2026-001", "received_on": "2026-06-10", "summary": "超标用能",
    "necessity": "投诉集中", "body": "检查处室", "time": "6月", "area": "渝中区", "approval": "渝中府〔2026〕1号",
    "filing_no": "备2026-1", "filing_at": "2026-06-12",
}  # fmt: skip
PEOPLE = ["ZF0000", "ZF0001"]


@pytest.fixture
def ready(authority: Authority) -> Authority:
    """Registries, a published list and a plan; nothing drawn."""
    authority.ready()
    return authority


def asked(lead: Official, **changes: Any) -> str:
    """The page of a case that somebody asks for."""
    return lead.done("/exemptions/request", **WISH | changes).partition("?")[0].removeprefix("/console")


def told(official: Official, path: str, title: str) -> list[dict[str, Any]]:
    """The rows of one table of a page."""
    return [row for table in official.read(path)["tables"] if table["title"] == title for row in table["rows"]]


def rows(authority: Authority) -> list[tuple[str, str, str, list[str]]]:
    """Every task as the database has it."""
    with authority.session() as session:
        found = session.exec(select(InspectionTask).order_by(col(InspectionTask.no)))
        return [(task.type, str(task.exemption), task.object_code, task.team) for task in found]


def test_r17_2_people_of_a_special_inspection_are_drawn(ready: Authority, enter: Callable[..., Official]) -> None:
    """R17.2, R2.1: frozen once approved, drawn like any, sent out as 专项检查; the case leads to draw and tasks."""
    lead, leader = enter("lead"), enter("leader")
    case = asked(lead)
    holders = {"holders": [SUPERVISOR]}
    assert lead.refused(f"{case}/freeze", **holders) == (409, "exemption_not_approved", BASIS)
    leader.done(f"{case}/approve")
    assert (lead.offers(case), leader.offers(case)) == (["freeze"], [])
    assert lead.refused(f"{case}/open") == (409, "case_people_drawn", "第八条")
    where = lead.done(f"{case}/freeze", **holders).partition("?")[0].removeprefix("/console")
    no = where.rpartition("/")[2]
    assert lead.refused(f"{case}/freeze", **holders) == (409, "cause_drawn", "第八条")
    assert [(row["draw"], row["cause"]) for row in told(lead, case, "选派执法检查人员的抽取")] == [(no, "special")]
    with ready.session() as session:
        draw = find(session, no)
    ready.finish(draw)
    lead = enter("lead")
    assert lead.offers(case) == []
    lead.done("/tasks/dispatch", draw=no, mode="onsite", reason="须核对现场设备")
    (task,) = told(lead, case, "检查任务")
    shown = lead.read(f"/tasks/{task['no']}")
    assert (shown["facts"]["类型"], shown["facts"]["不适用情形"], len(shown["team"])) == (
        "专项检查", case.rpartition("/")[2], 2,
    )  # fmt: skip
    assert f'<a href="/console/tasks/{task["no"]}">' in lead.page(case).text
    assert rows(ready) == [("special", case.rpartition("/")[2], THING, [])]


def test_r17_2_people_named_in_the_case_go_out_at_once(ready: Authority, enter: Callable[..., Official]) -> None:
    """R17.2: chosen from those on duty, not drawn; one task for each object, and again changes nothing."""
    lead, leader = enter("lead"), enter("leader")
    page = lead.page("/exemptions").text
    assert f'<input type="checkbox" name="people" value="{PEOPLE[0]}">检查员0000（{PEOPLE[0]}，处室0）' in page
    clue = {"code": "complaint-clue", "people": PEOPLE}
    wrong = lead.call("/exemptions/request", WISH | clue | {"people": PEOPLE[:1]}).json()
    assert (wrong["code"], wrong["article"]) == ("exemption_team_small", "第十三条")
    case = asked(lead, **clue)
    assert lead.refused(f"{case}/open") == (409, "exemption_not_approved", "重庆市人民政府令第375号 第二十九条")
    assert leader.call(f"{case}/approve").status_code == 200
    assert lead.offers(case) == ["open"]
    assert f'<option value="{case.rpartition("/")[2]}">' in lead.page("/tasks").text
    assert lead.refused(f"{case}/freeze", holders=[SUPERVISOR]) == (409, "people_not_drawn", "第十七条")
    assert enter("inspection").form(f"{case}/open").status_code == 403
    lead.done(f"{case}/open", mode="onsite")
    no = case.rpartition("/")[2]
    assert (rows(ready), lead.offers(case)) == ([("clue", no, THING, PEOPLE)], [])
    assert f'<option value="{no}">' not in lead.page("/tasks").text
    assert lead.call(f"{case}/open").json() == {"tasks": []}
    assert lead.call("/tasks/open-case", {"case": no}).json() == {"tasks": []}
    (task,) = told(lead, case, "检查任务")
    facts = lead.read(f"/tasks/{task['no']}")["facts"]
    assert f'href="/console{case}"' in lead.page(f"/tasks/{task['no']}").text
    assert [facts[which] for which in ("类型", "组长", "组员")] == [
        "线索核查", "检查员0000（ZF0000）", ["检查员0001（ZF0001）"],
    ]  # fmt: skip


def test_object_leads_to_the_forms_about_it(ready: Authority, enter: Callable[..., Official]) -> None:
    """Its code is filled in, nobody copies it; who may not ask has no way there."""
    page = enter("lead").page(f"/objects/{THING}").text
    forms = (f"/exemptions?objects={THING}", f"/plans/2026/overrides?object_code={THING}")
    assert [f'href="/console{where}"' in page for where in forms] == [True, True]
    assert "/exemptions?objects=" not in enter("supervisor").page(f"/objects/{THING}").text
    shown = enter("lead").page(forms[0]).text
    assert ('<details class="card act" id="request" open>' in shown, f">{THING}</textarea>" in shown) == (True, True)


def test_r17_2_case_that_was_not_approved_opens_nothing(ready: Authority, enter: Callable[..., Official]) -> None:
    """Refused with the reason, its page offers no step any more, and no task and no draw comes of it."""
    lead, leader = enter("lead"), enter("leader")
    case = asked(lead, code="complaint-clue", people=PEOPLE)
    assert leader.offers(case) == ["refuse", "approve"]
    leader.done(f"{case}/refuse", reason="线索不清")
    assert (lead.read(case)["facts"]["不批准的理由"], lead.offers(case), leader.offers(case)) == ("线索不清", [], [])
    assert lead.refused(f"{case}/open")[1] == "exemption_not_approved"
    assert rows(ready) == []
