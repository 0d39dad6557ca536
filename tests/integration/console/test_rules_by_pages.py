"""Rules under administration by pages: draft, preview, a second person, effect, rollback; errors where they arise."""

from __future__ import annotations

from typing import Any

import pytest

from console import DATA, PAGE
from offices import Offices
from shuangsui.rules import revising
from shuangsui.rules.fixed import FIXED
from shuangsui.rules.keys import KEYS
from shuangsui.rules.revisions import Change

KEY = "publication.days"


def draft(offices: Offices, key: str, value: object, **more: str) -> int:
    """The number of the draft into which the change was written."""
    said = {"value": value, "article": "第二条", "mode": "free"} | more
    answer = offices.call("lead", f"/rules/{key}/revise", said)
    assert answer.status_code < 300, answer.text
    return int(answer.json()["n"])


def enact(offices: Offices, n: int) -> str:
    """Proposed for today, approved by the leader; the day."""
    today = offices.authority.today.isoformat()
    offices.done("lead", f"/rules/revisions/{n}/propose", valid_from=today, reason="试点")
    offices.done("leader", f"/rules/revisions/{n}/approve")
    return today


def value(offices: Offices, key: str = KEY, login: str = "lead") -> Any:
    """What the page of the key says is in force."""
    return offices.data(login, f"/rules/{key}")


def test_rule_goes_from_draft_to_effect_and_back_by_pages(offices: Offices) -> None:
    """Two people at each turn; the page of the key names the revision, its basis and its history."""
    offices.done("lead", f"/rules/{KEY}/revise", value="15", article="第二条", mode="free", own_basis="某〔2026〕1号")
    page = offices.data("lead", "/rules/revisions/1")
    assert (page["revision"]["state"], page["acts"]) == ("draft", ["drop", "propose", "withdraw"])
    assert value(offices)["value"] == 20
    enact(offices, 1)
    now = value(offices)
    assert (now["value"], now["place"], now["basis"], now["revision"]) == (
        15,
        "规则修订 1 号",
        "某〔2026〕1号 第二条",
        1,
    )
    assert [one["n"] for one in now["history"]] == [1]
    today = offices.authority.today.isoformat()
    offices.done("lead", "/rules/revisions/1/rollback", valid_from=today, reason="试点结束")
    assert value(offices)["value"] == 15
    offices.done("leader", "/rules/revisions/2/approve")
    now = value(offices)
    assert (now["value"], now["revision"], [one["n"] for one in now["history"]]) == (20, None, [2, 1])
    assert offices.data("lead", "/rules/revisions/1")["acts"] == []


def test_list_of_rules_is_filtered(offices: Offices) -> None:
    """By words and by where a rule comes from."""
    draft(offices, KEY, 15), enact(offices, 1)
    every = offices.data("lead", "/rules")["rows"]
    revised = offices.data("lead", "/rules?origin=revised")["rows"]
    assert [(one["key"], one["pack"]) for one in revised] == [(KEY, "chongqing")]
    assert offices.data("lead", "/rules?origin=local")["rows"] == revised
    inherited = offices.data("lead", "/rules?origin=inherited")["rows"]
    assert len(inherited) == len(every) - 1
    locked = offices.data("lead", "/rules?origin=locked")["rows"]
    assert {one["mode"] for one in locked} == {"floor", "ceiling", "locked"}
    assert [one["key"] for one in offices.data("lead", "/rules?q=PUBLICATION.DAYS")["rows"]] == [
        KEY, "publication.days_after_testing"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("draw.general_min_one", "false"), ("publication.channels", ["portal", "credit"]), ("plan.due", "03-15"),
        ("publication.alarm_percents", "30\n60"), ("draw.least_percent", "FLAG=20\nA=2"),
        ("frequency.year", "plan"), ("team.min_officers", "3"),
    ],
)  # fmt: skip
def test_every_kind_of_key_has_a_form_of_its_own(offices: Offices, key: str, said: object) -> None:
    """Opened by the page, sent by a browser."""
    page = offices.at("lead").get(f"/console/rules/{key}", headers=PAGE)
    assert (page.status_code, 'name="value"' in page.text) == (200, True)
    filled = {} if said == "false" else {"value": said}
    offices.done("lead", f"/rules/{key}/revise", article="第二条", mode="free", **filled)
    assert [one["key"] for one in offices.data("lead", "/rules/revisions/1")["revision"]["changes"]] == [key]


