"""Result codes of departments on pages (article 13, data-standards 5.2): listed, chosen several at once, kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from authority import Authority
from inspecting import Team, team
from officials import Official, officials
from plugged import plugged
from shelf import Place
from shuangsui.cli.walk import Course

OWN = "own = ['NH-1|pending|台账不全|能耗台账不全', 'NH-2|corrected|已补台账|能耗台账已补齐']"


@pytest.fixture
def one(authority: Authority) -> Team:
    """A record with something found, signed."""
    return team(authority, course=Course(("pending",), {"1": "台账不全"})).until("submit")


@pytest.fixture
def enter_at(
    authority: Authority, place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., Official]]:
    """Signs an official in where the plugin is switched on with two codes of the authority's own."""
    tenants = plugged(tmp_path / "configuration", "results-market", OWN)
    with officials(authority, place.database.app, monkeypatch, tenants) as made:
        yield made


def test_codes_are_listed_below_their_categories(authority: Authority, enter_at: Callable[..., Official]) -> None:
    """The common five before the own two, each with the wording of its documents."""
    rows = enter_at("inspection").read("/result-codes")["rows"]
    assert [row["code"] for row in rows] == [*(f"GSXT-{code}" for code in "D345G"), "NH-1", "NH-2"]
    assert {name: rows[-2][name] for name in ("label", "text", "parent_name")} == {
        "label": "台账不全", "text": "能耗台账不全", "parent_name": "发现问题待后续处理",
    }  # fmt: skip


def test_several_codes_of_one_result(one: Team, enter_at: Callable[..., Official]) -> None:
    """Chosen on the form, shown with the task; refused without its category, and when nobody knows it."""
    a = enter_at("inspection")
    path, leader = f"/tasks/{one.no}", one.people()[0]
    page = a.page(f"{path}/record").text
    assert page.count('type="checkbox" name="codes"') == 7
    submit = f"{path}/record/submit"
    loose = a.form(submit, leader=leader, categories=["pending"], codes=["NH-2"])
    assert (loose.status_code, "请同时选择该类别" in loose.text) == (422, True)
    given = {"leader": leader, "categories": ["pending"], "codes": ["XX"]}
    assert a.call(submit, given).json()["code"] == "result_code_unknown"
    a.done(submit, leader=leader, categories=["pending"], codes=["GSXT-5", "NH-1"])
    shown = a.read(path)["results"][0]["codes"]
    assert [(code["code"], code["text"]) for code in shown] == [
        ("GSXT-5", "违反其他部门相关规定"), ("NH-1", "能耗台账不全"),
    ]  # fmt: skip
    page = a.page(path).text
    assert "GSXT-5 违反其他部门相关规定、NH-1 台账不全" in page
    assert page.count('type="checkbox" name="codes"') == 1


def test_without_a_plugin_nothing_is_to_be_chosen(one: Team, enter: Callable[..., Official]) -> None:
    """The field is left out, the list says why it is empty."""
    a = enter("inspection")
    assert 'name="codes"' not in a.page(f"/tasks/{one.no}/record").text
    listed = a.read("/result-codes")
    assert (listed["count"], listed["notes"]) == (
        0, ["本机关没有启用登记部门结果代码的插件：检查结果只选结果类别。"],
    )  # fmt: skip
    a.done(f"/tasks/{one.no}/record/submit", leader=one.people()[0], categories=["pending"])
    assert a.read(f"/tasks/{one.no}")["results"][0]["codes"] == []
