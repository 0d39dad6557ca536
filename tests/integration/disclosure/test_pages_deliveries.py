"""公示事项 at the console: what stands on the page of each, and what a person may do there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from authority import Authority
from inspecting import Team, team
from officials import Official
from shuangsui import db
from shuangsui.access.policy import Role
from shuangsui.disclosure.policy import DeliveryState
from shuangsui.disclosure.tables import Delivery
from shuangsui.draws.freezing import legal_day


@pytest.fixture
def path(authority: Authority, enter: Callable[..., Official]) -> str:
    """The page of one result that has been published on the page of its ruling."""
    one: Team = team(authority).whole()
    lead = enter("lead")
    lead.done(f"/rulings/{one.no}/publish")
    (row,) = lead.read("/disclosures")["rows"]
    return f"/disclosures/{row['kind']}/{row['key']}"


def sent(official: Official, path: str) -> dict[str, dict[str, Any]]:
    """Channel → delivery."""
    return {row["channel"]: row for row in official.read(path)["deliveries"]}


def today(authority: Authority) -> str:
    with authority.session() as session:
        return legal_day(db.now(session)).isoformat()


def test_page_shows_term_with_its_derivation_and_every_channel(path: str, enter: Callable[..., Official]) -> None:
    """Due date and why, state, attempts, last error and receipt of each channel; the form to try again."""
    lead = enter("lead")
    shown = lead.read(path)
    assert (shown["due"], shown["standing_name"]) == ("2026-07-14", "部分渠道已公开")
    assert shown["derivation"] == "自 2026-06-15（检查结束）起 20 个工作日"
    page = lead.page(path).text
    assert ("自 2026-06-15（检查结束）起 20 个工作日" in page, "剩 20 个工作日" in page) == (True, True)
    (table,) = [one for one in shown["tables"] if one["title"] == "各渠道的送达"]
    headings = ("渠道", "依规定", "状态", "尝试次数", "最近的错误", "回执", "确认时间", "下次尝试")
    assert [name for name in headings if not re.search(f">{name}(</a>)?</th>", page)] == []
    states = {row["channel"]: (row["state_name"], row["attempts"]) for row in table["rows"]}
    assert states == {"channel-portal/portal": ("已确认", 1), "by-hand/credit": ("等待送达", 0)}
    assert sent(lead, path)["channel-portal/portal"]["reference"].endswith(".json")


def derivation(official: Official, path: str) -> list[dict[str, Any]]:
    """Where the term of a thing is derived day by day, as the page says."""
    found = [one["rows"] for one in official.read(path)["tables"] if one["title"] == "逐日推算"]
    return list(found[0]) if found else []


def test_r14_1_page_leads_to_the_derivation_day_by_day(path: str, enter: Callable[..., Official]) -> None:
    """One step from what is public to every day that counts."""
    lead = enter("lead")
    (row,) = derivation(lead, path)
    assert (row["due"], row["part"]) == ("2026-07-14", "1")
    assert f'href="/console/due/{row["no"]}/1"' in lead.page(path).text
    assert lead.read(f"/due/{row['no']}/{row['part']}")["due"] == "2026-07-14"


def test_r14_8_notice_is_due_when_the_result_is_that_it_stands_for(
    authority: Authority, enter: Callable[..., Official]
) -> None:
    """The placeholder too; both lead to the same days, and the notice stays due until it has arrived."""
    one: Team = team(authority).whole()
    lead, leader = enter("lead"), enter("leader", Role.LEAD_OFFICE)
    law = {"basis": "《中华人民共和国保守国家秘密法》第十三条", "scope": "检查对象的生产能力"}
    lead.done(f"/rulings/{one.no}/withhold", **law, notify="市统计局")
    leader.done(f"/rulings/{one.no}/approve")
    rows = {row["kind"]: row for row in lead.read("/disclosures")["rows"]}
    assert {kind: row["due"] for kind, row in rows.items()} == {"notice": "2026-07-14", "withheld": "2026-07-14"}
    paths = [f"/disclosures/{kind}/{row['key']}" for kind, row in rows.items()]
    assert [[(row["no"], row["part"]) for row in derivation(lead, path)] for path in paths] == [[(one.no, "1")]] * 2
    assert "剩 20 个工作日" in lead.page(f"/disclosures/notice/{rows['notice']['key']}").text


def test_receipt_by_hand_completes_the_publication(
    path: str, authority: Authority, enter: Callable[..., Official]
) -> None:
    """For whoever publishes; then nothing is left to enter."""
    lead = enter("lead")
    waiting = sent(lead, path)["by-hand/credit"]["id"]
    form = {"delivery": waiting, "reference": "渝信〔2026〕1号", "seen_on": today(authority)}
    assert enter("inspection", Role.INSPECTION_OFFICE).refused(f"{path}/receipt", **form)[:2] == (403, "not_allowed")
    lead.done(f"{path}/receipt", **form)
    shown = lead.read(path)
    assert (shown["standing"], shown["term"]["met"]) == ("published", today(authority))
    assert "receipt" not in lead.offers(path)
    assert lead.refused(f"{path}/receipt", **form)[1] == "delivery_closed"


def test_dead_letter_is_started_again_with_a_button(
    path: str, authority: Authority, enter: Callable[..., Official]
) -> None:
    """Its sentence stands on the page until then."""
    lead = enter("lead")
    id_ = sent(lead, path)["channel-portal/portal"]["id"]
    with authority.session() as session:
        (row,) = [one for one in session.exec(select(Delivery)) if str(one.id) == id_]
        row.state, row.error = DeliveryState.REFUSED, {"code": "channel_gone", "params": {"channel": "channel-portal"}}
        session.add(row)
    assert lead.read(path)["standing"] == "refused"
    assert "所属的插件没有启用" in lead.page(path).text
    lead.done(f"{path}/retry", delivery=id_)
    assert sent(lead, path)["channel-portal/portal"]["state"] == "handed_over"


def test_r14_10_correction_and_taking_down_on_the_page(path: str, enter: Callable[..., Official]) -> None:
    """Accepted, put right in sight, taken down by the leader."""
    lead, leader = enter("lead"), enter("leader", Role.LEADER)
    lead.done(f"{path}/accept", wrong="企业名称写错")
    assert lead.refused(f"{path}/accept", wrong="企业名称写错")[1] == "correction_open"
    lead.done(f"{path}/correct", field="object_name", value="更正后的企业(模拟)", note="企业名称更正")
    shown = lead.read(path)
    assert (shown["revision"], shown["about"].split("：")[0]) == (2, "更正后的企业(模拟)")
    assert lead.refused(f"{path}/withdraw", note="处理决定被撤销")[:2] == (403, "not_allowed")
    leader.done(f"{path}/withdraw", note="处理决定被撤销")
    assert set(lead.read(path)["acts"]) <= {"receipt", "retry"}


def test_what_does_not_exist_is_missing(path: str, enter: Callable[..., Official]) -> None:
    """By its kind and number."""
    lead = enter("lead")
    for wrong in (f"{path}9", path.replace("/result/", "/round/"), path.replace("/result/", "/nothing/")):
        assert lead.page(wrong).status_code == 404
