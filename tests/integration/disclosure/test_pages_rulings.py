"""公开决定 at the console: what waits, who decides, what the public then sees (R14.7, R14.8)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from authority import Authority
from console import DATA, ROOT
from inspecting import Team, team
from officials import Official, officials
from shelf import Place
from shuangsui.access.policy import Role
from shuangsui.disclosure.tables import Ruling
from shuangsui.draws import feasibility
from shuangsui.inspections import tasks
from shuangsui.inspections.tables import ObjectAccess

LAW = {"basis": "《保守国家秘密法》第二十八条", "scope": "生产规模"}


@pytest.fixture
def one(authority: Authority) -> Team:
    """An inspection that has ended."""
    return team(authority).whole()


def public(authority: Authority) -> list[Any]:
    """What the page of results shows: the outcome, or the provision that keeps it back."""
    page = authority.folder / "public" / authority.slug / "results" / "index.json"
    if not page.exists():
        return []
    return [row["withheld"] or row["outcome"] for row in json.loads(page.read_text("utf-8"))["results"]]


def others(authority: Authority, team_: Team) -> list[str]:
    """The other tasks of the draw."""
    with authority.session() as session:
        return [task.no for task in tasks.all_tasks(session) if task.no != team_.no]


def rulings(authority: Authority) -> list[tuple[str, str, str]]:
    """Every row: decision, state, proposer."""
    with authority.session() as session:
        return [(row.decision, row.state, row.proposer) for row in session.exec(select(Ruling).order_by(Ruling.n))]


def test_r14_7_lead_office_publishes_on_the_page(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """What waits stands in the list with its last day; decided once, on the portal at once."""
    lead = enter("lead")
    (row,) = lead.read("/rulings")["rows"]
    assert {name: row[name] for name in ("no", "stage", "category_names", "due", "left_text")} == {
        "no": one.no, "stage": "waiting", "category_names": ["未发现问题"], "due": "2026-07-14",
        "left_text": "剩 20 个工作日",
    }  # fmt: skip
    assert lead.read(f"/rulings/{one.no}")["acts"] == ["commission", "publish", "withhold"]
    assert lead.offers(f"/rulings/{one.no}") == ["withhold", "publish"]
    assert public(authority) == []
    where = lead.done(f"/rulings/{one.no}/publish")
    assert "已决定公开：公示网站已更新，其他渠道随后送达。" in lead.page(where.removeprefix("/console")).text
    assert public(authority) == ["未发现问题"]
    shown = lead.read(f"/rulings/{one.no}")
    assert (shown["stage"], shown["acts"], shown["due"]) == ("published", [], "2026-07-14")
    assert lead.refused(f"/rulings/{one.no}/publish") == (409, "ruling_made", "第十四条")


def test_r14_7_two_people_withhold_on_the_page(one: Team, authority: Authority, enter: Callable[..., Official]) -> None:
    """Proposed with basis and scope, approved by another; the public sees why, under a number."""
    lead, leader = enter("lead"), enter("leader", Role.LEAD_OFFICE)
    path = f"/rulings/{one.no}"
    lead.done(f"{path}/withhold", **LAW, notify="市国防科工办\r\n市统计局")
    shown = lead.read(path)
    (ruling,) = next(table for table in shown["tables"] if table["title"] == "作出的决定")["rows"]
    assert (shown["stage"], shown["acts"]) == ("proposed", ["refuse"])
    assert (ruling["basis"], ruling["notified"]) == (LAW["basis"], ["市国防科工办", "市统计局"])
    assert (lead.offers(path), leader.offers(path)) == ([], ["refuse", "approve"])
    assert public(authority) == []
    leader.done(f"{path}/approve")
    assert public(authority) == [LAW["basis"]]
    shown = lead.read(path)
    assert (shown["stage"], shown["acts"], shown["number"]) == ("withheld", [], 1)
    assert "第 1 号：依法不予公开的抽查结果" in lead.page(path).text


def test_r14_7_proposer_does_not_approve_on_the_page(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """Not offered, and refused to who sends the form all the same."""
    leader = enter("leader", Role.LEAD_OFFICE)
    path = f"/rulings/{one.no}"
    leader.done(f"{path}/withhold", **LAW, nobody="yes")
    assert leader.offers(path) == ["refuse"]
    assert leader.refused(f"{path}/approve")[:2] == (403, "same_person")
    assert rulings(authority) == [("withheld", "proposed", "leader")]


def test_r14_8_whom_to_tell_is_chosen_on_the_page(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """Neither units nor nobody, and both at once, are refused; nobody is shown as a choice."""
    lead = enter("lead")
    path = f"/rulings/{one.no}/withhold"
    told = {"basis": LAW["basis"], "scope": LAW["scope"]}
    assert lead.refused(path, **told) == (422, "withholding_unnotified", None)
    answer = lead.form(path, **told, notify="市统计局", nobody="yes")
    assert (answer.status_code, "请只选一种" in answer.text, LAW["basis"] in answer.text) == (422, True, True)
    assert lead.refused(path, basis=" ", scope="x", notify=["市统计局"])[1] == "withholding_unfounded"
    assert rulings(authority) == []
    lead.done(path, **told, nobody="yes")
    assert "不作定向通报" in lead.page(f"/rulings/{one.no}").text
    assert lead.read(f"/rulings/{one.no}")["tables"][1]["rows"][0]["notified"] == []


def test_r14_7_refused_withholding_is_decided_anew(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """It waits again; both decisions stay on the page."""
    lead, leader = enter("lead"), enter("leader")
    path = f"/rulings/{one.no}"
    lead.done(f"{path}/withhold", **LAW, nobody="yes")
    assert leader.refused(f"{path}/refuse", reason=" ") == (422, "withholding_reason", None)
    assert leader.call(f"{path}/refuse", {"reason": "不涉及国家秘密"}).json() == {
        "n": 1, "decision": "withheld", "state": "refused", "number": None,
    }  # fmt: skip
    assert lead.read(path)["acts"] == ["commission", "publish", "withhold"]
    assert lead.call(f"{path}/publish").json() == {
        "n": 2, "decision": "publish", "state": "in_force", "number": None,
    }  # fmt: skip
    history = next(table for table in lead.read(path)["tables"] if table["title"] == "作出的决定")["rows"]
    assert [(row["state"], row["reason"]) for row in history] == [("refused", "不涉及国家秘密"), ("in_force", "")]


def test_r14_7_others_do_not_decide(one: Team, authority: Authority, enter: Callable[..., Official]) -> None:
    """They read; no form, no act; who approves does not propose, and the other way round."""
    lead, leader, inspection = enter("lead"), enter("leader"), enter("inspection")
    path = f"/rulings/{one.no}"
    assert (leader.offers(path), inspection.offers(path)) == ([], ["commission"])
    for who, names in ((inspection, ("publish", "withhold", "approve", "refuse")), (leader, ("publish", "withhold"))):
        for name in names:
            answer = who.call(f"{path}/{name}", {**LAW, "nobody": True, "reason": "x"})
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
            assert who.form(f"{path}/{name}", **LAW, nobody="yes", reason="x").status_code == 403
    assert lead.call(f"{path}/approve").json()["code"] == "not_allowed"
    assert rulings(authority) == []
    assert enter("sys").browser.get(f"/api{path}", headers=DATA).status_code == 403


def test_r14_7_what_is_not_there_is_refused(one: Team, authority: Authority, enter: Callable[..., Official]) -> None:
    """A task without a result, an approval of nothing."""
    lead, leader = enter("lead"), enter("leader")
    fresh = others(authority, one)[0]
    assert lead.read(f"/rulings/{fresh}")["acts"] == []
    assert "检查尚未结束" in lead.page(f"/rulings/{fresh}").text
    assert lead.refused(f"/rulings/{fresh}/publish")[:2] == (404, "result_missing")
    assert leader.refused(f"/rulings/{one.no}/approve") == (409, "ruling_not_proposed", "第十四条")


def test_foreign_tenants_rulings_are_missing(one: Team, authority: Authority, enter: Callable[..., Official]) -> None:
    """Like those of a task that never was, on the page and in every act."""
    authority.beside("yuzhong")
    lead = enter("lead")
    lead.browser.cookies.clear()
    assert lead.browser.sign_in("lead", tenant="yuzhong").status_code == 303
    lead.csrf = lead.browser.csrf()
    for path in ("rulings/{}", "due/{}/1"):
        mine, never = (lead.browser.get(f"/api/{path.format(no)}", headers=DATA) for no in (one.no, "RW2026-9999"))
        said = [answer.text.replace(no, "") for answer, no in ((mine, one.no), (never, "RW2026-9999"))]
        assert (mine.status_code, said[0]) == (404, said[1])
        assert lead.page(f"/{path.format(one.no)}").status_code == 404
    for name, body in (("publish", {}), ("withhold", {**LAW, "nobody": True})):
        mine, never = (lead.call(f"/rulings/{no}/{name}", body) for no in (one.no, "RW2026-9999"))
        assert (
            (mine.status_code, mine.json()["code"])
            == (never.status_code, never.json()["code"])
            == (404, "task_missing")
        )
    assert (lead.read("/rulings")["count"], lead.read("/due?days=250")["count"]) == (0, 0)
    assert rulings(authority) == []


def test_rulings_are_found_by_state(authority: Authority, enter: Callable[..., Official]) -> None:
    """What somebody must act on stands first."""
    first = team(authority).whole()
    lead = enter("lead")
    second = Team(authority, others(authority, first)[0], first.course).whole()
    lead.done(f"/rulings/{first.no}/publish")
    assert [row["no"] for row in lead.read("/rulings")["rows"]] == [second.no, first.no]
    assert lead.read("/rulings")["notes"] == ["1 项待决定，0 项不予公开待批准"]
    assert [row["no"] for row in lead.read("/rulings?state=published")["rows"]] == [first.no]
    assert [row["no"] for row in lead.read("/rulings?state=waiting")["rows"]] == [second.no]
    assert lead.read("/rulings?state=withheld")["rows"] == []
    assert f'href="/console/rulings/{second.no}"' in lead.page("/rulings").text


def test_r14_7_several_results_are_decided_on_at_once(authority: Authority, enter: Callable[..., Official]) -> None:
    """Those that are ticked, all or none; each is a decision of its own, and a refusal keeps the ticks."""
    first = team(authority).whole()
    second = Team(authority, others(authority, first)[0], first.course).whole()
    lead, leader = enter("lead"), enter("leader")
    page = lead.page("/rulings").text
    assert (page.count("data-pick "), 'formaction="/console/rulings/publish-several"' in page) == (2, True)
    assert "data-pick" not in leader.page("/rulings").text
    lead.done(f"/rulings/{first.no}/withhold", **LAW, nobody="yes")
    refused = lead.form("/rulings/publish-several", picked=[second.no, first.no])
    assert (refused.status_code, refused.text.count(" checked>")) == (409, 1)
    assert public(authority) == []
    leader.done(f"/rulings/{first.no}/refuse", reason="没有依据")
    lead.done("/rulings/publish-several", picked=[second.no, first.no])
    assert sorted(row[:2] for row in rulings(authority)) == [
        ("publish", "in_force"), ("publish", "in_force"), ("withheld", "refused"),
    ]  # fmt: skip
    assert len(public(authority)) == 2


def test_r16_2_opening_a_ruling_is_written_down(
    one: Team, authority: Authority, enter: Callable[..., Official]
) -> None:
    """R16.2: it shows what was found at the object; the list does not."""
    who = enter("business")
    who.read("/rulings")
    who.read(f"/rulings/{one.no}")
    with authority.session() as session:
        rows = session.exec(select(ObjectAccess).where(ObjectAccess.actor == "business")).all()
    assert [row.object_code for row in rows] == [one.read().object_code]


def test_own_telephone_stands_in_the_basis_from_the_form_to_the_public_page(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the authority publishes itself is held nowhere on the way; somebody's number is refused in the form."""
    monkeypatch.setattr(feasibility, "TRIALS", 1)
    tenants, own, basis = tmp_path / "tenants", "13812345678", "《某法》，详询 {}"
    shutil.copytree(ROOT / "tenants", tenants)
    file = tenants / "chongqing" / "tenant.toml"
    file.write_text(f'public_numbers = ["{own}"]\n{file.read_text("utf-8")}', "utf-8")
    authority = Authority(place.engine, place.folder, tenants=tenants)
    path, told = f"/rulings/{team(authority).whole().no}", {"scope": "全部", "nobody": "yes"}
    with officials(authority, place.database.app, monkeypatch, tenants) as enter:
        lead, leader = enter("lead"), enter("leader")
        assert lead.refused(f"{path}/withhold", basis=basis.format("13912345678"), **told)[1] == "personal_data"
        lead.done(f"{path}/withhold", basis=basis.format(own), **told)
        leader.done(f"{path}/approve")
    assert public(authority) == [basis.format(own)]
