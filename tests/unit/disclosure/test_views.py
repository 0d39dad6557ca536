"""From the areas' own words to those of the public pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from disclosing import OFFICERS, of_result
from shuangsui.catalogue.derivation import read_ratio_as
from shuangsui.disclosed import DisclosedFinding, WithheldContent
from shuangsui.disclosure import views

DRAW = {
    "no": "2026-0001", "item_name": "某事项", "round": 2, "cause": "line", "line": 1,
    "state": "drawn", "void_reason": "", "objections": [],
    "snapshot": {"n": 100}, "strata": [{"quota": 3}, {"quota": 4}], "events": [{"at": "2026-12-01T03:00:00Z"}],
    "times": {"PLAN": "2026-12-01T02:00:00Z", "RESULT": "2026-12-01T03:05:00Z"}, "abandon": None,
    "tasks": [
        {"object": {"code": "A1", "name": "某公司"}},
        {"object": None},
    ],
}  # fmt: skip
DAY = "2026-03-01T00:00:00Z"
LINE = {
    "no": 1, "item": "JX-1", "item_name": "某事项", "item_class": "general", "starts": "2026-01-01",
    "ends": "2026-12-31", "ratios": {"ALL": "1/20"}, "districts": [], "industries": [], "rounds": 2, "batches": 0,
    "team": {"size": 2, "qualification": ""}, "experts": None,
}  # fmt: skip
PLAN = {
    "year": 2026, "version": 1, "approved_at": "2026-02-01T00:00:00Z", "reason": "", "lines": [LINE], "unplanned": [],
}  # fmt: skip


def line(**changes):
    """The page's line for a plan's line with these changes."""
    plan = {**PLAN, "lines": [{**LINE, **changes}]}
    return views.plan_page(plan, [DRAW], {"JX-1": "现场检查"})["lines"][0]


def test_summary_of_a_drawn_draw():
    """Rows frozen, objects to draw, and when it was settled."""
    assert views.draw_summary(DRAW) == {
        "no": "2026-0001", "title": "某事项第 2 次抽取", "item": "某事项", "state": "drawn", "n": 100, "quota": 7,
        "at": "2026-12-01T03:00:00Z", "settled_at": "2026-12-01T03:05:00Z", "reason": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "shown"),
    [("committed", "committed"), ("revealing", "committed"), ("drawn", "drawn"), ("void", "void")],
)
def test_state_as_the_public_tells_it_apart(state, shown):
    """Whether somebody has revealed yet changes nothing for a reader; a void result is told apart."""
    assert views.draw_summary({**DRAW, "state": state})["state"] == shown


@pytest.mark.parametrize("state", ["frozen", "withdrawn"])
def test_hidden_draw_has_no_summary(state):
    """It is a mistake to ask for one."""
    with pytest.raises(KeyError):
        views.draw_summary({**DRAW, "state": state})


def test_abandoned_draw_says_when_and_why():
    """There is no result's time."""
    end = {"times": {"ABANDON": "2026-12-01T04:00:00Z"}, "abandon": {"reason": "legal-order"}}
    found = views.draw_summary({**DRAW, **end, "state": "abandoned"})
    assert (found["settled_at"], found["reason"]) == ("2026-12-01T04:00:00Z", "legal-order")


def test_only_opened_objects_have_a_name():
    """The others do not even have a code."""
    assert views.about_draw(DRAW).objects == {"A1": "某公司"}


def test_void_result_says_so_in_its_title():
    """Wherever the draw is named."""
    assert views.draw_title({**DRAW, "void_reason": "名录有误"}) == "某事项第 2 次抽取（结果作废：名录有误）"


def test_r7_2_line_of_a_plan():
    """R7.2: every column in words, and the rounds already drawn."""
    assert line() == {
        "no": 1, "item": "某事项", "item_code": "JX-1", "class": "general", "scope": "名录库中全部适用对象",
        "ratio": "5%", "ratios": [{"stratum": "ALL", "ratio": "5%"}], "frequency": "全年 2 次",
        "time": "2026-01-01 至 2026-12-31", "starts": "2026-01-01", "ends": "2026-12-31", "mode": "现场检查",
        "method": "现场检查", "batches": 0, "team": "每组 2 名执法检查人员", "team_size": 2, "experts": 0,
        "rounds": [{"no": "2026-0001", "state": "drawn"}], "rounds_planned": 2,
        "ended": None, "unplanned": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"districts": ["渝中区", "南岸区"]}, "scope", "渝中区、南岸区的对象"),
        ({"industries": ["C26"]}, "scope", "行业代码以 C26 开头"),
        ({"ratios": {"FLAG": "1/10", "A": "1/100"}}, "ratio", "有违法违规记录的对象 10%；A 类 1%"),
        ({"batches": 4}, "mode", "现场检查，分 4 批检查全部对象"),
        ({"experts": {"size": 1, "qualification": ""}}, "team", "每组 2 名执法检查人员，1 名专家"),
        ({"no": 2}, "rounds", []),
    ],
)
def test_line_of_a_plan_in_words(changes, column, words):
    """Strata by name as soon as there are several."""
    assert line(**changes)[column] == words


