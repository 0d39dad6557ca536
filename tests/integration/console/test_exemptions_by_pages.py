"""Outside the draw by pages: refused with the article, leaving only the refusal; approved by another person."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from sqlmodel import select

from authority import objects
from offices import Offices
from shuangsui import db
from shuangsui.access.policy import Role
from shuangsui.inspections.tables import ObjectAccess
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.planning.visits import enter_visit

THING = objects(1)[0]["code"]
PDF = b"%PDF-1.4\n%test\n"
WISH = {
    "code": "complaint-special", "trigger": "complaint", "why": "群众反映超标用能", "objects": [THING],
    "item": "JX-11", "number": "TS2026-001", "received_on": "2026-06-10", "summary": "超标用能",
    "necessity": "投诉集中", "body": "检查处室", "time": "6月", "area": "渝中区", "approval": "渝中府〔2026〕1号",
    "filing_no": "备2026-1", "filing_at": "2026-06-12",
}  # fmt: skip
WRONG = [
    ({"trigger": "rumour"}, "exemption_trigger_unknown", "第十七条"),
    ({"number": ""}, "exemption_evidence_missing", "渝经信发〔2021〕6号 第十七条"),
    ({"code": "nothing"}, "exemption_unknown", "第十七条"),
]


def acts(offices: Offices) -> list[tuple[str, str]]:
    """What the ledger says of exemptions."""
    with offices.authority.session() as session:
        rows = session.exec(select(LedgerEntry).order_by(LedgerEntry.n)).all()
    return [(row.act, row.actor) for row in rows if row.act.startswith("exemption.")]


@pytest.mark.parametrize(("change", "code", "article"), WRONG)
def test_r17_2_wrong_exemption_leaves_only_its_refusal(
    stocked: Offices, change: dict[str, Any], code: str, article: str
) -> None:
    """The page cites the article and keeps what was typed; a program reads the same; no case and no number."""
    page, answer = (
        stocked.submit("lead", "/exemptions/request", **(WISH | change)),
        stocked.call("lead", "/exemptions/request", WISH | change),
    )
    said = answer.json()
    assert (answer.status_code, said["code"], said["article"]) == (409, code, article)
    assert (page.status_code, said["detail"] in page.text, f"依据：{article}" in page.text) == (409, True, True)
    assert "群众反映超标用能</textarea>" in page.text
    assert acts(stocked) == [("exemption.refused", "lead")] * 2
    assert stocked.data("lead", "/exemptions")["facts"] == {"申请": 0, "已批准": 0}


def test_r17_2_whoever_asked_does_not_approve(stocked: Offices) -> None:
    """Refused with the article of the exemption; another leader approves."""
    stocked.staff("lead", lead=Role.LEADER)
    where = stocked.done("lead", "/exemptions/request", **WISH).partition("?")[0].removeprefix("/console")
    answer = stocked.submit("lead", f"{where}/approve")
    assert (answer.status_code, "依据：渝经信发〔2021〕6号 第十七条" in answer.text) == (403, True)
    assert stocked.data("lead", where)["case"]["state"] == "requested"
    stocked.done("leader", f"{where}/approve")
    shown = stocked.data("lead", where)
    assert (shown["case"]["approver"], shown["acts"]) == ("leader", ["freeze"])
    assert acts(stocked) == [
        ("exemption.request", "lead"), ("exemption.refused", "lead"), ("exemption.approve", "leader"),
    ]  # fmt: skip


def test_r17_2_file_of_the_proof_is_kept_under_its_hash(stocked: Offices) -> None:
    """A program sends it in base64; it comes back as it was, to be saved; a script is no proof."""
    file = {"name": "投诉.pdf", "data": b64encode(PDF).decode()}
    made = stocked.call("lead", "/exemptions/request", WISH | {"file": file})
    assert made.status_code == 200, made.text
    got = stocked.at("leader").get(f"/console/exemptions/{made.json()['no']}/file")
    assert (got.content, got.headers["content-type"]) == (PDF, "application/pdf")
    assert got.headers["content-disposition"].startswith("attachment; ")
    script = {"name": "a.pdf", "data": b64encode(b"<script>").decode()}
    refused = stocked.call("lead", "/exemptions/request", WISH | {"file": script})
    assert (refused.status_code, refused.json()["code"]) == (422, "evidence_type")


def test_r17_5_file_of_an_object_shows_both_counters_and_mixes_neither(stocked: Offices) -> None:
    """Two visits, one by another authority, and no draw; who opened the file is written down (R16.2)."""
    office, day = stocked.authority.office, stocked.authority.today
    for slug in ("liangjiang", "chongqing"):
        with db.session(stocked.authority.engine, slug) as session:
            enter_visit(session, office.keyring, object_code=THING, family="JX-11", on=day, type_="special",
                        trigger="complaint")  # fmt: skip
    shown = stocked.data("lead", f"/objects/{THING}")
    assert (shown["drawn"], shown["visits"]) == (0, 2)
    visits = next(one["rows"] for one in shown["tables"] if one["title"].startswith("检查频次台账"))
    assert [one["authority"] for one in visits] == ["liangjiang", "chongqing"]
    with stocked.authority.session() as session:
        assert [(row.actor, row.object_code) for row in session.exec(select(ObjectAccess))] == [("lead", THING)]


def test_r17_5_visits_of_a_year_are_counted_by_family(stocked: Offices) -> None:
    """An exempt visit counts with what led to it, a re-check with its mark; another year's not at all."""
    office, day = stocked.authority.office, stocked.authority.today
    made = [
        ("liangjiang", "JX-11", day, {"type_": "special", "trigger": "complaint"}),
        ("chongqing", "JX-11", day, {"type_": "random"}),
        ("chongqing", "JX-11", day, {"type_": "random", "label": "recheck"}),
        ("chongqing", "JX-02", day, {"type_": "random"}),
        ("chongqing", "JX-02", day.replace(year=day.year - 1), {"type_": "random"}),
    ]
    for slug, family, on, more in made:
        with db.session(stocked.authority.engine, slug) as session:
            enter_visit(session, office.keyring, object_code=THING, family=family, on=on, **more)
    tables = stocked.data("lead", f"/objects/{THING}")["tables"]
    (rows,) = [one["rows"] for one in tables if one["title"] == f"{day.year} 年检查次数：按事项族，计全部机关"]
    assert rows == [
        {"family": "JX-02", "count": 1, "own": 1, "exempt": {}, "labels": {}},
        {"family": "JX-11", "count": 3, "own": 2, "exempt": {"群众投诉举报": 1}, "labels": {"整改复查": 1}},
    ]


def test_r17_3_indicator_counts_the_quarter(stocked: Offices) -> None:
    """One visit, outside the draw: above every threshold."""
    with stocked.authority.session() as session:
        enter_visit(session, stocked.authority.office.keyring, object_code=THING, family="JX-11",
                    on=stocked.authority.today, type_="clue")  # fmt: skip
    (row,) = stocked.data("leader", "/indicator")["rows"]
    assert (row["quarter"], row["visits"], row["exempt"], row["amber"]) == ("2026 年第 2 季度", 1, 1, True)


def test_r10_6_override_without_a_draw_is_needless(stocked: Offices) -> None:
    """Refused by article 10 on the page of overrides."""
    answer = stocked.call(
        "lead", "/plans/2026/overrides/propose", {"family": "JX-11", "object_code": THING, "reason": "复查"}
    )
    assert (answer.status_code, answer.json()["code"], answer.json()["article"]) == (
        409, "override_needless", "第十条",
    )  # fmt: skip