def test_fixed_key_is_shown_as_such_and_has_no_form(offices: Offices) -> None:
    """What has one value only cannot be changed by anybody; whoever sends another one all the same reads why."""
    key, why = "visit.show_certificate", "办法第十三条第一款：没有登记出示执法证件的，检查记录不能签字"
    page = offices.at("lead").get(f"/console/rules/{key}", headers=PAGE)
    assert (page.status_code, 'name="value"' in page.text, why in page.text) == (200, False, True)
    shown = value(offices, key)
    assert (shown["title"], shown["facts"]["规则键"], shown["acts"]) == ("应当出示行政执法证", key, [])
    assert (shown["facts"]["能否修改"], shown["fixed"], shown["mode_name"]) == (
        f"固定，不能修改。{why}。",
        True,
        "固定",
    )
    refused = offices.call("lead", f"/rules/{key}/revise", {"value": False, "article": "第二条"}).json()
    assert (refused["code"], f"只能取 true（{why}）" in refused["detail"]) == ("revision_value", True)
    fixed = {one["key"]: one["mode_name"] for one in offices.data("lead", "/rules?origin=fixed")["rows"]}
    assert fixed == dict.fromkeys(FIXED, "固定")


def test_list_names_the_file_and_the_page_its_folder(offices: Offices) -> None:
    """The layer stands beside the file; one key has room for the whole path."""
    (row,) = offices.data("lead", "/rules?q=draw.alternates")["rows"]
    shown = value(offices, "draw.alternates")
    assert (shown["place"], row["source"]) == (row["place"], row["place"].removeprefix("shuangsui/data/rules/"))
    assert shown["place"].startswith("shuangsui/data/rules/shuangsui-defaults.toml:")


def test_live_errors_name_what_binds(offices: Offices) -> None:
    """The key's limits by the form, a bound of an outer layer with its article, an unknown key like a missing one."""
    assert (
        offices.call("lead", f"/rules/{KEY}/revise", {"value": 0, "article": "第二条"}).json()["code"] == "form_invalid"
    )
    refused = offices.call("lead", "/rules/team.min_officers/revise", {"value": 1, "article": "第二条"}).json()
    assert (refused["code"], refused["article"]) == ("rule_loosened", "《行政处罚法》第四十二条")
    assert (
        offices.call("lead", "/rules/no.key/revise", {"value": 1, "article": "第二条"}).json()["code"] == "rule_unknown"
    )


def test_matrix_shows_who_differs_and_what_is_locked(offices: Offices) -> None:
    """One district publishes earlier; the city binds every one by a ceiling."""
    district = offices.authority.beside("yuzhong")
    with district.session() as session:
        said = {"trial": lambda _: None, "today": offices.authority.today}
        change = Change(KEY, "set", 12, "第三条", own_basis="渝中〔2026〕2号")
        n = revising.draft(session, [change], actor="lead", **said).n
        revising.propose(session, n, offices.authority.today, "从严", actor="lead", **said)
        revising.approve(session, n, actor="leader", **said)
    rows = offices.data("lead", "/rules/matrix?q=publication.days")["rows"]
    assert [(one["key"], one["differs"], one["yuzhong"]) for one in rows] == [
        (KEY, ["liangjiang", "yuzhong"], "≠ 12 工作日（渝中〔2026〕2号 第三条）")
    ]
    draft(offices, KEY, 15, mode="ceiling"), enact(offices, 1)
    locked = {one["key"]: one["mode_name"] for one in offices.data("lead", "/rules/matrix?show=locked")["rows"]}
    assert locked[KEY] == "上限"
    assert {one["key"] for one in offices.data("lead", "/rules/matrix?show=all")["rows"]} == {*KEYS}
    answer = offices.at("lead").get("/api/rules/matrix?show=x", headers=DATA)
    assert answer.json()["code"] == "rule_matrix_show"