ITEM = {
    "code": "JX-1", "name": "某事项", "item_class": "general", "key_ground": None, "content": "内容", "basis": "依据",
    "method": "现场检查", "ratio_text": "市级不超过3%，区县不超过5%", "frequency_text": "每年1次",
    "publication": "公开", "office": "某处", "extra": {"备注": "无"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("item_class", "level", "cap"),
    [("general", "municipal", "3%"), ("general", "district", "5%"), ("key", "district", None)],
)
def test_cap_is_that_of_the_authoritys_level(item_class, level, cap):
    """A key item has none (article 5); the wording is shown as it was approved."""
    item = {**ITEM, "item_class": item_class, "ratio": read_ratio_as(ITEM["ratio_text"])}
    view = {
        "version": 1,
        "digest": "ab",
        "approver_role": None,
        "approved_at": None,
        "published_at": DAY,
        "items": [item],
    }
    (row,) = views.catalogue_page(view, level)["rows"]
    assert (row["cap"], row["ratio"], row["extra"]) == (cap, ITEM["ratio_text"], [{"label": "备注", "text": "无"}])


def test_list_of_items_without_approval_shows_the_day_of_publication():
    """A district's own rule may do without the leader's approval."""
    view = {"version": 3, "digest": "ab", "approver_role": None, "approved_at": None, "published_at": DAY, "items": []}
    page = views.catalogue_page(view, "district")
    assert (page["approver"], page["approved_on"], page["published_on"], page["rows"]) == (None, DAY, DAY, [])


def test_r14_7_row_of_a_withheld_result_names_nobody():
    """Only the item, the day, and on what basis."""
    content = WithheldContent(1, "某事项", "2026-0001", "依法不予公开的结果不公示")
    row = views.result_row(content, date(2026, 12, 9))
    assert row == {
        "item": "某事项", "published_on": date(2026, 12, 9), "withheld": "依法不予公开的结果不公示", "withdrawn": None
    }  # fmt: skip


def test_r14_10_row_of_a_withdrawn_result_names_nobody():
    """Only the item, the days, and why."""
    gone = {"on": date(2026, 12, 20), "note": "处理决定被撤销"}
    row = views.result_row(of_result(1), date(2026, 12, 9), withdrawn=gone)
    assert row == {
        "item": of_result(1).item.name, "published_on": date(2026, 12, 9), "withheld": None, "withdrawn": gone
    }  # fmt: skip


def test_result_row_counts_the_people_who_were_there():
    """A single finding other than none is a problem; a department's code stands behind its category."""
    found = (DisclosedFinding("corrected", "消防通道堵塞", "fire.03"),)
    content = replace(of_result(1), findings=found, officers=OFFICERS[:1], follows="2026-0001-0")
    row = views.result_row(content, date(2026, 12, 9))
    assert (row["follows"], row["followed_by"]) == ("2026-0001-0", None)
    assert (row["categories"], row["details"]) == (["发现问题经责令已改正"], ["消防通道堵塞"])
    assert (row["team_size"], row["problem"], row["outcome"], row["published_on"]) == (
        1,
        True,
        "发现问题经责令已改正、消防通道堵塞",
        date(2026, 12, 9),
    )


def test_r2_1_draw_of_people_only_is_called_by_its_cause_and_never_random():
    """R2.1: a special inspection says 专项检查; the word 双随机 does not occur."""
    view = {**DRAW, "cause": "special", "round": None, "line": None}
    assert views.draw_title(view) == "某事项：随机选派执法检查人员（专项检查）"
    assert views.draw_title({**view, "cause": "joint"}) == "某事项：随机选派执法检查人员（部门联合抽查）"
