"""The municipality closes a district by its pages; the district's first page and forms say so."""

from __future__ import annotations

from datetime import date

from offices import Offices
from shuangsui import db
from shuangsui.ledger import tenure
from shuangsui.succession import deciding
from shuangsui.succession.policy import Wanted
from shuangsui.tenancy.tenure import Tenure, Turn

WISH = {
    "turn": "close", "subjects": ["yuzhong"], "successors": ["nanan", "beibei"], "since": "2026-06-15",
    "document": "渝办〔2026〕1号（模拟）", "reason": "区划调整",
}  # fmt: skip


def standing(offices: Offices, slug: str) -> Tenure:
    """Today."""
    with db.session(offices.authority.engine, slug) as session:
        return tenure.standing(session)


def test_decision_is_proposed_approved_and_told(offices: Offices) -> None:
    """By two people; what is approved may be told again."""
    where = offices.done("lead", "/tenures/propose", **WISH).partition("?")[0].removeprefix("/console")
    shown = offices.data("leader", where)
    assert (shown["decision"]["subject_names"], shown["acts"]) == (
        "重庆市渝中区经济和信息化委员会",
        ["approve", "refuse"],
    )
    assert offices.submit("lead", f"{where}/approve").status_code == 403
    assert standing(offices, "yuzhong") is Tenure.ACTIVE
    offices.done("leader", f"{where}/approve"), offices.done("leader", f"{where}/approve")
    assert (standing(offices, "yuzhong"), offices.data("lead", where)["acts"]) == (Tenure.CLOSING, ["approve"])
    (listed,) = offices.data("lead", "/tenures")["tables"]
    assert [(one["no"], one["state_name"]) for one in listed["rows"]] == [(shown["decision"]["no"], "已批准")]


def test_decision_is_refused_with_a_reason(offices: Offices) -> None:
    """It stays on record and is decided."""
    where = offices.done("lead", "/tenures/propose", **WISH).partition("?")[0].removeprefix("/console")
    offices.done("leader", f"{where}/refuse", reason="依据不足")
    shown = offices.data("lead", where)
    assert (shown["decision"]["answer"], shown["acts"]) == ("依据不足", [])
    answer = offices.call("leader", f"{where}/approve")
    assert (answer.status_code, answer.json()["code"]) == (409, "tenure_decided")


def test_suspended_authority_reads_it_on_its_first_page_and_in_refusals(offices: Offices) -> None:
    """One sentence says since when, and by which document."""
    own = {"turn": "suspend", "subjects": ["chongqing"], "successors": []}
    assert offices.call("lead", "/tenures/propose", WISH | own).json()["code"] == "tenure_not_below"
    wanted = Wanted(Turn.SUSPEND, ("chongqing",), date(2026, 6, 15), "运维〔2026〕1号", "检修")
    deciding.by_operator(offices.authority.engine, "chongqing", wanted, account="os:test")
    assert "暂停办理新事项" in offices.at("lead").get("/console/").text
    answer = offices.call("lead", "/plans/new", {"year": 2026})
    assert answer.json()["code"] == "tenure_begins"
    assert "运维〔2026〕1号" in answer.json()["detail"]
    (mine, _) = offices.data("lead", "/tenures")["tables"]
    assert [(one["turn"], one["document"]) for one in mine["rows"]] == [("suspend", "运维〔2026〕1号")]
