"""A draw begun in four steps: what each step says is what the freeze then does, and none of them writes anything."""

from __future__ import annotations

import re
from html import unescape

from sqlmodel import func, select

from authority import SUPERVISOR
from by_pages import freeze, plan
from console import PAGE
from offices import Offices
from shuangsui.errors import RuleRefused
from shuangsui.ledger.tables import LedgerEntry
from shuangsui.texts import sentence
from shuangsui.web.languages import labels

STEP = "/draws/new?line=2026-1&round=1&step={}"


def facts(offices: Offices, step: int) -> dict[str, str]:
    """What a step says."""
    found: dict[str, str] = offices.data("lead", STEP.format(step))["facts"]
    return found


def entries(offices: Offices) -> int:
    """How many acts the ledger holds."""
    with offices.authority.session() as session:
        return session.exec(select(func.count()).select_from(LedgerEntry)).one()


def test_r8_1_the_first_step_offers_what_may_be_drawn(stocked: Offices) -> None:
    """A published line and its next round; without a plan, what to do first."""
    assert "还没有公布的年度计划" in stocked.page("lead", "/draws/new")
    plan(stocked)
    page = stocked.page("lead", "/draws/new")
    assert 'href="/console/draws/new?line=2026-1&amp;round=1"' in page
    freeze(stocked)
    (shut,) = (one["rows"] for one in stocked.data("lead", "/draws/new")["tables"])
    assert [(row["line"], row["why"]) for row in shut] == [("2026-1", "各次都已经抽取")]


def test_r8_1_the_steps_say_what_the_freeze_then_does(stocked: Offices) -> None:
    """Pool, quota and people of the rehearsal are those of the draft; nothing is written before the freeze."""
    plan(stocked)
    before = entries(stocked)
    objects, people = facts(stocked, 1), facts(stocked, 2)
    strata = stocked.data("lead", STEP.format(1))["tables"][0]["rows"]
    assert entries(stocked) == before
    draw = freeze(stocked)
    draft = stocked.at("supervisor").get(f"/console{draw}/draft.json").json()
    assert objects["名录中该事项的对象"] == f"{draft['snapshot']['n']} 家"
    assert objects["抽取"] == f"{sum(draft['quota'].values())} 家"
    assert (
        people[labels()["pool"]["teams"]]
        == f"可抽 {len(draft['teams']['people'])} 人，每项任务 {draft['teams']['size']} 人"
    )
    assert {row["quota"] for row in strata if row["quota"]} == {n for n in draft["quota"].values() if n}


def test_r8_1_whoever_is_kept_out_stands_there_with_the_reason(stocked: Offices) -> None:
    """Found by a part of the name; the rest of the address is kept by the form of the filter."""
    plan(stocked)
    code = stocked.data("lead", "/objects")["rows"][7]["code"]
    stocked.authority.retire(code)
    page = stocked.page("lead", STEP.format(1) + f"&q={code}")
    assert (f'href="/console/objects/{code}"' in page, page.count('href="/console/objects/5001')) == (True, 1)
    assert '<input type="hidden" name="line" value="2026-1">' in page


def test_r8_1_the_last_step_freezes_and_a_refusal_keeps_what_was_typed(stocked: Offices) -> None:
    """On the same page; the holders of the draw before are filled in for the next one."""
    plan(stocked)
    path = STEP.format(3).replace("/draws/new", "/draws/new/freeze")
    refused = stocked.submit("lead", path, line="2026-1", round="1", holders=["有空格 的"], digits="20")
    text = unescape(refused.text)
    assert (refused.status_code, "有空格 的" in text, "冻结并" in text or "确认并冻结" in text) == (422, True, True)
    where = stocked.done("lead", path, line="2026-1", round="1", holders=[SUPERVISOR], digits="20")
    assert re.match(r"/console/draws/2026-0001\?", where)


def test_r8_7_what_stands_against_a_draw_is_said_at_the_first_step(stocked: Offices) -> None:
    """The sentence of the freeze, and no way onward."""
    plan(stocked)
    refused = sentence(RuleRefused("round_drawn", article="第八条", line=1, round=1, draw=freeze(stocked)[7:]))
    page = unescape(stocked.page("lead", STEP.format(1)))
    assert (refused in page, "下一步" in page) == (True, False)


def test_only_who_may_freeze_begins_a_draw(stocked: Offices) -> None:
    """Others see draws and no beginning of one."""
    assert stocked.at("supervisor").get("/console/draws/new", headers=PAGE).status_code == 403
